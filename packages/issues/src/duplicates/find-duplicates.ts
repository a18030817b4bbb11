import { type ShapedArray, VogError } from '@vogjs/base';
import { declareOptions, type InputOf, share } from '@vogjs/base/options';
import type { Finding } from '../issue.js';
import type { ImageMeasures } from '../images/measure.js';
import { requireEntries, requireRows } from '../shared/arguments.js';
import { type NeighbourSearch, searchNeighbours } from '../neighbours/search.js';
import { classNamer, counted } from '../shared/words.js';
import { alikeImages, alikeRows, exactPairs, type Pair } from './pairs.js';
import { groupPairs } from './sets.js';

const where = 'findDuplicates';
const declared = declareOptions(where, {
  resemblance: share()
    .default(0.99)
    .about('Images are near-duplicates from this correlation of their thumbnails on, moved and mirrored to fit.'),
  distance: share()
    .default(0.1)
    .about('Without images: rows are near-duplicates up to this share of the usual distance to a neighbour.'),
});

/** Options of `findDuplicates`. */
export type DuplicatesOptions = InputOf<typeof declared.entries>;

/** What duplicates are told by; at least one of the first three. */
export interface DuplicateEvidence {
  /** `[N]`: equal for equal content, such as `ImageMeasures.hash` or a table's row as text; null where unknown. */
  readonly contents?: ArrayLike<string | null> | undefined;
  /** `[N]`, of `measureImage`; null where there is none. Their hashes are `contents` unless these are given. */
  readonly images?: readonly (ImageMeasures | null)[] | undefined;
  /** `[N, D]`: features, or the scaled columns of a table. */
  readonly features?: ShapedArray | undefined;
  /** `[N]`: twins of different labels contradict each other. */
  readonly labels?: ArrayLike<number> | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** `[N]`: such as train and test; twins in both are leakage. */
  readonly splits?: ArrayLike<string> | undefined;
}

/** Examples that occur more than once. */
export interface Duplicates extends Finding {
  readonly kind: 'duplicate';
  /** Sets of twins, each ascending, by their first. */
  readonly sets: readonly (readonly number[])[];
  /** `[N]`: which set; -1 for none. */
  readonly setOf: Int32Array;
  readonly pairs: readonly Pair[];
  /** Sets with more than one label, and with more than one split. */
  readonly contradicting: readonly number[];
  readonly leaking: readonly number[];
  /** `'exact'`, `'near'`; with what is worse before it: `'contradicting '`, `'leaking '`. */
  readonly typeOf: (example: number) => string;
}

/**
 * Which examples occur more than once: exactly, by their content; nearly, by the pixels of their images, moved by up to
 * two 32ths and mirrored, whatever their brightness and contrast; or by their features alone. Twins of different labels
 * and twins in several splits are named.
 *
 * Scores: 1 for exact twins, from 0.5 on for near ones; 0 for the rest.
 *
 * @param search how neighbours are found, where several searches share one
 * @throws VogError ARGUMENT_INVALID (nothing to compare), PROBE_MISMATCH (lengths), INPUT_SHAPE
 */
export function findDuplicates(
  input: DuplicateEvidence,
  options: DuplicatesOptions = {},
  search: NeighbourSearch = searchNeighbours,
): Duplicates {
  const resolved = declared.resolve(options);
  const { images, features, labels, splits } = input;
  const contents = input.contents ?? images?.map((image) => image?.hash ?? null);
  const size = contents?.length ?? features?.shape[0];
  if (size === undefined) {
    throw new VogError('ARGUMENT_INVALID', `${where}: there is nothing to compare. Give contents, images or features.`);
  }
  for (const [name, list] of Object.entries({ contents, images, labels, splits })) {
    if (list) requireEntries(where, name, list, size);
  }
  if (features) requireRows(where, 'features', features, size);

  const exact = contents ? exactPairs(contents) : [];
  const near = images
    ? alikeImages(images, features, resolved.resemblance, search)
    : features
      ? alikeRows(features, resolved.distance)
      : [];
  const pairs = [...exact, ...near];
  const { sets, setOf } = groupPairs(pairs, size);
  const scores = new Float32Array(size);
  const isExact = new Uint8Array(size);
  for (const { first, second, exact: same, resemblance } of pairs) {
    const score = same || !images ? resemblance : scoreOfNear(resemblance, resolved.resemblance);
    for (const i of [first, second]) {
      scores[i] = Math.max(scores[i]!, score);
      if (same) isExact[i] = 1;
    }
  }
  const mixed = (list: ArrayLike<unknown> | undefined): number[] =>
    list ? [...sets.keys()].filter((set) => new Set(sets[set]!.map((i) => list[i])).size > 1) : [];
  const [contradicting, leaking] = [mixed(labels), mixed(splits)];
  const [contradicts, leaks] = [new Set(contradicting), new Set(leaking)];
  const nameOf = classNamer(input.classNames);
  const typeOf = (i: number): string => {
    const set = setOf[i]!;
    const worse = leaks.has(set) ? 'leaking ' : contradicts.has(set) ? 'contradicting ' : '';
    return worse + (isExact[i] === 1 ? 'exact' : 'near');
  };
  return {
    kind: 'duplicate',
    scores,
    flagged: Uint8Array.from(scores, (score) => Number(score >= 0.5)),
    sets,
    setOf,
    pairs,
    contradicting,
    leaking,
    typeOf,
    why: (i) => {
      const set = setOf[i]!;
      if (set === -1) return 'It has no twin.';
      const twins = sets[set]!;
      const parts = [`It has ${counted(twins.length - 1, isExact[i] === 1 ? 'exact twin' : 'near twin')}`];
      if (leaks.has(set))
        parts.push(`in several splits (${distinct(twins, (at) => splits![at]!)}): what is tested was trained on`);
      if (contradicts.has(set)) parts.push(`with different labels (${distinct(twins, (at) => nameOf(labels![at]!))})`);
      return `${parts.join(', ')}.`;
    },
    summary: summaryOf(sets, contradicting.length, leaking.length),
  };
}

function scoreOfNear(resemblance: number, least: number): number {
  return least < 1 ? 0.5 + (0.49 * (resemblance - least)) / (1 - least) : 0.99;
}

function distinct(examples: readonly number[], name: (example: number) => string): string {
  return [...new Set(examples.map(name))].join(', ');
}

function summaryOf(sets: readonly (readonly number[])[], contradicting: number, leaking: number): string {
  const examples = sets.reduce((sum, set) => sum + set.length, 0);
  if (examples === 0) return 'No example occurs twice.';
  const worse = [
    ...(contradicting > 0 ? [`${contradicting.toLocaleString('en')} with different labels`] : []),
    ...(leaking > 0 ? [`${leaking.toLocaleString('en')} in several splits`] : []),
  ];
  return `${counted(examples, 'example')} in ${counted(sets.length, 'set')} of twins${worse.length > 0 ? `, ${worse.join(', ')}` : ''}.`;
}
