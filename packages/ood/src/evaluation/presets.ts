import type { OodConventions } from './conventions.js';

const tpr = 0.95;

/**
 * The conventions of published code, so that a figure can stand beside a paper's. None of that code is used here.
 *
 * - `vog`: the VoG paper (Agarwal, D'souza and Hooker 2022, supplement F), which follows Hendrycks and Gimpel (2017):
 *   in-distribution positive, average precision. Also the default.
 * - `odin`: Liang, Li and Srikant (2018), `calMetric.py`: in-distribution positive, precision at a 50/50 prior,
 *   detection error at equal priors. That code tries 100,000 evenly spaced thresholds, gives the mean FPR over those
 *   with a TPR from 0.9495 to 0.9505, and takes each step of the precision from its other end. Here every score is a
 *   threshold and the figures are exact. They differ where scores crowd between two of its thresholds.
 * - `openood`: Yang et al. (2022), Zhang et al. (2023), version 1.5, `evaluators/metrics.py`: out-of-distribution
 *   positive for the FPR, trapezoids under precision over recall. It takes the FPR from a ROC curve without its
 *   collinear points, which with tied scores can be a later threshold than the first one that reaches the TPR.
 *   (Version 1.0 took in-distribution as positive, and a threshold that leaves its ties out.)
 * - `outlier-exposure`: Hendrycks, Mazeika and Dietterich (2019), `display_results.py`: out-of-distribution positive,
 *   average precision (its AUPR is `auprOut`), FPR at the TPR nearest to 0.95.
 */
export const oodPresets = {
  vog: { tpr, tprRule: 'reached', positive: 'in', interpolation: 'average-precision', prior: 'balanced' },
  odin: { tpr, tprRule: 'reached', positive: 'in', interpolation: 'balanced', prior: 'balanced' },
  openood: { tpr, tprRule: 'reached', positive: 'ood', interpolation: 'trapezoid', prior: 'balanced' },
  'outlier-exposure': {
    tpr,
    tprRule: 'nearest',
    positive: 'ood',
    interpolation: 'average-precision',
    prior: 'balanced',
  },
} as const satisfies Record<string, OodConventions>;

/** A set of conventions by name. */
export type OodPreset = keyof typeof oodPresets;
