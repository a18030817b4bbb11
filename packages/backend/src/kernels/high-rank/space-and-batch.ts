import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';
import { runKernel, SHADER_RANK } from './merged-axes.js';

interface Attributes {
  readonly blockShape: readonly number[];
  readonly paddings?: readonly (readonly [number, number])[];
  readonly crops?: readonly (readonly [number, number])[];
}
/** Blocks of two axes make six of four, which is what shaders have. */
const BLOCKS = 2;

/**
 * Space to batch and back, one block axis after the other, for more than four axes or more than two block axes: the
 * stock kernels throw. The batch counts blocks from the first axis on, so space leaves from the last axis on and comes
 * back from the first.
 */
export function spaceByAxis(kernelName: 'SpaceToBatchND' | 'BatchToSpaceND', original: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as unknown as { x: tf.Tensor };
    const { blockShape, paddings, crops } = args.attrs as unknown as Attributes;
    if (x.shape.length <= SHADER_RANK && blockShape.length <= BLOCKS) return original(args);
    const order = blockShape.map((_, block) => block);
    if (kernelName === 'SpaceToBatchND') order.reverse();
    return tf.tidy(() => {
      let result: tf.Tensor = x;
      for (const block of order) {
        const { shape } = result;
        const axis = block + 1;
        const between = tf.util.sizeFromShape(shape.slice(1, axis));
        const behind = tf.util.sizeFromShape(shape.slice(axis + 1));
        const cut = [[0, 0], (paddings ?? crops)![block]];
        const attrs = { blockShape: [1, blockShape[block]], [paddings ? 'paddings' : 'crops']: cut };
        const four = tf.reshape(result, [shape[0]!, between, shape[axis]!, behind]);
        const moved = runKernel(kernelName, { x: four }, attrs);
        result = tf.reshape(moved, [
          moved.shape[0]!,
          ...shape.slice(1, axis),
          moved.shape[2]!,
          ...shape.slice(axis + 1),
        ]);
      }
      return result;
    });
  };
}
