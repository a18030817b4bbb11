import { defineResource, type Metric, probabilities } from '@vogjs/core';
import { freeEnergy, trajectoryVariance, vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';

/** The maximum softmax probability: `[size]`. */
const maxProbability = defineResource({
  name: 'maxProbability',
  requires: { probabilities },
  compute: (values) => tf.max<tf.Tensor1D>(values.probabilities, 1),
});

/**
 * What the tracker keeps of every image: VoG of the label predicted at each checkpoint, and, from the same passes, the
 * variance of two forward-only confidences: whether the gradient is what matters.
 */
export function trackedMetrics(): Metric[] {
  return [
    vog({ label: 'predicted' }),
    trajectoryVariance(maxProbability, { name: 'msp-variance' }),
    trajectoryVariance(freeEnergy, { name: 'energy-variance' }),
  ];
}
