import * as tf from '@tensorflow/tfjs';

/** A model whose logits are its inputs: what comes of them can be read off the numbers. */
export const echo = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => tf.mul(x as tf.Tensor, 1);

/** Three examples, whose first choices lead by 2, 0.5 and 0. */
export const inputs = { data: Float32Array.from([3, 0, 1, 5, 4.5, -2, 0, 0, 0]), shape: [3, 3] };
