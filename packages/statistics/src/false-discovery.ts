import { VogError } from '@vogjs/base';
import { declareOptions, type InputOf, oneOf } from '@vogjs/base/options';
import { requireArray, requireAtLeast } from './arguments.js';
import { orderOf } from './ranks.js';

const declared = declareOptions('benjaminiHochberg', {
  scale: oneOf('linear', 'log').about('Whether p-values are given, or their natural logarithms.'),
});

type FalseDiscoveryOptions = InputOf<typeof declared.entries>;

/**
 * p-values adjusted for their number by Benjamini and Hochberg (1995). Keep those below q: of what is kept, a share of
 * at most q is expected to be false, when the tests are independent or positively dependent.
 *
 * Adjusted p_(i) = min over j >= i of min(1, p_(j) m / j), in the order of the input.
 *
 * ```ts
 * const adjusted = benjaminiHochberg(tests.map(({ p }) => p));
 * const tiny = benjaminiHochberg(tests.map(({ logP }) => logP), { scale: 'log' }); // p beyond float64
 * ```
 *
 * @param pValues in [0, 1]; with `scale: 'log'` their natural logarithms, and so is the result
 * @returns float64, one per p-value
 * @throws VogError SAMPLE_TOO_SMALL (none), ARGUMENT_INVALID (no probability; NaN)
 */
export function benjaminiHochberg(pValues: ArrayLike<number>, options: FalseDiscoveryOptions = {}): Float64Array {
  const { scale } = declared.resolve(options);
  requireArray('pValues', pValues);
  const count = pValues.length;
  requireAtLeast(1, 'pValues', count);
  for (let index = 0; index < count; index++) requireProbability(pValues[index]!, index, scale);
  const { order } = orderOf(pValues);
  const adjusted = new Float64Array(count);
  let least = scale === 'log' ? 0 : 1;
  for (let position = count - 1; position >= 0; position--) {
    const index = order[position]!;
    const p = pValues[index]!;
    const factor = count / (position + 1);
    least = Math.min(least, scale === 'log' ? p + Math.log(factor) : p * factor);
    adjusted[index] = least;
  }
  return adjusted;
}

function requireProbability(p: number, index: number, scale: 'linear' | 'log'): void {
  if (typeof p === 'number' && (scale === 'linear' ? p >= 0 && p <= 1 : p <= 0)) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    scale === 'linear'
      ? `pValues[${index}] is ${p}; a p-value lies in [0, 1]. For logarithms of p-values say { scale: 'log' }.`
      : `pValues[${index}] is ${p}; the natural logarithm of a p-value is at most 0.`,
  );
}
