import * as tf from '@tensorflow/tfjs';
import type { HostMatrix } from '../fit-statistics/rows.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** Rows on the device at once. */
const BLOCK = 1024;

/**
 * Basis of what the first `principal` eigenvectors of `Σ (f - origin)(f - origin)' / N` leave: `[d, d - principal]`,
 * columns of length 1. Products in blocks on the device, added up and decomposed in float64 on the host.
 */
export async function principalComplement(
  rows: HostMatrix,
  origin: Float64Array,
  principal: number,
): Promise<Float64Array> {
  const [count, width] = rows.shape;
  const moments = new Float64Array(width * width);
  await eachBlock(
    rows,
    origin,
    (centred) => tf.matMul(centred, centred, true, false),
    (products) => {
      for (let i = 0; i < moments.length; i++) moments[i]! += products[i]! / count;
    },
  );
  const { vectors } = symmetricEigen(moments, width);
  const rest = width - principal;
  const basis = new Float64Array(width * rest);
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < rest; column++) {
      basis[row * rest + column] = vectors[(principal + column) * width + row]!;
    }
  }
  return basis;
}

/** `norm2((f - origin) basis)` of each row: `[N]`. */
export async function residualLengths(
  rows: HostMatrix,
  origin: Float64Array,
  basis: Float64Array,
): Promise<Float32Array> {
  const [count, width] = rows.shape;
  const lengths = new Float32Array(count);
  const columns = tf.tensor2d(Float32Array.from(basis), [width, basis.length / width]);
  try {
    await eachBlock(
      rows,
      origin,
      (centred) => tf.sqrt(tf.sum(tf.square(tf.matMul(centred, columns)), 1)),
      (block, start) => lengths.set(block, start),
    );
  } finally {
    columns.dispose();
  }
  return lengths;
}

async function eachBlock(
  { data, shape: [count, width] }: HostMatrix,
  origin: Float64Array,
  reduce: (centred: tf.Tensor2D) => tf.Tensor,
  receive: (values: Float32Array, start: number) => void,
): Promise<void> {
  for (let start = 0; start < count; start += BLOCK) {
    const size = Math.min(BLOCK, count - start);
    const reduced = tf.tidy(() => {
      const block = tf.tensor2d(data.subarray(start * width, (start + size) * width), [size, width]);
      return reduce(tf.sub(block, tf.tensor1d(Float32Array.from(origin))));
    });
    try {
      receive((await reduced.data()) as Float32Array, start);
    } finally {
      reduced.dispose();
    }
  }
}
