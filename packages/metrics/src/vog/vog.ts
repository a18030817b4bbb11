import { integer, oneOf } from '@vogjs/base/options';
import {
  defineMetric,
  gradientOptions,
  inputGradient,
  type OptionsOf,
  type OptionValues,
  runningMoments,
  VogError,
} from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { ddof } from '../shared/options.js';
import { LOGIT_NOTE, wordsOfReading } from './readings.js';

/** Options of `vog`. */
export type VogOptions = OptionsOf<typeof vog>;

const options = {
  ...gradientOptions,
  activation: gradientOptions.activation.default('softmax'),
  channels: oneOf('mean', 'separate').about("Whether an image's channels are averaged first, or vary each alone."),
  reduce: oneOf('std', 'variance').about('Mean over pixels of the deviation, or of the variance.'),
  ddof,
  pool: integer(1).default(1).about('Average-pools maps of images by k x k, for 1/k² of the memory.'),
};

/**
 * Variance of Gradients: how much the input gradient of the probability of an example's class moves over training.
 *
 * `VoG = mean over pixels of sqrt((1/K) Σ_t (S_t - mean_t S)²)`, `S_t` = mean over channels of `∂p_y/∂x` at checkpoint t.
 * NaN below two checkpoints. Needs labels unless `label` is `'predicted'` or fixed.
 *
 * What is differentiated decides the sign. The paper's text (eq. 1) and the authors' ImageNet gradients take the logit;
 * their toy script takes the softmax probability, `softmax(A)[y]`. The supplement says what the score should do: error
 * rises with late VoG. Measured by us at 90 % on CIFAR-10 and 92 % on Fashion-MNIST, only the probability and the loss do
 * that; error falls with VoG of the logit, early and late. So the default is the probability, `activation: 'logit'` is
 * the paper's equation, and `hardDirection` is what was seen: high, but low for the logit. In early checkpoints alone
 * VoG of the probability ranked either way. See docs/experiments/readings.md.
 *
 * The gradient of a probability has the factor p_y: it is small where the network is certain, right or wrong. Examples
 * that it learned at once have a score near 0, and so has a wrong label that it never believed: for wrong labels take
 * `activation: 'loss'`. What float32 cannot hold is 0, and scores of exactly 0 rank as equals; a note counts them.
 *
 * In a multi-label model the probabilities of all labelled units are summed; `unit: u` scores one of them. In a
 * regression the output is differentiated, the sum of several; `activation: 'output'` says so and needs no targets.
 *
 * `label: 'predicted'` selects at each checkpoint the label predicted there. For the other reading, the last
 * checkpoint's prediction throughout, score saved checkpoints with `label` set to the Int32Array of the last one's
 * predictions: it cannot be known while training goes on.
 *
 * Cost: one forward and one backward pass a checkpoint, whatever is differentiated. State: 2 x N x H x W x 4 bytes per
 * window, whatever the number of checkpoints.
 *
 * Source: Agarwal, D'souza & Hooker, "Estimating Example Difficulty using Variance of Gradients", CVPR 2022, eq. 1-3, and
 * its supplement, section D; `examples/paper/src/readings` for what the readings rank.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option value
 */
export const vog = defineMetric({
  name: 'vog',
  hardDirection: 'high',
  words: wordsOfReading('softmax'),
  variant: ({ activation }) => ({
    words: wordsOfReading(activation),
    ...(activation === 'logit' && { hardDirection: 'low', notes: [LOGIT_NOTE] }),
  }),
  options,
  requires: ({ activation, label, input, unit }) => ({
    gradient: inputGradient({ activation, label, input, ...(unit === undefined ? {} : { unit }) }),
  }),
  identity: ({ channels, reduce, ddof: divisor, pool }, { gradient }) => ({
    gradient: gradient.key,
    channels,
    reduce,
    ddof: divisor,
    pool,
  }),
  init: ({ size, inputShapes }, given) =>
    runningMoments.init([size, ...mapShape(inputShapes[given.input] ?? [], given)]),
  update: (state, { gradient }, _, given) => runningMoments.push(state, gradientMap(gradient, given)),
  compute: (state, _, given) => {
    const variance = runningMoments.variance(state, { ddof: given.ddof });
    return meanOfEach(given.reduce === 'std' ? tf.sqrt(variance) : variance);
  },
  merge: (a, b) => runningMoments.merge(a, b),
});

type MapOptions = Pick<OptionValues<typeof options>, 'channels' | 'pool'>;

/** Shape of an example's `S_t`. */
function mapShape(inputShape: readonly number[], { channels, pool }: MapOptions): readonly number[] {
  const isImage = inputShape.length === 3;
  if (!isImage) {
    if (pool === 1) return inputShape;
    throw new VogError(
      'ARGUMENT_INVALID',
      `vog({ pool: ${pool} }) needs images [height, width, channels]; this input is [${inputShape.join(', ')}].`,
    );
  }
  const [height = 0, width = 0, depth = 0] = inputShape;
  const map = [Math.ceil(height / pool), Math.ceil(width / pool)];
  return channels === 'mean' ? map : [...map, depth];
}

/** `S_t`: the gradient averaged over channels and pooled, for images; as it is for other inputs. */
function gradientMap(gradient: tf.Tensor, { channels, pool }: MapOptions): tf.Tensor {
  if (gradient.rank !== 4) return gradient;
  const [size, height, width, depth] = gradient.shape as [number, number, number, number];
  // One channel is its own mean; a reshape costs nothing.
  let map = channels === 'separate' || depth === 1 ? gradient : tf.mean(gradient, 3, true);
  // 'same' counts only real pixels at the border, so every pixel weighs in.
  if (pool > 1) map = tf.avgPool(map as tf.Tensor4D, pool, pool, 'same');
  return channels === 'separate' ? map : tf.reshape(map, [size, Math.ceil(height / pool), Math.ceil(width / pool)]);
}

/**
 * Mean of each example's values, one axis after the other: wasm adds in float32, one value after another, and the
 * 50,176 pixels of an ImageNet map in one row would cost the sixth digit.
 */
function meanOfEach(values: tf.Tensor): tf.Tensor {
  let mean = values;
  while (mean.rank > 1) mean = tf.mean(mean, mean.rank - 1);
  return mean;
}
