import { logits } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';

/** Options of `maxLogit`. */
export type MaxLogitOptions<Name extends string = string> = OptionsOfDetector<typeof maxLogit, Name>;

/**
 * Maximum logit: `max A`. One forward pass. Low = out-of-distribution.
 *
 * Source: Hendrycks et al., "Scaling Out-of-Distribution Detection for Real-World Settings", ICML 2022,
 * arXiv 1911.11132.
 */
export const maxLogit = defineDetector({
  name: 'max-logit',
  requires: () => ({ logits }),
  score: (values) => tf.max(values.logits, 1),
});
