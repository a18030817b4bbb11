import { parseJson, shown, VogError } from '@vogjs/base';
import { percentilesOf } from '@vogjs/statistics';
import type { RunStorage } from '../storage/storage.js';
import { encodeColumns, openTable, type Table, type TableColumn } from './parquet.js';
import { checkScoreName, columnName, isScoreColumn, META_PREFIX, type ScoreColumn } from './score-column.js';

export const SCORES = 'scores.parquet';

export type ExampleId = string | number;
/** A fact about an example that is no score: a group, a size, a feature of a table. */
export type MetaValues = ArrayLike<number | string | boolean | null>;

/** Scores to write: those of a tracker's `columns()` fit. */
export interface ScoresToWrite extends Omit<ScoreColumn, 'name' | 'notes'> {
  /** Default: `columnName`. */
  readonly name?: string;
  readonly notes?: readonly string[];
  /** `[N]`; NaN where there is none. */
  readonly values: Float32Array;
}

/** What the table of a run is made of; every list has one entry an example, in one order. */
export interface ScoresTableInit {
  readonly ids: readonly ExampleId[];
  /** File of each example, relative to the data's folder. */
  readonly paths?: readonly string[] | undefined;
  readonly labels?: Int32Array | undefined;
  /** Class that the last checkpoint predicts; -1 where there is none. */
  readonly predicted?: Int32Array | undefined;
  /** Class that `findIssues` suggests in the label's place; -1 where there is none. */
  readonly suggested?: Int32Array | undefined;
  readonly scores: readonly ScoresToWrite[];
  readonly meta?: Readonly<Record<string, MetaValues>> | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** The score column whose percentile the table has; default the first. */
  readonly primary?: string | undefined;
}

/** The one scores table of a run, read column by column. */
export interface ScoresTable {
  readonly examples: number;
  readonly columns: readonly ScoreColumn[];
  /** Names of all columns of the file: `id`, `label`, scores, `meta.…`. */
  readonly columnNames: readonly string[];
  /** Names of facts about examples, without their prefix. */
  readonly metaNames: readonly string[];
  readonly classNames: readonly string[] | null;
  readonly primary: string | null;
  ids(): Promise<ExampleId[]>;
  /** Null where the run has none; the same for labels, predictions and suggestions. */
  paths(): Promise<string[] | null>;
  labels(): Promise<Int32Array | null>;
  predicted(): Promise<Int32Array | null>;
  suggested(): Promise<Int32Array | null>;
  /** Values of a score column, `[N]`. */
  values(name: string): Promise<Float32Array>;
  /** Percentile of the primary column, 0 to 100, the hardest near 100 whichever direction is hard. */
  percentile(): Promise<Float32Array | null>;
  meta(name: string): Promise<(number | string | boolean | null)[]>;
}

/**
 * @throws VogError ARGUMENT_INVALID for lists of unlike length and a name that is taken or given twice, IDS_DUPLICATE
 */
export async function encodeScores(init: ScoresTableInit): Promise<Uint8Array> {
  const size = init.ids.length;
  const columns: TableColumn[] = [idColumn(init.ids)];
  const add = (column: TableColumn): void => {
    if (column.data.length !== size) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `Column '${column.name}' has ${column.data.length} entries for ${size} examples. Give one for each, in one order.`,
      );
    }
    if (columns.some(({ name }) => name === column.name)) {
      throw new VogError('ARGUMENT_INVALID', `There are two columns '${column.name}'. Give one of them another name.`);
    }
    columns.push(column);
  };
  if (init.paths !== undefined) add({ name: 'path', type: 'STRING', nullable: false, data: [...init.paths] });
  for (const name of ['label', 'predicted', 'suggested'] as const) {
    const data = name === 'label' ? init.labels : init[name];
    if (data !== undefined) add({ name, type: 'INT32', nullable: false, data });
  }
  const described: ScoreColumn[] = [];
  for (const { values, name: given, notes = [], ...facts } of init.scores) {
    const name = given ?? columnName(facts);
    checkScoreName(name);
    described.push({
      name,
      metric: facts.metric,
      column: facts.column,
      window: facts.window,
      hardDirection: facts.hardDirection,
      checkpoints: facts.checkpoints,
      notes,
      // JSON leaves out what is undefined.
      words: facts.words,
    });
    add({ name, data: values });
  }
  const primary = primaryOf(described, init.primary);
  if (primary !== null) {
    const values = init.scores[described.indexOf(primary)]?.values as Float32Array;
    const { hardDirection } = primary;
    add({ name: 'percentile', data: Float32Array.from(percentilesOf({ values, hardDirection })) });
  }
  for (const [name, values] of Object.entries(init.meta ?? {})) add(metaColumn(name, values));
  return encodeColumns(columns, {
    version: '1',
    columns: JSON.stringify(described),
    classNames: JSON.stringify(init.classNames ?? null),
    primary: JSON.stringify(primary?.name ?? null),
  });
}

