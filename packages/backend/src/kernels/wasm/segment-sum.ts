import type * as tf from '@tensorflow/tfjs';
import { asKernel, integers } from './heap.js';

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly segmentIds: tf.TensorInfo;
}
interface Attributes {
  readonly numSegments: number;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/**
 * Sum of the rows of x by segment, [numSegments, ...]: the gradient of a gather, and so of an embedding. The wasm
 * backend has none. Rows of a segment outside [0, numSegments) are dropped, as TensorFlow does with negative ones.
 */
export const segmentSum = asKernel<Inputs, Attributes>(({ inputs: { x, segmentIds }, attrs, backend }) => {
  const rows = sizeOf(segmentIds.shape);
  const inner = x.shape.slice(segmentIds.shape.length);
  const width = sizeOf(inner);
  const sums = backend.makeOutput([attrs.numSegments, ...inner], x.dtype);
  const source = backend.typedArrayFromHeap(x);
  const segments = integers(backend, segmentIds);
  const target = backend.typedArrayFromHeap(sums).fill(0);
  for (let row = 0; row < rows; row++) {
    const segment = segments[row]!;
    if (segment < 0 || segment >= attrs.numSegments) continue;
    for (let k = 0; k < width; k++) target[segment * width + k]! += source[row * width + k]!;
  }
  return sums;
});
