import { type Detector, defineDetector } from '../detector.js';
import { checkAbove, checkOptions, type NameOption, type TemperatureOption } from '../shared/options.js';
import { energyAt } from '../shared/free-energy.js';

/** Options of `energy`. */
export type EnergyOptions<Name extends string = string> = NameOption<Name> & TemperatureOption;

/**
 * Negative free energy: `T log Σ exp(A / T)`, T = 1. One forward pass. Low = out-of-distribution.
 *
 * Source: Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020, arXiv 2010.03759, eq. 4.
 *
 * @throws VogError ARGUMENT_INVALID for a temperature that is not above 0
 */
export function energy<const Name extends string = 'energy'>(options: EnergyOptions<Name> = {}): Detector<Name> {
  checkOptions('energy', options, ['temperature']);
  const { name = 'energy' as Name, temperature = 1 } = options;
  checkAbove('energy', 'temperature', temperature, 0);
  return defineDetector({
    name,
    requires: { value: energyAt(temperature) },
    options: { temperature },
    score: ({ value }) => value,
  });
}
