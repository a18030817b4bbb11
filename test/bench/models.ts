import * as tf from '@tensorflow/tfjs';

/**
 * The logits of a model that ends in Dense with softmax, taken off by hand: what a benchmark compares with owes nothing
 * to the code it measures. The weights are shared.
 */
export function logitsByHand(model: tf.LayersModel): (x: tf.Tensor) => tf.Tensor2D {
  const head = model.layers.at(-1)!;
  const trunk = tf.model({ inputs: model.inputs, outputs: head.input as tf.SymbolicTensor });
  const [kernel, bias] = head.getWeights() as [tf.Tensor2D, tf.Tensor1D];
  return (x) => tf.add(tf.matMul(trunk.apply(x) as tf.Tensor2D, kernel), bias);
}
