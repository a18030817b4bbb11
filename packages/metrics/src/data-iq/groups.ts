import { between, declareOptions, type InputOf, share } from '@vogjs/base/options';
import { VogError } from '@vogjs/core';
import { requireArray, quantile } from '@vogjs/statistics';

/** What `dataIqGroups` says of an example. */
export type DataIqGroup = 'easy' | 'ambiguous' | 'hard';

/** The two columns of `dataIq`, one value per example, in the same order. */
export interface DataIqColumns {
  readonly aleatoric: ArrayLike<number>;
  readonly confidence: ArrayLike<number>;
}

const declared = declareOptions(
  'dataIqGroups',
  {
    easy: share().default(0.75).about('Confidence of an easy example, at least.'),
    hard: share().default(0.25).about('Confidence of a hard example, at most.'),
    percentile: between(0, 100)
      .default(50)
      .about('Percentile of aleatoric uncertainty that easy and hard examples do not exceed: 50 is the median.'),
  },
  {
    contradiction: ({ easy, hard }) =>
      hard < easy ? undefined : `hard and easy must be confidences with 0 <= hard < easy <= 1; got ${hard}, ${easy}`,
  },
);

/** Thresholds of `dataIqGroups`; the defaults are the published ones. */
export type DataIqThresholds = InputOf<typeof declared.entries>;

/** What rounding may move: means of float32 values over checkpoints, and the percentile between two of them. */
const margin = 1e-6;

/**
 * Groups examples by Data-IQ: `easy`, with confidence >= 0.75, and `hard`, with confidence <= 0.25, when their aleatoric
 * uncertainty is not above the median of all; every other example is `ambiguous`. Each comparison allows 1e-6 for
 * rounding, in part of the uncertainty and absolutely for the confidence.
 *
 * @throws VogError ARGUMENT_INVALID for thresholds out of range; PROBE_MISMATCH when the columns differ in length;
 * INPUT_NOT_FINITE for NaN, as before the first checkpoint
 */
export function dataIqGroups(columns: DataIqColumns, thresholds: DataIqThresholds = {}): DataIqGroup[] {
  const { easy, hard, percentile } = declared.resolve(thresholds);
  const { aleatoric, confidence } = columns ?? {};
  requireArray('aleatoric', aleatoric);
  requireArray('confidence', confidence);
  if (aleatoric.length !== confidence.length) {
    throw new VogError(
      'PROBE_MISMATCH',
      `dataIqGroups: aleatoric has ${aleatoric.length} values and confidence ${confidence.length}. Give both columns of one metric.`,
    );
  }
  const values = Array.from(aleatoric);
  if (values.some(Number.isNaN) || Array.from(confidence).some(Number.isNaN)) {
    throw new VogError('INPUT_NOT_FINITE', 'dataIqGroups: a value is NaN. Take a checkpoint before grouping.');
  }
  if (values.length === 0) return [];
  const limit = quantile(values, percentile / 100);
  return values.map((uncertainty, example) => {
    if (uncertainty > limit * (1 + margin)) return 'ambiguous';
    const p = confidence[example] as number;
    if (p >= easy - margin) return 'easy';
    return p <= hard + margin ? 'hard' : 'ambiguous';
  });
}
