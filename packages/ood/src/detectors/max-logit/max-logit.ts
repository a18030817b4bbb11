import { logits } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { type Detector, defineDetector } from '../detector.js';
import { checkOptions, type NameOption } from '../shared/options.js';

/** Options of `maxLogit`. */
export type MaxLogitOptions<Name extends string = string> = NameOption<Name>;

/**
 * Maximum logit: `max A`. One forward pass. Low = out-of-distribution.
 *
 * Source: Hendrycks et al., "Scaling Out-of-Distribution Detection for Real-World Settings", ICML 2022,
 * arXiv 1911.11132.
 */
export function maxLogit<const Name extends string = 'max-logit'>(options: MaxLogitOptions<Name> = {}): Detector<Name> {
  checkOptions('maxLogit', options, []);
  const { name = 'max-logit' as Name } = options;
  return defineDetector({ name, requires: { logits }, score: (values) => tf.max(values.logits, 1) });
}
