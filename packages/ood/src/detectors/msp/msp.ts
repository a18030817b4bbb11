import { type Detector, defineDetector } from '../detector.js';
import { checkAbove, checkOptions, type NameOption, type TemperatureOption } from '../shared/options.js';
import { otherMassAt, probabilityOfMass } from '../shared/softmax.js';

/** Options of `msp`. */
export type MspOptions<Name extends string = string> = NameOption<Name> & TemperatureOption;

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
export function msp<const Name extends string = 'msp'>(options: MspOptions<Name> = {}): Detector<Name> {
  checkOptions('msp', options, ['temperature']);
  const { name = 'msp' as Name, temperature = 1 } = options;
  checkAbove('msp', 'temperature', temperature, 0);
  return defineDetector({
    name,
    requires: { mass: otherMassAt(temperature) },
    options: { temperature },
    score: ({ mass }) => mass,
    onHost: probabilityOfMass,
  });
}
