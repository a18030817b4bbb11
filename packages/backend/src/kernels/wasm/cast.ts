import type * as tf from '@tensorflow/tfjs';
import { asKernel } from './heap.js';

interface Inputs {
  readonly x: tf.TensorInfo;
}
interface Attributes {
  readonly dtype: tf.DataType;
}

/** A cast to bool that says whether each number differs from 0. The stock one keeps its last byte: -2 becomes 254. */
export const truthCast = (original: tf.KernelConfig['kernelFunc']): tf.KernelConfig['kernelFunc'] =>
  asKernel<Inputs, Attributes>((args) => {
    const { x } = args.inputs;
    if (args.attrs.dtype !== 'bool' || x.dtype === 'bool') return original(args as never) as tf.TensorInfo;
    const result = args.backend.makeOutput([...x.shape], 'bool');
    const source = args.backend.typedArrayFromHeap(x);
    const target = args.backend.typedArrayFromHeap(result);
    for (let i = 0; i < target.length; i++) target[i] = source[i] === 0 ? 0 : 1;
    return result;
  });
