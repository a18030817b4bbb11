import { refuseUnknownKeys, VogError } from '@vogjs/base';
import { checkPixelImages, type PixelImages } from '@vogjs/formats/images';
import type { ManifestInit } from '../manifest/manifest.js';
import { createRun, type CreateRunOptions, type RunWriter } from '../open/create-run.js';
import type { RunPlace } from '../storage/place.js';
import type { ScoresToWrite } from '../tables/scores-table.js';
import { thumbsOf } from '../thumbs/pictures.js';
import type { ThumbPixels } from '../thumbs/thumbs.js';
import type { OodSet } from '../ood/ood-file.js';

/** Scores of a detector on one set, as `scoreOod` of `@vogjs/ood` gives them. */
export interface DetectorScores {
  /** `[N]` */
  readonly values: ArrayLike<number>;
  readonly oodDirection: 'high' | 'low';
  readonly detector: string;
  /** Checkpoints that went into them. Default 1: the last. */
  readonly checkpoints?: number;
}

/** One set of examples; every list has one entry an example, in one order. */
export interface OodSetToRecord {
  /** What the set is called: "Fashion-MNIST test". */
  readonly name: string;
  /** By the name to show; the same detectors in every set. */
  readonly scores: Readonly<Record<string, DetectorScores>>;
  /** Default: places in the set. In the run they are called `name/id`. */
  readonly ids?: ArrayLike<string | number>;
  /** Class index, -1 where there is none. */
  readonly labels?: ArrayLike<number>;
  readonly predictions?: ArrayLike<number>;
  /** In all sets or in none, of one height and width. */
  readonly images?: PixelImages;
}

/** An evaluation: what the model was made for, against one set or several that it was not made for. */
export interface OodToRecord {
  readonly in: OodSetToRecord;
  readonly out: OodSetToRecord | readonly OodSetToRecord[];
}

export interface RecordOodOptions
  extends CreateRunOptions, Omit<ManifestInit, 'examples' | 'checkpoints' | 'metrics'> {}

/**
 * Writes a run folder of an out-of-distribution evaluation: all sets in one table, a column for each detector, and
 * `ood.json`, which says what is which. `vogjs explore` shows it.
 *
 * ```ts
 * const inScores = await scoreOod(fitted, model, xs);
 * const outScores = await scoreOod(fitted, model, others);
 * await recordOod('runs/ood', { in: { name: 'photos', scores: inScores }, out: { name: 'noise', scores: outScores } });
 * ```
 *
 * Scores are kept as float32: those that differ by less become ties.
 *
 * @throws VogError ARGUMENT_INVALID (no detector, unlike detectors or directions, a name twice), PROBE_MISMATCH (lengths),
 * INPUT_SHAPE (images), INPUT_NOT_FINITE (NaN), SAMPLE_TOO_SMALL (an empty set), and as `createRun`
 */
export async function recordOod(place: RunPlace, ood: OodToRecord, options: RecordOodOptions = {}): Promise<RunWriter> {
  refuseUnknownKeys('recordOod', ood, ['in', 'out']);
  const given = [ood.in, ...[ood.out].flat()];
  const sets = given.map((set, at) => checkSet(at === 0 ? 'in' : `out number ${at}`, set, given[0] as OodSetToRecord));
  const twice = given.find(({ name }, at) => given.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) throw invalid(`two sets are called '${twice.name}': give each its own name`);
  if (given.length < 2) throw invalid('out is empty: give at least one set that the model was not made for');
  const thumbs = picturesOf(given);
  const { replace, ...init } = options;
  const placed: OodSet[] = [];
  for (const [at, { name, size }] of sets.entries()) {
    const start = placed.at(-1)?.end ?? 0;
    placed.push({ name, side: at === 0 ? 'in' : 'out', start, end: start + size });
  }
  const examples = (placed.at(-1) as OodSet).end;
  const run = await createRun(place, { ...init, examples }, replace === undefined ? {} : { replace });
  const integers = (list: 'labels' | 'predictions'): Int32Array | undefined =>
    given.some((set) => set[list] !== undefined)
      ? Int32Array.from(
          given.flatMap((set, at) => (set[list] ? Array.from(set[list]) : Array(sets[at]!.size).fill(-1))),
        )
      : undefined;
  const detectors = Object.keys((given[0] as OodSetToRecord).scores);
  await run.scores({
    ids: given.flatMap(({ name, ids }, at) =>
      Array.from({ length: sets[at]!.size }, (_, example) => `${name}/${ids?.[example] ?? example}`),
    ),
    labels: integers('labels'),
    predicted: integers('predictions'),
    scores: detectors.map((name) => columnOf(name, given)),
    meta: { set: given.flatMap(({ name }, at) => Array<string>(sets[at]!.size).fill(name)) },
  });
  await run.ood({ sets: placed, detectors });
  if (thumbs !== null) await run.thumbs(thumbs);
  await run.finish();
  return run;
}

