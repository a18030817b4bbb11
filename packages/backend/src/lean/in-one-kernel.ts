import * as tf from '@tensorflow/tfjs';

/** A kernel of ours, where a backend has it: p_y (onehot(y) - p) of `{ logits, oneHot }`, both `[size, classes]`. */
export const SOFTMAX_COTANGENT = 'VogjsSoftmaxCotangent';

/**
 * What the active backend's kernel of that name gives; null where there is none, and under a tape, because a kernel of
 * ours has no gradient of its own.
 */
export const inOneKernel = (name: string) => {
  const kernel = tf.getKernel(name, tf.getBackend());
  const engine = tf.engine();
  return (inputs: tf.NamedTensorMap, attributes?: object): tf.Tensor | null =>
    kernel && !engine.state.gradientDepth ? engine.runKernel(name, inputs, attributes as tf.NamedAttrMap) : null;
};
