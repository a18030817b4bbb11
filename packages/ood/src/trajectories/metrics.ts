import { checkArgument, record } from '@vogjs/base';
import { defineMetric, defineResource, logits, type Metric, type OptionsOf, predictions } from '@vogjs/core';
import { trajectoryVariance, type TrajectoryVarianceOptions, vog, type VogOptions } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { energyAt } from '../detectors/shared/free-energy.js';
import { otherMassAt } from '../detectors/shared/softmax.js';

/** Options of `vogOodMetrics`: those of `vog`, whose label is `'predicted'` unless told. */
export interface VogOodMetricsOptions extends Omit<VogOptions, 'name' | 'label'> {
  /**
   * Which label's probability is differentiated. `'predicted'` (default): the one predicted at each checkpoint. An Int32Array
   * of one label per probe example: fixed; `replayCheckpoints` gives those that the last checkpoint predicts.
   */
  readonly label?: 'predicted' | Int32Array;
}

/** `max softmax(A)`: `[size]`. */
const largestProbability = defineResource({
  name: 'ood.msp',
  requires: { mass: otherMassAt(1) },
  compute: ({ mass }) => tf.div<tf.Tensor1D>(1, tf.add(mass, 1)),
});

/** `max A`: `[size]`. */
const largestLogit = defineResource({
  name: 'ood.maxLogit',
  requires: { logits },
  compute: (values) => tf.max<tf.Tensor1D>(values.logits, 1),
});

/**
 * What a tracker needs for `vogOod`, from one forward and one backward pass a checkpoint:
 *
 * - `vog`, with the predicted label: no labels are needed, which out-of-distribution examples do not have;
 * - `predicted-label`, the class predicted last, for scores normalised by class;
 * - `msp-variance`, `energy-variance`, `max-logit-variance`: the variance over the same checkpoints of values that need
 *   no gradient. What VoG tells beyond these is what its gradients are worth.
 *
 * Source: Agarwal, D'souza & Hooker, CVPR 2022, supplement, section F (VoG as a detector).
 */
export function vogOodMetrics(options: VogOodMetricsOptions = {}): readonly Metric[] {
  checkArgument('vogOodMetrics', 'options', options, record);
  const { label = 'predicted', ...rest } = options;
  const { ddof, reduce } = vog.definition.options.resolve({ ...rest, label });
  const variance: TrajectoryVarianceOptions = { ddof, reduce };
  return [
    vog({ ...rest, label }),
    predictedLabel(),
    trajectoryVariance(largestProbability, { ...variance, name: 'msp-variance' }),
    trajectoryVariance(energyAt(1), { ...variance, name: 'energy-variance' }),
    trajectoryVariance(largestLogit, { ...variance, name: 'max-logit-variance' }),
  ];
}

/** Options of `predictedLabel`. */
export type PredictedLabelOptions = OptionsOf<typeof predictedLabel>;

/**
 * The class predicted at the last checkpoint; -1 before the first. A fact about an example for other scores to use: it
 * has no hard end, and `hardDirection` says nothing. State: N x 4 bytes per window.
 */
export const predictedLabel = defineMetric({
  name: 'predicted-label',
  hardDirection: 'high',
  requires: () => ({ predictions }),
  init: ({ size }) => ({ label: tf.fill([size], -1, 'int32') as tf.Tensor }),
  update: (_, values) => ({ label: values.predictions }),
  compute: ({ label }) => label,
  merge: (a, b) => ({ label: tf.where(tf.greaterEqual(b.label, 0), b.label, a.label) }),
});