function columnOf(name: string, sets: readonly OodSetToRecord[]): ScoresToWrite {
  const values = Float32Array.from(sets.flatMap(({ scores }) => Array.from(scores[name]!.values)));
  const { detector, oodDirection, checkpoints = 1 } = sets[0]!.scores[name]!;
  return {
    name,
    metric: detector,
    column: name,
    window: 'complete',
    hardDirection: oodDirection,
    checkpoints,
    values,
  };
}

/** Checks a set against the first. @returns its name and how many examples it has */
function checkSet(where: string, set: OodSetToRecord, first: OodSetToRecord): { name: string; size: number } {
  refuseUnknownKeys(`recordOod: ${where}`, set, ['name', 'scores', 'ids', 'labels', 'predictions', 'images']);
  const { name, scores, images } = set;
  if (typeof name !== 'string' || name === '')
    throw invalid(`the name of ${where} is missing: say what the set is called`);
  const detectors = Object.entries(scores ?? {});
  const known = Object.keys(first.scores ?? {});
  if (detectors.length === 0)
    throw invalid(`'${name}' has no scores: give those of at least one detector, by its name`);
  if (detectors.length !== known.length || !detectors.every(([each]) => known.includes(each))) {
    const [own, others] = [detectors.map(([each]) => each).join(', '), known.join(', ')];
    throw invalid(
      `'${name}' has scores of ${own}, and '${first.name}' of ${others}: score all sets by the same detectors`,
    );
  }
  const size = detectors[0]![1].values.length;
  if (size === 0) throw new VogError('SAMPLE_TOO_SMALL', `recordOod: '${name}' has no examples; give at least one.`);
  for (const [detector, { values, oodDirection, checkpoints = 1 }] of detectors) {
    if (!Number.isSafeInteger(checkpoints) || checkpoints < 1) {
      throw invalid(`${detector} of '${name}' is of ${String(checkpoints)} checkpoints: give a whole number above 0`);
    }
    requireLength(`scores.${detector}`, values.length, size, name);
    if (oodDirection !== first.scores[detector]!.oodDirection || !['high', 'low'].includes(oodDirection)) {
      throw invalid(
        `${detector} of '${name}' says the oodDirection ${oodDirection}: all sets must say 'high', or all 'low'`,
      );
    }
    const missing = Array.prototype.findIndex.call(values, Number.isNaN);
    if (missing === -1) continue;
    throw new VogError(
      'INPUT_NOT_FINITE',
      `recordOod: ${detector} of '${name}' is NaN at example ${missing}. A NaN has no rank: find where it comes from.`,
    );
  }
  for (const list of ['ids', 'labels', 'predictions'] as const) {
    if (set[list] !== undefined) requireLength(list, set[list].length, size, name);
  }
  if (images !== undefined) checkPixelImages(`recordOod: images of '${name}'`, images, size);
  return { name, size };
}

/** The pictures of all sets, one after the other; null without any. */
function picturesOf(sets: readonly OodSetToRecord[]): ThumbPixels | null {
  const all = sets.flatMap(({ images }) => images ?? []);
  if (all.length === 0) return null;
  const parts = all.map(thumbsOf);
  const [first] = parts as [ThumbPixels];
  const isAlike = (part: ThumbPixels): boolean =>
    part.width === first.width && part.height === first.height && part.channels === first.channels;
  if (all.length !== sets.length || !parts.every(isAlike)) {
    throw new VogError(
      'INPUT_SHAPE',
      'recordOod: give images of all sets, of one height, width and number of channels, or of none.',
    );
  }
  return {
    ...first,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    async read(start, end) {
      const bytes = new Uint8Array((end - start) * first.width * first.height * first.channels);
      let [before, at] = [0, 0];
      for (const { count, read } of parts) {
        const [from, to] = [Math.max(0, start - before), Math.min(count, end - before)];
        if (from < to) {
          const part = await read(from, to);
          bytes.set(part, at);
          at += part.length;
        }
        before += count;
      }
      return bytes;
    },
  };
}

function requireLength(list: string, got: number, size: number, set: string): void {
  if (got === size) return;
  throw new VogError(
    'PROBE_MISMATCH',
    `recordOod: ${list} of '${set}' has ${got} entries for ${size} examples; there must be one for each, in one order.`,
  );
}

function invalid(why: string): VogError {
  return new VogError('ARGUMENT_INVALID', `recordOod: ${why}.`);
}
