import { checkArgument, checkOf, checkOptions, either, integer, list, record } from '@vogjs/base';
import { declareOptions, oneOf, type ResolvedOf, text } from '@vogjs/base/options';
import { type ExampleId, type Scores, type Tracker, VogError } from '@vogjs/core';
import type { OodScores } from '../ood-scores.js';
import { type ClassedScores, normaliserOf } from './normalisation.js';

/** Some examples of a tracker's probe. */
export interface TrackedExamples {
  readonly tracker: Tracker;
  /** Index of the first in the probe. Default 0. */
  readonly from?: number;
  /** Index after the last. Default the probe's size. */
  readonly to?: number;
  /** Or their ids, in the order wanted. */
  readonly ids?: readonly ExampleId[];
}

/** The in-distribution set, and sets to compare it with under any names: each a tracker, or a part of one. */
export type TrackedSets = { readonly in: Tracker | TrackedExamples } & Readonly<
  Record<string, Tracker | TrackedExamples>
>;

/** Options of `vogOod`. */
export interface VogOodOptions {
  /** Metric of the tracker whose scores are taken. Default `'vog'`; `'msp-variance'` and the like for the ablation. */
  readonly metric?: string;
  /** Its column, where it has several. */
  readonly column?: string;
  /** A window of the trackers. Default `'complete'`, all checkpoints. */
  readonly window?: string;
  /**
   * `'none'` (default): as they are. `'class'`: z-scores within the predicted class. `'dataset'`: z-scores. Means and
   * standard deviations are those of the in-distribution set alone.
   */
  readonly normalise?: 'none' | 'class' | 'dataset';
  /** Metric that has the predicted labels, for `normalise: 'class'`. Default `'predicted-label'`. */
  readonly predictions?: string;
}

const declared = declareOptions('vogOod', {
  metric: text().default('vog').about('Metric of the tracker whose scores are taken.'),
  column: text().optional("the metric's first").about('Its column, where it has several.'),
  window: text().default('complete').about('A window of the trackers.'),
  normalise: oneOf('none', 'class', 'dataset').about(
    'z-scores within the predicted class, or of all, by the in-distribution set alone.',
  ),
  predictions: text().default('predicted-label').about("Metric that has the predicted labels, for normalise: 'class'."),
});

type Chosen = ResolvedOf<typeof declared.entries>;

/** Scores from the whole of training. */
export interface TrajectoryOodScores extends OodScores {
  readonly values: Float64Array;
  readonly oodDirection: 'low';
  /** The metric and how it was normalised: `'vog'`, `'vog (class)'`. */
  readonly detector: string;
  /** Checkpoints that went into them. */
  readonly checkpoints: number;
  readonly window: string;
  /** What a reader should know: examples that could not be normalised by their class. */
  readonly notes: readonly string[];
}

/**
 * VoG as a detector: the variance of an example's input gradients over training, negated, so that low is
 * out-of-distribution. Track both sets with `vogOodMetrics()`, in one probe or in a tracker for each:
 *
 * ```ts
 * const tracker = createTracker({ inputs: both, metrics: vogOodMetrics() });   // in-distribution examples first
 * await model.fit(xs, ys, { epochs: 15, callbacks: [fitCallback(tracker)] });
 * const { in: inside, noise } = await vogOod({ in: { tracker, to: 500 }, noise: { tracker, from: 500 } });
 * evaluateOod(inside, noise).auroc;
 * ```
 *
 * Any metric of the tracker will do in place of VoG: its hard end is taken as out-of-distribution. For VoG of the logit,
 * `vogOodMetrics({ activation: 'logit' })`, that is the low end, and values stay as they are. Where float32 leaves no
 * probability but 1, scores are 0 and tie at the in-distribution end: `evaluateOod` warns of ties (`SCORES_TIED`).
 *
 * Source: Agarwal, D'souza & Hooker, CVPR 2022, supplement, section F.
 *
 * @returns scores of each set by its name
 * @throws VogError ARGUMENT_INVALID for sets of other checkpoints or an empty range; IDS_UNKNOWN; METRIC_UNKNOWN;
 * RESULT_NOT_FINITE for scores that are NaN, as before the second checkpoint; SAMPLE_TOO_SMALL for in-distribution
 * scores without a spread to normalise by
 */
