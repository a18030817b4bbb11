import * as tf from '@tensorflow/tfjs';
import { cycles } from '../../gradients/batch-norm-broadcast.js';
import type { KernelFunction } from '../../registry/registry.js';

/**
 * prelu with slopes shared along an axis that is not the first, [H, 1, C] beside [N, H, W, C]: the stock kernel walks
 * the slopes round and round and takes those of other rows. What it does right stays with it.
 */
export function broadcastPrelu(original: KernelFunction): KernelFunction {
  return (args) => {
    const { x, alpha } = args.inputs as unknown as { x: tf.Tensor; alpha: tf.Tensor };
    if (cycles(alpha.shape, x.shape)) return original(args);
    const shape = tf.backend_util.assertAndGetBroadcastShape(x.shape, alpha.shape);
    return tf.tidy(() => tf.prelu(tf.broadcastTo(x, shape), tf.broadcastTo(alpha, shape)));
  };
}
