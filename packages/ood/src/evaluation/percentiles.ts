import { refuseUnknownKeys, VogError } from '@vogjs/base';
import { overRepresentation } from '@vogjs/statistics';
import { levelsOf } from './levels.js';
import { readSides, type OodDirection, type OodSide } from './sides.js';

/** One part of the ranking of both sides together. */
export interface OodPercentileBin {
  /** Percentiles of OoD-ness, in [0, 1]: the last bin ends at 1, the most out-of-distribution. */
  readonly from: number;
  readonly to: number;
  /** Examples of both sides in it. */
  readonly examples: number;
  /** OoD examples in it; a fraction where a cut goes through tied scores (the expectation). */
  readonly out: number;
  /** Share of all OoD examples; chance is `expected`. */
  readonly share: number;
  readonly expected: number;
  /** Chance of as many OoD examples in this bin, or more, were they spread at random (hypergeometric, one-sided). */
  readonly pOver: number;
  /** Of as few, or fewer. Where ties are cut, both are of the whole number that makes them larger. */
  readonly pUnder: number;
}

export interface OodByPercentile {
  readonly bins: readonly OodPercentileBin[];
  readonly counts: { readonly in: number; readonly out: number };
  readonly oodDirection: OodDirection;
  readonly detector: string | null;
}

/**
 * Where the OoD examples lie in the ranking of all examples: their share in each quartile, from the most in-distribution
 * to the most out-of-distribution, each with an exact test. Bins are of ranks, sizes alike to one example.
 *
 * Each bin has its own p-value: of four, one below 0.05 is no surprise. Multiply by the bins, or name the bin beforehand.
 *
 * @throws VogError as `evaluateOod`; ARGUMENT_INVALID for bins under 2 or over the number of examples
 * Source: Agarwal, D'souza and Hooker 2022, supplement E, figure 12 (share of ImageNet-O in the quarters of VoG).
 */
export function oodByPercentile(
  inScores: OodSide,
  outScores: OodSide,
  options: { readonly bins?: number; readonly oodDirection?: OodDirection } = {},
): OodByPercentile {
  refuseUnknownKeys('oodByPercentile', options, ['bins', 'oodDirection']);
  const { bins = 4 } = options;
  const { inConfidence, outConfidence, oodDirection, detector } = readSides(inScores, outScores, options.oodDirection);
  const [ins, outs] = [inConfidence.length, outConfidence.length];
  const total = ins + outs;
  if (!Number.isInteger(bins) || bins < 2 || bins > total) {
    throw new VogError('ARGUMENT_INVALID', `bins is ${bins}; it must be a whole number from 2 to ${total} examples.`);
  }
  const { inAbove, outAbove } = levelsOf(inConfidence, outConfidence);
  let level = 0;
  /** OoD examples among the first `rank`, most in-distribution first; tied ones are spread evenly over their ranks. */
  const outAmong = (rank: number): number => {
    while (level < inAbove.length - 1 && inAbove[level]! + outAbove[level]! < rank) level++;
    const before = { in: inAbove[level - 1] ?? 0, out: outAbove[level - 1] ?? 0 };
    const here = outAbove[level]! - before.out;
    const tied = inAbove[level]! - before.in + here;
    return before.out + (here * (rank - before.in - before.out)) / tied;
  };
  let found = 0;
  const parts = Array.from({ length: bins }, (_, bin): OodPercentileBin => {
    const start = Math.round((bin * total) / bins);
    const end = Math.round(((bin + 1) * total) / bins);
    const after = outAmong(end);
    const out = after - found;
    found = after;
    const examples = end - start;
    const { pOver } = overRepresentation(Math.floor(out + 1e-9), examples, outs, total);
    const { pUnder } = overRepresentation(Math.ceil(out - 1e-9), examples, outs, total);
    return {
      from: start / total,
      to: end / total,
      examples,
      out,
      share: out / outs,
      expected: examples / total,
      pOver,
      pUnder,
    };
  });
  return { bins: parts, counts: { in: ins, out: outs }, oodDirection, detector };
}
