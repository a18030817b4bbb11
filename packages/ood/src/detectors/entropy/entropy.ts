import * as tf from '@tensorflow/tfjs';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { logProbabilitiesAt } from '../shared/softmax.js';

/** Options of `entropyScore`. */
export type EntropyScoreOptions<Name extends string = string> = OptionsOfDetector<typeof entropyScore, Name>;

/**
 * Negative entropy of the prediction: `Σ p log p`, in nats, 0 at the most. One forward pass. Low = out-of-distribution.
 *
 * Source: the Shannon entropy of the softmax as a confidence, as in Hendrycks, Mazeika & Dietterich, "Deep Anomaly
 * Detection with Outlier Exposure", ICLR 2019, and Liu, Lochman & Zach (GEN), CVPR 2023, table 1.
 */
export const entropyScore = defineDetector({
  name: 'entropy',
  call: 'entropyScore',
  requires: () => ({ logP: logProbabilitiesAt(1) }),
  score: ({ logP }) => {
    const p = tf.exp(logP);
    // A probability of exactly 0 adds 0, also where its logarithm is minus infinity.
    return tf.sum(tf.where(tf.greater(p, 0), tf.mul(p, logP), tf.zerosLike(p)), 1);
  },
});
