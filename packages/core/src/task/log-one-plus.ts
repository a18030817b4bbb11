import * as tf from '@tensorflow/tfjs';

/** 1 / (2 k + 1) for k = 7 to 1: the series of atanh(t) / t in t², cut where t = 1/3 leaves less than 1e-8. */
const TERMS = [1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3];

/**
 * log(1 + u) for u in [0, 1], to the last digits of float32 however small u is. Written out, as 2 atanh(u / (2 + u)):
 * on wasm `tf.log1p` is log(1 + u), which is 0 below 6e-8.
 */
function logOnePlus(u: tf.Tensor): tf.Tensor {
  const t = tf.div(u, tf.add(u, 2));
  const square = tf.mul(t, t);
  const [last = 0, ...rest] = TERMS;
  // Horner's scheme, from the smallest term; the 1 in front comes last.
  const series = [...rest, 1].reduce<tf.Tensor>((sum, term) => tf.add(tf.mul(sum, square), term), tf.scalar(last));
  return tf.mul(tf.mul(t, 2), series);
}

/** log(1 + exp(x)), with all digits where it is small and no overflow where it is large. */
export function softplus(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(x), logOnePlus(tf.exp(tf.neg(tf.abs(x)))));
}
