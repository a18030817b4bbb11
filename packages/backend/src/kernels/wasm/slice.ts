import * as tf from '@tensorflow/tfjs';
import { asKernel } from './heap.js';

interface Inputs {
  readonly x: tf.TensorInfo;
}

interface Attributes {
  readonly begin: number | number[];
  readonly size: number | number[];
}

/**
 * A slice that is one stretch of memory, such as some examples of a batch. The stock kernel copies the whole tensor out
 * of the heap before it takes the stretch, so that reading a probe of n examples chunk by chunk costs n^2.
 */
export function contiguousSlice(original: tf.KernelConfig['kernelFunc']): tf.KernelConfig['kernelFunc'] {
  return asKernel<Inputs, Attributes>((args) => {
    const { inputs, attrs, backend } = args;
    const { x } = inputs;
    const [begin, size] = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size) as [
      number[],
      number[],
    ];
    if (x.dtype === 'string' || !tf.slice_util.isSliceContinous(x.shape, begin, size)) {
      return original(args as never) as tf.TensorInfo;
    }
    const offset = tf.slice_util.computeFlatOffset(begin, tf.util.computeStrides(x.shape));
    const result = backend.makeOutput(size, x.dtype);
    const length = tf.util.sizeFromShape(size);
    backend.typedArrayFromHeap(result).set(backend.typedArrayFromHeap(x).subarray(offset, offset + length));
    return result;
  });
}
