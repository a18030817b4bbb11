import * as tf from '@tensorflow/tfjs';
import { asKernel, integers } from './heap.js';

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly indices: tf.TensorInfo;
}
interface Attributes {
  readonly axis: number;
  readonly batchDims: number;
}

/**
 * A gather whose first axes are a batch. The stock kernel takes them for one flat list: it reads other examples' rows,
 * and beyond its memory. Without a batch it is right, and stays.
 */
export const batchGather = (original: tf.KernelConfig['kernelFunc']): tf.KernelConfig['kernelFunc'] =>
  asKernel<Inputs, Attributes>((args) => {
    const { x, indices } = args.inputs;
    const { axis, batchDims } = args.attrs;
    if (batchDims === 0) return original(args as never) as tf.TensorInfo;
    const along = tf.util.parseAxisParam(axis, [...x.shape])[0]!;
    const info = tf.backend_util.segment_util.collectGatherOpShapeInfo(
      x as tf.Tensor,
      indices as tf.Tensor,
      along,
      batchDims,
    );
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info;
    const result = args.backend.makeOutput(outputShape, x.dtype);
    const source = args.backend.typedArrayFromHeap(x);
    const places = integers(args.backend, indices);
    const target = args.backend.typedArrayFromHeap(result);
    const picked = places.length / batchSize;
    for (let batch = 0, at = 0; batch < batchSize; batch++) {
      for (let outer = 0; outer < outerSize; outer++) {
        for (let k = 0; k < picked; k++, at += sliceSize) {
          const place = places[batch * picked + k]!;
          tf.util.assert(place >= 0 && place < dimSize, () => `GatherV2: index ${place} is not in [0, ${dimSize - 1}]`);
          const from = ((batch * outerSize + outer) * dimSize + place) * sliceSize;
          target.set(source.subarray(from, from + sliceSize), at);
        }
      }
    }
    return result;
  });
