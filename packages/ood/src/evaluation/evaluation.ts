import { auprOf, aurocOf, firstReaching, leastError, nearestTo, type OperatingPoint, tiedPairs } from './figures.js';
import { detectionsOf, levelsOf, type Levels } from './levels.js';
import type { OodConventions } from './conventions.js';
import { readConventions, refuseUnknownOptions, type OodOptions } from './options.js';
import type { OodPreset } from './presets.js';
import { readSides, type OodDirection, type OodSide } from './sides.js';
import { warningsOf, type OodWarning } from './warnings.js';

/** The five figures. Rates and areas lie in [0, 1]. */
export interface OodFigures {
  /** Probability that an in-distribution example ranks as more in-distribution than an OoD one; ties count half. */
  readonly auroc: number;
  /** Area under precision over recall, in-distribution positive. */
  readonly auprIn: number;
  /** Area under precision over recall, out-of-distribution positive. */
  readonly auprOut: number;
  /** False positive rate at the threshold that `tpr`, `tprRule` and `positive` name. */
  readonly fprAtTpr: number;
  /** The least mean of both error rates over every threshold. */
  readonly detectionError: number;
}

/** What was measured, with everything that is needed to read it. Plain data: survives JSON, infinite thresholds apart. */
export interface OodEvaluation extends OodFigures, OodConventions {
  /** What a detector that knows nothing would reach. */
  readonly base: { readonly auroc: number; readonly auprIn: number; readonly auprOut: number };
  /** Examples of each side, and distinct scores among all of them. */
  readonly counts: { readonly in: number; readonly out: number; readonly distinct: number };
  readonly ties: {
    /** Always this rule: tied examples fall on one side of a threshold together, and a tied pair counts half. */
    readonly rule: 'together';
    /** 1 - distinct / examples. */
    readonly duplicates: number;
    /** Share of (in, out) pairs with one score. */
    readonly pairs: number;
  };
  /** The true positive rate that the threshold of `fprAtTpr` reaches. */
  readonly achievedTpr: number;
  /**
   * In the units of the scores given. Positive is the threshold itself and beyond it; in-distribution is the threshold
   * of the detection error and beyond it. Infinite where the best is to call nothing so.
   */
  readonly thresholds: { readonly atTpr: number; readonly detectionError: number };
  /** The end of the scores that was taken as out-of-distribution: declared, never chosen by the result. */
  readonly oodDirection: OodDirection;
  /** null where bare numbers were given. */
  readonly detector: string | null;
  readonly preset: OodPreset | null;
  readonly warnings: readonly OodWarning[];
}

/**
 * How well a score tells out-of-distribution examples from in-distribution ones: exact, in float64, in O(n log n).
 *
 * ```ts
 * evaluateOod(inScores.energy, outScores.energy);                     // scores of a detector know their direction
 * evaluateOod(inValues, outValues, { oodDirection: 'high' });         // bare numbers, here a distance
 * evaluateOod(inValues, outValues, { preset: 'openood' });            // the conventions of a publication
 * ```
 *
 * Every figure stays the same under any strictly rising map of the scores. Infinities rank as numbers do, and -0 ties
 * with 0. The direction is what the scores declare; a figure on the wrong side of chance is told, and never turned round.
 *
 * @param inScores one score per in-distribution example
 * @param outScores one score per out-of-distribution example
 * @throws VogError SAMPLE_TOO_SMALL (an empty side), INPUT_NOT_FINITE (NaN), ARGUMENT_INVALID (sides of different
 * detectors or directions; options that contradict each other or the scores)
 * Source: Hendrycks and Gimpel 2017 (AUROC, AUPR-In, AUPR-Out); Liang, Li and Srikant 2018 (FPR at 95 % TPR, detection
 * error).
 */
export function evaluateOod(inScores: OodSide, outScores: OodSide, options: OodOptions = {}): OodEvaluation {
  refuseUnknownOptions('evaluateOod', options);
  const { oodDirection: direction, ...rest } = options;
  const conventions = readConventions(rest);
  const { inConfidence, outConfidence, oodDirection, detector } = readSides(inScores, outScores, direction);
  const levels = levelsOf(inConfidence, outConfidence);
  return evaluationOf(levels, { ...conventions, oodDirection, detector });
}

/** The five figures of counts that are ranked already, and the thresholds that two of them name. */
export function measure(
  levels: Levels,
  { tpr, tprRule, positive, interpolation, prior }: OodConventions,
): { readonly figures: OodFigures; readonly point: OperatingPoint; readonly errorLevel: number } {
  const forIn = detectionsOf(levels, 'in');
  const forOod = detectionsOf(levels, 'ood');
  const point = (tprRule === 'reached' ? firstReaching : nearestTo)(positive === 'in' ? forIn : forOod, tpr);
  const { level, error } = leastError(levels, prior);
  const figures = {
    auroc: aurocOf(levels),
    auprIn: auprOf(forIn, interpolation),
    auprOut: auprOf(forOod, interpolation),
    fprAtTpr: point.fpr,
    detectionError: error,
  };
  return { figures, point, errorLevel: level };
}

/** An evaluation of counts that are ranked already. */
export function evaluationOf(
  levels: Levels,
  context: OodConventions & Pick<OodEvaluation, 'oodDirection' | 'detector' | 'preset'>,
): OodEvaluation {
  const { positive, oodDirection } = context;
  const counts = { in: levels.inAbove.at(-1)!, out: levels.outAbove.at(-1)!, distinct: levels.confidence.length };
  const { figures, point, errorLevel } = measure(levels, context);
  // The detections of the OoD class run from the lowest level up.
  const levelAtTpr = positive === 'in' ? point.level : levels.confidence.length - 1 - point.level;
  const ends = positive === 'in' ? levels.confidence : (levels.highest ?? levels.confidence);
  const sign = oodDirection === 'low' ? 1 : -1;
  const unreached = positive === 'in' ? Infinity : -Infinity;
  const balanced = context.interpolation === 'balanced';
  const total = counts.in + counts.out;
  return {
    ...figures,
    base: { auroc: 0.5, auprIn: balanced ? 0.5 : counts.in / total, auprOut: balanced ? 0.5 : counts.out / total },
    counts,
    ties: { rule: 'together', duplicates: 1 - counts.distinct / total, pairs: tiedPairs(levels) },
    achievedTpr: point.tpr,
    thresholds: {
      atTpr: sign * (ends[levelAtTpr] ?? unreached) + 0,
      detectionError: sign * (levels.confidence[errorLevel] ?? Infinity) + 0,
    },
    ...context,
    warnings: warningsOf(figures.auroc, counts, balanced),
  };
}
