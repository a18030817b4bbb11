import { isRecord, VogError } from '@vogjs/base';

/** Which end of a score is hard. */
export type HardDirection = 'high' | 'low';

/** One column of scores: a metric, or one of its outputs, in one window. */
export interface ScoreColumn {
  /** Name in the table: see `columnName`. */
  readonly name: string;
  readonly metric: string;
  readonly column: string;
  readonly window: string;
  readonly hardDirection: HardDirection;
  readonly checkpoints: number;
  readonly notes: readonly string[];
  /** What it measures, where its scores say so: reports take it before what they know of the metric's name. */
  readonly words?: { readonly title: string; readonly meaning: string } | undefined;
}

/** What `columnName` goes by. */
export type ColumnParts = Pick<ScoreColumn, 'metric' | 'column' | 'window'>;

/** `vog` over the whole training, `vog@late` in a window, `data-maps.confidence` for one output of several. */
export function columnName({ metric, column, window }: ColumnParts): string {
  const output = column === metric || column === 'value' ? metric : `${metric}.${column}`;
  return window === 'complete' ? output : `${output}@${window}`;
}

/** Names of columns that are no scores. */
const FIXED_COLUMNS = ['id', 'path', 'label', 'predicted', 'suggested', 'percentile'] as const;
/** What the names of columns of facts about examples begin with. */
export const META_PREFIX = 'meta.';

export function checkScoreName(name: string): void {
  const taken = (FIXED_COLUMNS as readonly string[]).includes(name) || name.startsWith(META_PREFIX);
  if (!taken && name !== '') return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `A score column cannot be called '${name}'. ${FIXED_COLUMNS.join(', ')} and names that begin with ${META_PREFIX} have their own meaning.`,
  );
}

/** Whether a file's words describe a score column. */
export function isScoreColumn(value: unknown): value is ScoreColumn {
  if (!isRecord(value)) return false;
  const { name, metric, column, window, hardDirection, checkpoints, notes, words } = value;
  return (
    [name, metric, column, window].every((each) => typeof each === 'string') &&
    (hardDirection === 'high' || hardDirection === 'low') &&
    typeof checkpoints === 'number' &&
    Array.isArray(notes) &&
    (words === undefined ||
      (isRecord(words) && typeof words['title'] === 'string' && typeof words['meaning'] === 'string'))
  );
}
