import { shown, VogError } from '@vogjs/base';
import type { Run } from '../open/open-run.js';

/** What answers are about: the examples of a run and their labels. */
export interface Judged {
  readonly ids: readonly (string | number)[];
  readonly labels: Int32Array | null;
  readonly classNames: readonly string[] | null;
  /** @throws VogError IDS_UNKNOWN for nobody in the run */
  positionOf(id: string): number;
  /** Name of the label, its index where there are no names; nothing where there is no label. */
  nameAt(position: number): string;
}

export async function judgedBy(run: Run): Promise<Judged> {
  const table = await run.scores();
  const [ids, labels] = await Promise.all([table.ids(), table.labels()]);
  const { classNames } = run.manifest;
  const positions = new Map(ids.map((id, at) => [String(id), at]));
  return {
    ids,
    labels,
    classNames,
    positionOf(id) {
      const at = positions.get(id);
      if (at !== undefined) return at;
      throw new VogError(
        'IDS_UNKNOWN',
        `The file has an answer about ${shown(id)}, and the run in ${run.storage.place} has no such example. ` +
          'Give the answers to what this run exported.',
      );
    },
    nameAt(position) {
      const label = labels?.[position] ?? -1;
      return label < 0 ? '' : (classNames?.[label] ?? String(label));
    },
  };
}

/**
 * Index of a class that an answer names.
 *
 * @throws VogError LABEL_INVALID for none of the run's classes
 */
export function labelOf({ classNames }: Judged, id: string, choice: string): number {
  // Digits alone: `Number` would take a blank for 0.
  const label = classNames !== null ? classNames.indexOf(choice) : /^\d+$/.test(choice) ? Number(choice) : -1;
  if (Number.isSafeInteger(label) && label >= 0) return label;
  const known = classNames === null ? 'class indices' : classNames.join(', ');
  throw new VogError('LABEL_INVALID', `The answer about ${shown(id)} is ${shown(choice)}, expected one of ${known}.`);
}

/** A time as our files have it; now, where the file has none. */
export function timeOf(value: unknown): string {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return new Date(Number.isNaN(time) ? Date.now() : time).toISOString();
}
