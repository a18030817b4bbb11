import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

/**
 * One-hot rows `[labels.length, classes]`, float32, built on the host: `tf.oneHot(…, 'float32')` writes integer bits on
 * wasm, and a cast of its int32 result keeps integer storage on webgpu.
 */
export function oneHot(labels: Int32Array, classes: number): tf.Tensor2D {
  const rows = new Float32Array(labels.length * classes);
  for (const [i, label] of labels.entries()) {
    // Out of range it would light a class of a neighbouring example.
    if (!(label >= 0 && label < classes)) {
      throw new VogError(
        'LABEL_INVALID',
        `Label ${label} of row ${i} is out of range: there are ${classes} classes, 0 to ${classes - 1}.`,
      );
    }
    rows[i * classes + label] = 1;
  }
  return tf.tensor2d(rows, [labels.length, classes]);
}

/** One-hot rows of the largest entry of each row of `logits`, the first on ties, without leaving the device. */
export function oneHotOfLargest(logits: tf.Tensor2D): tf.Tensor2D {
  const [size, classes] = logits.shape;
  const largest = tf.reshape(tf.argMax(logits, 1), [size, 1]);
  const hit = tf.equal(
    largest,
    tf.tensor2d(
      Int32Array.from({ length: classes }, (_, c) => c),
      [1, classes],
      'int32',
    ),
  );
  return tf.where(hit, tf.ones<tf.Rank.R2>([size, classes]), tf.zeros<tf.Rank.R2>([size, classes]));
}