export async function openScores(storage: RunStorage, examples: number): Promise<ScoresTable> {
  const table = await openTable(storage, SCORES);
  const invalid = (why: string): VogError =>
    new VogError('RUN_INVALID', `${SCORES} of ${storage.place} ${why}. Restore it from a copy, or make the run again.`);
  if (table.rows !== examples) throw invalid(`has ${table.rows} rows, and run.json says ${examples}`);
  const columns = factOf(table, 'columns', invalid) as ScoreColumn[];
  if (!Array.isArray(columns) || !columns.every(isScoreColumn)) throw invalid('does not list its score columns');
  const missing = columns.find(({ name }) => !table.columnNames.includes(name));
  if (missing !== undefined) throw invalid(`lists the column '${missing.name}', which it does not have`);
  const has = (name: string): boolean => table.columnNames.includes(name);
  const integers = async (name: string): Promise<Int32Array | null> =>
    has(name) ? Int32Array.from((await table.column(name)) as ArrayLike<number>) : null;
  return {
    examples,
    columns,
    columnNames: table.columnNames,
    metaNames: table.columnNames.filter((name) => name.startsWith(META_PREFIX)).map((n) => n.slice(META_PREFIX.length)),
    classNames: factOf(table, 'classNames', invalid) as string[] | null,
    primary: factOf(table, 'primary', invalid) as string | null,
    ids: async () => Array.from(await table.column('id')) as ExampleId[],
    paths: async () => (has('path') ? (Array.from(await table.column('path')) as string[]) : null),
    labels: () => integers('label'),
    predicted: () => integers('predicted'),
    suggested: () => integers('suggested'),
    async values(name) {
      if (!columns.some((column) => column.name === name)) {
        const known = columns.map((column) => column.name).join(', ');
        throw new VogError('ARGUMENT_INVALID', `This run has no score column '${name}'. It has: ${known}.`);
      }
      return floats(await table.column(name));
    },
    percentile: async () => (has('percentile') ? floats(await table.column('percentile')) : null),
    meta: async (name) => Array.from(await table.column(META_PREFIX + name)) as (number | string | boolean | null)[],
  };
}

/** The column that the table of these scores is sorted by; null without scores. */
export function primaryName({ primary, scores }: Pick<ScoresTableInit, 'primary' | 'scores'>): string | null {
  const [first] = scores;
  return primary ?? (first && (first.name ?? columnName(first))) ?? null;
}

function primaryOf(columns: readonly ScoreColumn[], name: string | undefined): ScoreColumn | null {
  if (name === undefined) return columns[0] ?? null;
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  throw new VogError(
    'ARGUMENT_INVALID',
    `The primary score '${name}' is not one of the columns: ${columns.map((column) => column.name).join(', ')}.`,
  );
}

function idColumn(ids: readonly ExampleId[]): TableColumn {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(String(id))) {
      throw new VogError('IDS_DUPLICATE', `Two examples have the id ${shown(id)}. Give each example its own.`);
    }
    seen.add(String(id));
  }
  const whole = ids.every((id) => typeof id === 'number' && Number.isInteger(id) && Math.abs(id) < 2 ** 31);
  if (whole) return { name: 'id', type: 'INT32', nullable: false, data: Int32Array.from(ids as number[]) };
  return { name: 'id', type: 'STRING', nullable: false, data: ids.map(String) };
}

function metaColumn(name: string, values: MetaValues): TableColumn {
  const data = Array.from(values, (value) => (value === undefined ? null : value));
  const kinds = new Set(data.filter((value) => value !== null).map((value) => typeof value));
  const column = META_PREFIX + name;
  if (kinds.size === 1 && kinds.has('number')) return { name: column, type: 'DOUBLE', data };
  if (kinds.size === 1 && kinds.has('boolean')) return { name: column, type: 'BOOLEAN', data };
  return { name: column, type: 'STRING', data: data.map((value) => (value === null ? null : String(value))) };
}

function factOf(table: Table, name: string, invalid: (why: string) => VogError): unknown {
  try {
    return parseJson(table.facts[name] ?? 'null');
  } catch {
    throw invalid(`has metadata under '${name}' that cannot be read`);
  }
}

function floats(values: ArrayLike<unknown>): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
}
