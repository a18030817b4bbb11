import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { Batch } from './batches.js';
import { type Recipe, rateAt } from './recipe.js';

/** What one epoch of training came to; each batch counts before its own step. */
export interface EpochResult {
  /** Mean cross-entropy over the images, nats. */
  readonly loss: number;
  /** Share of images whose largest logit was their class's, augmented as they were. */
  readonly accuracy: number;
}

/** SGD with the recipe's momentum, at its first learning rate. */
export function sgd({ learningRate, momentum, nesterov }: Recipe): tf.MomentumOptimizer {
  return tf.train.momentum(learningRate, momentum, nesterov);
}

/**
 * Trains a model that gives logits on the batches of one epoch.
 *
 * Weight decay is L2 on every trained weight, added to the gradient in the loop: TensorFlow.js's optimisers have none,
 * and a regulariser per layer would not reach batch normalisation's scales and offsets.
 *
 * @param progress share of the whole training at the epoch's start and end, which the learning rate follows
 */
export async function trainEpoch(
  model: tf.LayersModel,
  optimizer: tf.MomentumOptimizer,
  batches: tf.data.Dataset<Batch>,
  recipe: Recipe,
  progress: { readonly from: number; readonly to: number; readonly steps: number },
): Promise<EpochResult> {
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const results: tf.Tensor1D[] = [];
  let images = 0;
  try {
    await batches.forEachAsync((batch) => {
      const { from, to, steps } = progress;
      optimizer.setLearningRate(rateAt(recipe, from + ((to - from) * results.length) / steps));
      results.push(step(model, optimizer, variables, batch, recipe.weightDecay));
      images += batch.xs.shape[0];
      tf.dispose(batch);
    });
    if (images === 0) throw new VogError('ARGUMENT_INVALID', 'There is no batch to train on.');
    const sums = await sumOf(results);
    return { loss: sums[0] / images, accuracy: sums[1] / images };
  } finally {
    tf.dispose(results);
  }
}

/** One step; sum of the losses and number of right answers, `[2]`. */
function step(
  model: tf.LayersModel,
  optimizer: tf.MomentumOptimizer,
  variables: tf.Variable[],
  { xs, ys }: Batch,
  weightDecay: number,
): tf.Tensor1D {
  return tf.tidy(() => {
    let correct = tf.scalar(0);
    const { value, grads } = tf.variableGrads(() => {
      const logits = model.apply(xs, { training: true }) as tf.Tensor2D;
      const hits = tf.equal(tf.argMax(logits, 1), tf.argMax(ys, 1));
      // Kept: variableGrads disposes what its function makes beside the loss.
      correct = tf.keep(tf.sum(tf.where(hits, tf.ones(hits.shape), tf.zeros(hits.shape))));
      return tf.losses.softmaxCrossEntropy(ys, logits).asScalar();
    }, variables);
    const decayed = Object.fromEntries(
      variables.map((variable) => {
        const gradient = grads[variable.name] as tf.Tensor;
        return [variable.name, weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(variable, weightDecay))];
      }),
    );
    optimizer.applyGradients(decayed);
    const pair = tf.stack([tf.mul(value, xs.shape[0]), correct]) as tf.Tensor1D;
    correct.dispose();
    return pair;
  });
}

async function sumOf(pairs: readonly tf.Tensor1D[]): Promise<[number, number]> {
  const sums: [number, number] = [0, 0];
  for (const pair of pairs) {
    const [first = 0, second = 0] = await pair.data();
    sums[0] += first;
    sums[1] += second;
  }
  return sums;
}
