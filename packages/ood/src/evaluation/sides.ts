import { VogError } from '@vogjs/base';
import type { OodScores } from '../ood-scores.js';

/** Which end of a score is out-of-distribution. */
export type OodDirection = OodScores['oodDirection'];

/** Scores of one side: those of a detector, which know their direction, or bare numbers. */
export type OodSide = OodScores | ArrayLike<number>;

/** Both sides, read: float64 confidences (higher = in-distribution), and what was declared of them. */
export interface OodSides {
  readonly inConfidence: Float64Array;
  readonly outConfidence: Float64Array;
  readonly oodDirection: OodDirection;
  /** null for bare numbers. */
  readonly detector: string | null;
}

/**
 * Reads both sides of an evaluation, turned so that high is in-distribution, whichever way the detector points.
 *
 * @param oodDirection of bare numbers ('low' unless told); of scores that declare theirs, it may only repeat it
 * @throws VogError SAMPLE_TOO_SMALL (an empty side), INPUT_NOT_FINITE (NaN; infinities rank), ARGUMENT_INVALID (an
 * unknown direction, sides of different detectors or directions, a direction that contradicts the scores')
 */
export function readSides(inScores: OodSide, outScores: OodSide, oodDirection?: OodDirection): OodSides {
  const inSide = readSide('inScores', inScores, oodDirection);
  const outSide = readSide('outScores', outScores, oodDirection);
  for (const key of ['oodDirection', 'detector'] as const) {
    if (inSide[key] === outSide[key]) continue;
    throw new VogError(
      'ARGUMENT_INVALID',
      `The ${key} of inScores is ${JSON.stringify(inSide[key])}, that of outScores ${JSON.stringify(outSide[key])}. ` +
        'Both sides must come from one detector: score the two sets with the same one, or pass two bare arrays.',
    );
  }
  const { detector } = inSide;
  const direction = inSide.oodDirection;
  return { inConfidence: inSide.confidence, outConfidence: outSide.confidence, oodDirection: direction, detector };
}

/** One side as {@link readSides} reads it. */
export function readSide(
  name: string,
  scores: OodSide,
  oodDirection?: OodDirection,
): { readonly confidence: Float64Array; readonly oodDirection: OodDirection; readonly detector: string | null } {
  if (typeof scores !== 'object' || scores === null) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${name} is ${String(scores)}; it must be an array of numbers, or { values, oodDirection, detector }.`,
    );
  }
  const declared = 'values' in scores && typeof scores.values !== 'function' ? scores : undefined;
  const direction = declared?.oodDirection ?? oodDirection ?? 'low';
  if (direction !== 'high' && direction !== 'low') {
    throw new VogError(
      'ARGUMENT_INVALID',
      `The oodDirection of ${name} is ${JSON.stringify(direction)}; it must be 'high' or 'low': ` +
        "the end of the scores that is out-of-distribution. It is 'low' for a confidence, such as the softmax maximum.",
    );
  }
  if (oodDirection !== undefined && direction !== oodDirection) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${name} declares oodDirection '${direction}', the options say '${oodDirection}'. ` +
        'Leave the option out: the scores of a detector know their direction.',
    );
  }
  const values = declared?.values ?? (scores as ArrayLike<number>);
  return {
    confidence: confidenceOf(name, values, direction),
    oodDirection: direction,
    detector: declared?.detector ?? null,
  };
}

function confidenceOf(name: string, values: ArrayLike<number>, direction: OodDirection): Float64Array {
  if (!(values?.length > 0)) {
    throw new VogError('SAMPLE_TOO_SMALL', `${name} holds no score; an evaluation compares at least one of each side.`);
  }
  const sign = direction === 'low' ? 1 : -1;
  const confidence = new Float64Array(values.length);
  for (let example = 0; example < values.length; example++) {
    const value: unknown = values[example];
    if (typeof value !== 'number' || Number.isNaN(value)) {
      throw new VogError(
        'INPUT_NOT_FINITE',
        `${name}[${example}] is ${String(value)}; each score must be a number or infinite. ` +
          'A NaN has no rank, and to drop it in silence would change every figure: find where the detector makes it.',
      );
    }
    // + 0 makes 0 of -0, so that equal scores have equal bits.
    confidence[example] = sign * value + 0;
  }
  return confidence;
}