export async function vogOod<const Sets extends TrackedSets>(
  sets: Sets,
  options: VogOodOptions = {},
): Promise<{ readonly [Name in keyof Sets]: TrajectoryOodScores }> {
  const chosen = declared.resolve(options);
  checkArgument('vogOod', 'sets', sets, record);
  const { normalise, metric, window } = chosen;
  if (sets?.in === undefined) throw invalid('the sets must have one named in: { in: tracker, other: tracker }.');
  const read = reader(chosen);
  const entries: (readonly [string, Part])[] = [];
  for (const [name, set] of Object.entries(sets)) entries.push([name, await read(name, set)]);
  const inside = entries.find(([name]) => name === 'in')![1];
  for (const [name, { checkpoints }] of entries) {
    if (checkpoints === inside.checkpoints) continue;
    throw invalid(
      `set '${name}' was scored at ${checkpoints} checkpoints and 'in' at ${inside.checkpoints}: a variance over other checkpoints is another score. Track both through the same training.`,
    );
  }
  const normaliser = normalise === 'none' ? null : normaliserOf(inside, normalise);
  const scores = entries.map(([name, part]): [string, TrajectoryOodScores] => {
    const { values, notes } = normaliser?.normalise(part) ?? { values: part.values, notes: [] };
    const detector = normalise === 'none' ? metric : `${metric} (${normalise})`;
    return [name, { values, oodDirection: 'low', detector, checkpoints: part.checkpoints, window, notes }];
  });
  return Object.fromEntries(scores) as { readonly [Name in keyof Sets]: TrajectoryOodScores };
}

const tracking = checkOf(
  'a tracker',
  (value) => typeof (value as Partial<Tracker> | null | undefined)?.scores === 'function',
);

/** Scores of one set in confidence form. */
interface Part extends ClassedScores {
  readonly checkpoints: number;
}

/** Reads parts of trackers, the scores of each tracker once. */
function reader({
  metric,
  column,
  window,
  normalise,
  predictions,
}: Chosen): (name: string, set: Tracker | TrackedExamples) => Promise<Part> {
  const known = new Map<Tracker, { scores: Scores; classes: ArrayLike<number> }>();
  return async (name, set) => {
    const where = `vogOod, set '${name}'`;
    checkArgument(where, 'it', set, either(tracking, record));
    const part: TrackedExamples = tracking.holds(set) ? { tracker: set as Tracker } : (set as TrackedExamples);
    checkOptions(where, part, { tracker: tracking, from: integer(0), to: integer(1), ids: list }, ['tracker']);
    const { tracker } = part;
    let read = known.get(tracker);
    if (read === undefined) {
      const scores = await tracker.scores(metric, { window, ...(column === undefined ? {} : { column }) });
      const classes = normalise === 'class' ? (await tracker.scores(predictions)).values : [];
      read = { scores, classes };
      known.set(tracker, read);
    }
    const { scores, classes } = read;
    const indices = indicesOf(name, part, scores.ids);
    const sign = scores.hardDirection === 'high' ? -1 : 1;
    const values = Float64Array.from(indices, (i) => sign * scores.values[i]!);
    const index = values.findIndex((value) => Number.isNaN(value));
    if (index !== -1) {
      throw new VogError(
        'RESULT_NOT_FINITE',
        `vogOod: '${metric}' is NaN for example ${index} of set '${name}', after ${scores.checkpoints} checkpoints. A variance needs two at least; beyond that, look for NaN in the weights.`,
      );
    }
    return { values, classes: indices.map((i) => classes[i] ?? -1), checkpoints: scores.checkpoints };
  };
}

function indicesOf(name: string, { from, to, ids }: TrackedExamples, all: readonly ExampleId[]): number[] {
  if (ids !== undefined) {
    if (from !== undefined || to !== undefined) throw invalid(`set '${name}' has ids and a range; give one of them.`);
    const place = new Map(all.map((id, i) => [id, i]));
    return ids.map((id) => {
      const index = place.get(id);
      if (index !== undefined) return index;
      throw new VogError('IDS_UNKNOWN', `vogOod: the tracker of set '${name}' has no example with the id '${id}'.`);
    });
  }
  const [start, end] = [from ?? 0, to ?? all.length];
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start >= end || end > all.length) {
    throw invalid(
      `set '${name}' goes from ${start} to ${end}; the probe has ${all.length} examples, and a set at least one.`,
    );
  }
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function invalid(problem: string): VogError {
  return new VogError('ARGUMENT_INVALID', `vogOod: ${problem}`);
}
