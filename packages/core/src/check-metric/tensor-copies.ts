import * as tf from '@tensorflow/tfjs';

/** Tensors by name. */
export type TensorRecord = Readonly<Record<string, tf.Tensor>>;

/** A tensor's numbers on the host, with its shape and type. */
export interface TensorCopy {
  readonly values: Float32Array;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Copies of all tensors. Of the numbers, not of references to them: a backend may hand out its own array. */
export async function copiesOf(tensors: TensorRecord): Promise<Record<string, TensorCopy>> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => {
    const values = Float32Array.from((await tensor.data()) as ArrayLike<number>);
    return [name, { values, shape: tensor.shape, dtype: tensor.dtype }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Clones, which whoever asks owns: a hook may return a tensor of its state, or one tensor twice. */
export function clonesOf<R extends TensorRecord>(tensors: R): { [Name in keyof R]: tf.Tensor } {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor)])) as {
    [Name in keyof R]: tf.Tensor;
  };
}

/** What differs first between two records, in words; null when nothing does. */
export function differenceOf(
  expected: Readonly<Record<string, Pick<TensorCopy, 'values'>>>,
  found: Readonly<Record<string, Pick<TensorCopy, 'values'>>>,
  tolerance: number,
): string | null {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  for (const name of names) {
    const [a, b] = [expected[name]?.values, found[name]?.values];
    if (a === undefined || b === undefined) return `'${name}' is there only one time of the two`;
    if (a.length !== b.length) return `'${name}' has ${a.length} values one time and ${b.length} the other`;
    // Relative to the largest value: what is near 0 by cancellation carries the rounding of its terms.
    const largest = a.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
    for (const [i, value] of a.entries()) {
      const other = b[i] as number;
      const isSame = Object.is(value, other) || Math.abs(value - other) <= tolerance * largest;
      if (!isSame) return `'${name}' is ${value} one time and ${other} the other, at index ${i}`;
    }
  }
  return null;
}
