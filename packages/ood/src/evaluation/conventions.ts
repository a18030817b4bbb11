import type { Interpolation } from './figures.js';

/** The choices that change a figure. All of them stand in the result. */
export interface OodConventions {
  /** The true positive rate at which the false positive rate is read, in (0, 1]. */
  readonly tpr: number;
  /**
   * - 'reached': the first threshold whose TPR is at least `tpr`, ties included.
   * - 'nearest': the threshold whose TPR is nearest to `tpr` (the Outlier Exposure code).
   */
  readonly tprRule: 'reached' | 'nearest';
  /** The positive class of `fprAtTpr`: 'in' counts OoD examples that are let in, 'ood' in-distribution ones that are lost. */
  readonly positive: 'in' | 'ood';
  /**
   * How the areas under precision over recall are taken. Chance is the base rate, save for 'balanced', where it is 0.5.
   *
   * - 'average-precision': step-wise, scikit-learn's `average_precision_score`.
   * - 'trapezoid': straight lines between the points, too optimistic where they lie far apart (Davis and Goadrich 2006).
   * - 'balanced': step-wise, with the precision that equally large sides would give.
   */
  readonly interpolation: Interpolation;
  /** Of the detection error: both sides weigh the same, or each example does. */
  readonly prior: 'balanced' | 'empirical';
}
