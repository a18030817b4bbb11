import { checkOptions, listOf, text, anything, VogError } from '@vogjs/base';
import type { Correction } from './corrections.js';
import { decodeCorrections } from './corrections.js';

/** What `applyCorrections` takes beside labels and corrections. */
export interface ApplyOptions {
  /** Ids of the labels, in their order; default their positions. */
  readonly ids?: readonly (string | number)[];
  /** Names of the classes that the corrections use; needed for numeric labels whose run had class names. */
  readonly classNames?: readonly string[];
}

/** Labels after corrections, and whom to keep. */
export interface CorrectedLabels<L extends number | string> {
  /** As long as before, excluded examples with the label that they had. */
  readonly labels: L[];
  /** Positions of the examples that were not excluded, `[kept]`. */
  readonly kept: Int32Array;
  /** Positions whose label changed. */
  readonly changed: Int32Array;
}

/**
 * Labels with the corrections of a run put in.
 *
 * ```ts
 * const { labels, kept } = applyCorrections(given, await readFile('runs/photos/corrections.csv', 'utf8'), { ids });
 * ```
 *
 * @param corrections rows, or the text of `corrections.csv`
 * @throws VogError IDS_UNKNOWN for a correction of an unknown example; LABEL_INVALID when an example's label is not the one that
 *   was corrected, or a name is not a class: the labels are of other data, or were corrected before
 */
export function applyCorrections<L extends number | string>(
  labels: ArrayLike<L>,
  corrections: string | readonly Correction[],
  options: ApplyOptions = {},
): CorrectedLabels<L> {
  checkOptions('applyCorrections', options, { ids: listOf(anything), classNames: listOf(text) });
  const { ids = Array.from(labels, (_, at) => at), classNames } = options;
  if (ids.length !== labels.length) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `applyCorrections: got ${ids.length} ids for ${labels.length} labels. Give one id per label.`,
    );
  }
  const rows = typeof corrections === 'string' ? decodeCorrections(corrections) : corrections;
  const positions = new Map(ids.map((id, at) => [String(id), at]));
  const result = Array.from(labels);
  const excluded = new Set<number>();
  const changed: number[] = [];
  for (const { id, given, corrected, decision } of rows) {
    const at = positions.get(id);
    if (at === undefined) {
      throw new VogError(
        'IDS_UNKNOWN',
        `The corrections have the id '${id}', and none of the ${ids.length} labels is its. Give \`ids\` in the labels' order.`,
      );
    }
    const before = labels[at] as L;
    const after = labelAs(before, corrected, classNames, id);
    if (before !== labelAs(before, given, classNames, id) && before !== after) {
      throw new VogError(
        'LABEL_INVALID',
        `The corrections say that '${id}' was labelled '${given}', and here it is '${before}'. Give the labels that the run had.`,
      );
    }
    if (decision === 'exclude') excluded.add(at);
    if (decision === 'relabel' && before !== after) {
      result[at] = after;
      changed.push(at);
    }
  }
  const kept = Int32Array.from(result.keys()).filter((at) => !excluded.has(at));
  return { labels: result, kept, changed: Int32Array.from(changed).sort() };
}

/** A label of the file in the form of the labels at hand. */
function labelAs<L extends number | string>(
  like: L,
  label: string,
  classNames: readonly string[] | undefined,
  id: string,
): L {
  if (typeof like === 'string') return label as L;
  const index = classNames?.indexOf(label) ?? -1;
  if (index !== -1) return index as L;
  if (/^\d+$/.test(label)) return Number(label) as L;
  throw new VogError(
    'LABEL_INVALID',
    `The corrections give '${id}' the label '${label}', and the labels here are numbers. Give \`classNames\` in the classes' order.`,
  );
}
