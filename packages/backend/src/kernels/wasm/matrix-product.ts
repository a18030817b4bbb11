import type * as tf from '@tensorflow/tfjs';
import { asKernel, floats, type WasmBackend } from './heap.js';
import { transposeInto } from './transpose.js';

interface Inputs {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
}
interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The transpose of the last two axes, [batch, rows, columns] to [batch, columns, rows]. */
function transposed(backend: WasmBackend, matrices: tf.TensorInfo): tf.TensorInfo {
  const [rows, columns] = matrices.shape.slice(-2) as [number, number];
  const outer = matrices.shape.slice(0, -2);
  const result = backend.makeOutput([...outer, columns, rows], 'float32');
  const source = floats(backend, matrices);
  const target = floats(backend, result);
  for (let start = 0; start < source.length; start += rows * columns) {
    const from = { values: source, start, stride: columns };
    transposeInto(from, rows, columns, { values: target, start, stride: rows });
  }
  return result;
}

/**
 * Matrix product with transposed operands, as the gradient of every dense layer needs it.
 *
 * The stock kernel hands only plain products of two matrices to XNNPACK and runs all others in a scalar loop, some
 * ten times slower. Transposing first costs one pass over the operand. Products of several matrices at once
 * (attention) stay with the stock kernel, which is right, if slow.
 */
export function matrixProduct(original: tf.KernelConfig['kernelFunc']) {
  return asKernel<Inputs, Attributes>((args) => {
    const { inputs, attrs, backend } = args;
    const { a, b } = inputs;
    const single = [a, b].every(({ shape, dtype }) => dtype === 'float32' && shape.slice(0, -2).every((n) => n === 1));
    if (!(attrs.transposeA || attrs.transposeB) || !single) return original(args as never) as tf.TensorInfo;
    const left = attrs.transposeA ? transposed(backend, a) : a;
    const right = attrs.transposeB ? transposed(backend, b) : b;
    const plain = { inputs: { a: left, b: right }, attrs: { transposeA: false, transposeB: false }, backend };
    const product = original(plain) as tf.TensorInfo;
    if (left !== a) backend.disposeData(left.dataId);
    if (right !== b) backend.disposeData(right.dataId);
    return product;
  });
}
