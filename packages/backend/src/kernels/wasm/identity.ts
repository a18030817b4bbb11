import type * as tf from '@tensorflow/tfjs';
import { asKernel } from './heap.js';

interface Inputs {
  readonly x: tf.TensorInfo;
}

/**
 * A second handle on the same numbers, as on every other backend and as wasm's own Reshape. The stock kernel copies,
 * and the tape clones each activation that it saves: twice the memory of a gradient pass.
 */
export function sharedIdentity(original: tf.KernelConfig['kernelFunc']): tf.KernelConfig['kernelFunc'] {
  return asKernel<Inputs, Record<string, never>>((args) => {
    const { x } = args.inputs;
    if (x.dtype === 'string') return original(args as never) as tf.TensorInfo;
    args.backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
}
