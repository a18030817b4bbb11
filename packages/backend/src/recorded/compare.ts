import type { Binding, Metadata } from '../native/native-backend.js';

/** Of the largest value of a result: fused operations round otherwise, float32 over some thousand terms by less. */
const TOLERANCE = 1e-4;
/** Of the largest value of all results: what cancels, such as a deviation from a mean that it equals, is only noise. */
const NOISE = 1e-6;

type Numbers = ReturnType<Binding['tensorDataSync']>;

/**
 * In which result, and by how much, a session is off from the operations one by one; null where they agree. Whole numbers
 * and truth values must be equal, floats within 1e-4 of the largest; NaN and infinity must be in the same places.
 */
export function differenceOf(
  binding: Binding,
  computed: readonly Metadata[],
  replayed: readonly Metadata[],
): string | null {
  const [eager, session] = [computed, replayed].map((results) => results.map(({ id }) => binding.tensorDataSync(id)));
  const scales = eager!.map(largest);
  const noise = NOISE * Math.max(0, ...scales);
  for (const [i, values] of eager!.entries()) {
    const isFloat = values instanceof Float32Array;
    const allowed = isFloat ? Math.max(TOLERANCE * scales[i]!, noise) : 0;
    const off = distance(values, session![i]!);
    if (!(off <= allowed)) {
      return `result ${i} [${computed[i]!.shape.join(', ')}] differs by ${off.toExponential(1)}, its largest value is ${scales[i]!.toExponential(1)}`;
    }
  }
  return null;
}

function largest(values: Numbers): number {
  let most = 0;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}

function distance(a: Numbers, b: Numbers): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const off = Math.abs(a[i]! - b[i]!);
    if (Number.isNaN(off)) return Number.POSITIVE_INFINITY;
    if (off > most) most = off;
  }
  return most;
}
