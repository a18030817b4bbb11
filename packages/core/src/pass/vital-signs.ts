import * as tf from '@tensorflow/tfjs';

/**
 * Two or more numbers per example, on the device, that tell a model that has diverged and gradients that are 0:
 * `[1 + gradients, size]`. Row 0 is NaN where the logits of an example have no softmax; row g is the sum of the
 * absolute values of the g-th input gradient.
 *
 * Minus infinity is a logit like others, as masked classes have it; a row of nothing else is not.
 */
export function vitalSigns(logits: tf.Tensor2D, gradients: readonly tf.Tensor[]): tf.Tensor2D {
  return tf.tidy(() => {
    const shifted = tf.sub(logits, tf.max(logits, 1, true));
    const sums = gradients.map((gradient) => tf.sum(tf.abs(tf.reshape(gradient, [logits.shape[0], -1])), 1));
    return tf.stack([tf.sum(shifted, 1), ...sums]) as tf.Tensor2D;
  });
}

/** Vital signs of one chunk that have left the device. */
export interface Signs {
  readonly values: ArrayLike<number>;
  readonly size: number;
  /** Keys of the gradients, in the order of the rows after the first. */
  readonly gradients: readonly string[];
}

/** Examples of a chunk whose logits or gradients are not finite. */
export function countNotFinite({ values, size, gradients }: Signs): number {
  let count = 0;
  for (let i = 0; i < size; i++) {
    let finite = !Number.isNaN(values[i]);
    for (let row = 1; row <= gradients.length; row++) finite &&= Number.isFinite(values[row * size + i]);
    if (!finite) count++;
  }
  return count;
}

/** Gradients of a chunk that are exactly 0 for every example. */
export function zeroGradients({ values, size, gradients }: Signs): string[] {
  return gradients.filter((_, row) => {
    for (let i = 0; i < size; i++) if (values[(row + 1) * size + i] !== 0) return false;
    return true;
  });
}
