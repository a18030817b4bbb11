import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { temperature } from '../shared/options.js';
import { otherMassAt, probabilityOfMass } from '../shared/softmax.js';

/** Options of `msp`. */
export type MspOptions<Name extends string = string> = OptionsOfDetector<typeof msp, Name>;

/**
 * Maximum softmax probability: `max softmax(A / T)`, T = 1. One forward pass. Low = out-of-distribution.
 *
 * Told apart down to 1 - p = 1e-16, where float32 ends at 6e-8.
 *
 * Source: Hendrycks & Gimpel, "A Baseline for Detecting Misclassified and Out-of-Distribution Examples in Neural
 * Networks", ICLR 2017, arXiv 1610.02136.
 *
 * @throws VogError ARGUMENT_INVALID for a temperature that is not above 0
 */
export const msp = defineDetector({
  name: 'msp',
  options: { temperature },
  requires: (options) => ({ mass: otherMassAt(options.temperature) }),
  score: ({ mass }) => mass,
  onHost: probabilityOfMass,
});
