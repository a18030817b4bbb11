import type * as tf from '@tensorflow/tfjs';
import { asKernel, integers } from './heap.js';

interface Inputs {
  readonly indices: tf.TensorInfo;
}
interface Attributes {
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly dtype: tf.DataType;
}

/**
 * One-hot rows, [..., depth]. The stock kernel writes the bits of an integer whatever the type: as float32 its ones
 * are 1.4e-45. An index outside [0, depth) gives a row of `offValue`.
 */
export const oneHot = asKernel<Inputs, Attributes>(({ inputs: { indices }, attrs, backend }) => {
  const { depth, onValue, offValue, dtype } = attrs;
  const result = backend.makeOutput([...indices.shape, depth], dtype);
  const classes = integers(backend, indices);
  const target = backend.typedArrayFromHeap(result).fill(offValue);
  for (let row = 0; row < classes.length; row++) {
    const index = classes[row]!;
    if (index >= 0 && index < depth) target[row * depth + index] = onValue;
  }
  return result;
});
