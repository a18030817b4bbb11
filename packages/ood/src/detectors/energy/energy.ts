import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { energyAt } from '../shared/free-energy.js';
import { temperature } from '../shared/options.js';

/** Options of `energy`. */
export type EnergyOptions<Name extends string = string> = OptionsOfDetector<typeof energy, Name>;

/**
 * Negative free energy: `T log Σ exp(A / T)`, T = 1. One forward pass. Low = out-of-distribution.
 *
 * Source: Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020, arXiv 2010.03759, eq. 4.
 *
 * @throws VogError ARGUMENT_INVALID for a temperature that is not above 0
 */
export const energy = defineDetector({
  name: 'energy',
  options: { temperature },
  requires: (options) => ({ value: energyAt(options.temperature) }),
  score: ({ value }) => value,
});
