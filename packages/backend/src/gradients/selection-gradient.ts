import * as tf from '@tensorflow/tfjs';
import { refuseIndices } from '../registry/refusals.js';
import type { GradientConfig } from '../registry/registry.js';

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Gradient of repeating a tensor: the sum of its copies, axis by axis. The stock one ends at rank 4. */
export const tileGradient: GradientConfig = {
  kernelName: 'Tile',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attrs) => {
    const reps = attrs['reps'] as number[];
    const derivative = (): tf.Tensor =>
      x!.shape.reduce<tf.Tensor>(
        (gradient, size, axis) => {
          if (reps[axis] === 1) return gradient;
          const outer = gradient.shape.slice(0, axis);
          const inner = gradient.shape.slice(axis + 1);
          const copies = gradient.reshape([sizeOf(outer), reps[axis]!, size * sizeOf(inner)]);
          return tf.sum(copies, 1).reshape([...outer, size, ...inner]);
        },
        tf.clone(dy as tf.Tensor),
      );
    return { x: derivative };
  },
};

/** Rows of x to their sums by place: `[batch, outer, picked, inner]` back to `[batch, outer, length, inner]`. */
function scatterBack(dy: tf.Tensor, indices: tf.Tensor, length: number): tf.Tensor {
  const [batch, outer, picked, inner] = dy.shape as [number, number, number, number];
  const rows = dy.transpose([0, 2, 1, 3]).reshape([batch * picked, outer * inner]);
  const offsets = tf.range(0, batch, 1, 'int32').mul(tf.scalar(length, 'int32')).reshape([batch, 1]);
  const places = tf.add(tf.cast(indices, 'int32').reshape([batch, picked]), offsets).reshape([batch * picked]);
  const sums = tf.unsortedSegmentSum(rows as tf.Tensor2D, places as tf.Tensor1D, batch * length);
  return sums.reshape([batch, length, outer, inner]).transpose([0, 2, 1, 3]);
}

/** Gradient of a gather with batch axes: the stock one splits the batch for one of them and fails for more. */
export const batchGatherGradient = (original: GradientConfig): GradientConfig => ({
  ...original,
  gradFunc: (dy, saved, attrs) => {
    const stock = original.gradFunc;
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    const given = (attrs['batchDims'] ?? 0) as number;
    const batchDims = given < 0 ? given + indices.rank : given;
    if (batchDims === 0) return stock(dy, saved, attrs);
    const axis = tf.util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
    const sizes = [x.shape.slice(0, batchDims), x.shape.slice(batchDims, axis), x.shape.slice(axis + 1)].map(sizeOf);
    const [batch, outer, inner] = sizes as [number, number, number];
    const picked = sizeOf(indices.shape.slice(batchDims));
    return {
      x: () =>
        scatterBack((dy as tf.Tensor).reshape([batch, outer, picked, inner]), indices, x.shape[axis]!).reshape(x.shape),
      indices: () => refuseIndices('GatherV2'),
    };
  },
});

/** Gradient of the k largest entries of each row: each goes back where it came from. tfjs has none. */
export const topGradient: GradientConfig = {
  kernelName: 'TopK',
  inputsToSave: ['x'],
  outputsToSave: [false, true],
  gradFunc: (dys, saved) => {
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    const [dy] = dys as unknown as [tf.Tensor];
    const length = x.shape.at(-1)!;
    const k = indices.shape.at(-1)!;
    return {
      x: () => scatterBack(dy.reshape([x.size / length, 1, k, 1]), indices, length).reshape(x.shape),
    };
  },
};

/** Gradient of picking entries by index tuples: tfjs has none. */
export const gatherNdGradient: GradientConfig = {
  kernelName: 'GatherNd',
  inputsToSave: ['params', 'indices'],
  gradFunc: (dy, saved) => {
    const [params, indices] = saved as [tf.Tensor, tf.Tensor];
    return {
      params: () => tf.scatterND(indices, dy as tf.Tensor, params.shape),
      indices: () => refuseIndices('GatherNd'),
    };
  },
};

/** Gradient of moving depth into space, [N, H, W, C] or [N, C, H, W]: the same move back. tfjs has none. */
export const depthToSpaceGradient: GradientConfig = {
  kernelName: 'DepthToSpace',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attrs) => {
    const { blockSize: block, dataFormat } = attrs as unknown as { blockSize: number; dataFormat: string };
    const first = dataFormat === 'NCHW';
    const [n, a, b, c] = x!.shape as [number, number, number, number];
    const moved = (): tf.Tensor =>
      first
        ? (dy as tf.Tensor).reshape([n, a / block ** 2, b, block, c, block]).transpose([0, 3, 5, 1, 2, 4])
        : (dy as tf.Tensor).reshape([n, a, block, b, block, c / block ** 2]).transpose([0, 1, 3, 2, 4, 5]);
    return { x: () => moved().reshape(x!.shape) };
  },
};

/**
 * Gradients of taking a tensor apart: its pieces put together. The stock ones fail where there is only one piece, as in
 * a sequence of one step.
 */
export const PARTINGS: readonly GradientConfig[] = [
  {
    kernelName: 'Unpack',
    gradFunc: (dy, _, attrs) => ({ value: () => tf.stack([dy].flat(), attrs['axis'] as number) }),
  },
  {
    kernelName: 'SplitV',
    gradFunc: (dy, _, attrs) => ({ x: () => tf.concat([dy].flat(), attrs['axis'] as number) }),
  },
];
