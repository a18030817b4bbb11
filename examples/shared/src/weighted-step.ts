import * as tf from '@tensorflow/tfjs';

/** Positions of a batch among the training examples, and what each weighs. */
interface WeighedBatch {
  readonly indices: Int32Array;
  readonly weights: Float32Array;
}

/** One step on the mean over the batch of weight times cross-entropy, of a model that gives logits. */
export function weightedStep(
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  inputs: tf.Tensor,
  labels: Int32Array,
  classes: number,
  { indices, weights }: WeighedBatch,
): void {
  const oneHot = new Float32Array(indices.length * classes);
  for (const [row, index] of indices.entries()) oneHot[row * classes + (labels[index] as number)] = 1;
  tf.tidy(() => {
    const x = tf.gather(inputs, tf.tensor1d(indices, 'int32'));
    const targets = tf.tensor2d(oneHot, [indices.length, classes]);
    const weight = tf.tensor1d(weights);
    optimizer.minimize(() => {
      const logits = model.apply(x, { training: true }) as tf.Tensor2D;
      const losses = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1));
      return tf.mean(tf.mul(losses, weight));
    });
  });
}
