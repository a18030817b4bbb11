import { kindOfLabels, type LabelValue, VogError } from '@vogjs/base';
import { requireArray, requireSameLength, requireScores } from './arguments.js';
import type { DifficultyScores, Flags } from './difficulty-scores.js';

/**
 * The values turned so that high is hard, whichever way the metric points.
 *
 * @returns float64 [examples]
 * @throws VogError INPUT_NOT_FINITE on NaN: a NaN has no rank, and to drop it in silence would change every rate.
 */
export function difficultyOf(scores: DifficultyScores): Float64Array {
  requireScores('scores', scores);
  const { values } = scores;
  const sign = signOf(scores);
  const difficulty = new Float64Array(values.length);
  for (let example = 0; example < values.length; example++) {
    const value: unknown = values[example];
    if (typeof value !== 'number') {
      throw new VogError(
        'INPUT_NOT_FINITE',
        `The score of example ${example} is ${String(value)}; every score must be a number.`,
      );
    }
    if (Number.isNaN(value)) {
      throw new VogError(
        'INPUT_NOT_FINITE',
        `The score of example ${example} is NaN. A score that varies over checkpoints, such as VoG, is NaN until it ` +
          'has seen two of them: train for longer, or leave the unscored examples out of the analysis.',
      );
    }
    difficulty[example] = sign * value;
  }
  return difficulty;
}

/**
 * What turns a score so that high is hard.
 *
 * @throws VogError ARGUMENT_INVALID for a direction other than 'high' and 'low'
 */
export function signOf({ hardDirection }: Pick<DifficultyScores, 'hardDirection'>): 1 | -1 {
  if (hardDirection === 'high') return 1;
  if (hardDirection === 'low') return -1;
  throw new VogError(
    'ARGUMENT_INVALID',
    `The scores' hardDirection is ${JSON.stringify(hardDirection)}; it must be 'high' or 'low'. ` +
      'Pass the Scores of a tracker, or say which end of your values is hard.',
  );
}

/**
 * Which predictions are wrong.
 *
 * @param labels class of each example: indices (numbers or bigints), names or booleans
 * @param predictions predicted class of each example, of the same kind
 * @returns 1 where they differ, 0 where they agree
 * @throws VogError PROBE_MISMATCH when the lengths differ; LABEL_INVALID for a mixture of kinds
 */
export function errorsOf(labels: ArrayLike<LabelValue>, predictions: ArrayLike<LabelValue>): Uint8Array {
  requireArray('labels', labels);
  requireArray('predictions', predictions);
  requireSameLength('predictions', predictions.length, 'labels', labels.length);
  const kinds = [kindOfLabels(labels, 'errorsOf'), kindOfLabels(predictions, 'errorsOf: predictions')];
  const [given, predicted] = kinds.map((kind) => (kind === 'bigint' ? 'number' : kind));
  if (given !== predicted) {
    throw new VogError(
      'LABEL_INVALID',
      `errorsOf: labels are ${given}s and predictions ${predicted}s; no two of them are equal. Give both as names, or both as indices.`,
    );
  }
  const isWrong = (example: number): boolean =>
    // 1n and 1 are one class.
    given === 'number'
      ? Number(labels[example]) !== Number(predictions[example])
      : labels[example] !== predictions[example];
  return Uint8Array.from({ length: labels.length }, (_, example) => Number(isWrong(example)));
}

/**
 * Flags as 0 and 1, one for each score.
 *
 * @throws VogError PROBE_MISMATCH when the lengths differ; ARGUMENT_INVALID for anything but a boolean, 0 or 1
 */
export function readFlags(name: string, flags: Flags, size: number): Uint8Array {
  requireArray(name, flags);
  requireSameLength(name, flags.length, 'scores', size);
  return Uint8Array.from({ length: size }, (_, example) => {
    const flag = flags[example];
    if (flag === true || flag === 1) return 1;
    if (flag === false || flag === 0) return 0;
    throw new VogError(
      'ARGUMENT_INVALID',
      `${name}[${example}] is ${String(flag)}; each flag must be true, false, 1 or 0. ` +
        'To get flags from predicted classes use errorsOf(labels, predictions).',
    );
  });
}
