import { seededRandom } from '@vogjs/base';
import type * as tfjs from '@tensorflow/tfjs';
import {
  createReferenceNetwork,
  referenceGradient,
  type Convolution,
  type ReferenceNetwork,
} from './reference-network.js';

/** A copy of TensorFlow.js and its way to an input gradient: that of @vogjs/core, or the bare tape of another copy. */
export interface GradientUnderTest {
  readonly tf: typeof tfjs;
  /** Gradient of each example's labelled logit with respect to its input, the shape of `x`. */
  readonly gradient: (f: (x: tfjs.Tensor) => tfjs.Tensor, x: tfjs.Tensor, labels: readonly number[]) => tfjs.Tensor;
}

export interface GradientCheck {
  /** Largest |gradient - differences| over the largest |difference|. Infinity where a gradient is not a number. */
  readonly error: number;
  readonly tolerance: number;
  readonly coordinates: number;
  readonly right: boolean;
}

/**
 * Float32 is within 2e-6; recent NVIDIA GPUs multiply in TF32 (10 bits of mantissa) and are within 2e-3. The faults
 * that are known to occur are off by 0.05 and more.
 */
const TOLERANCE = 5e-3;
/** Fixed, so that a doctor who is asked twice says the same; its examples have no tie near a step of the differences. */
export const CHECK_SEED = 2022;
const EXAMPLES = 2;

/** The two examples, [2 * side * side * channels], float32 numbers, and their labels. */
export function checkExamples({ side, channels, classes }: ReferenceNetwork): {
  values: Float64Array;
  labels: readonly number[];
} {
  const random = seededRandom(CHECK_SEED + 1);
  const count = EXAMPLES * side * side * channels;
  return {
    values: Float64Array.from({ length: count }, () => Math.fround(random.normal())),
    labels: Array.from({ length: EXAMPLES }, (_, i) => (i + 1) % classes),
  };
}

/** Compares the backend's input gradient of the reference network with float64 finite differences, at every pixel. */
export async function checkGradient({ tf, gradient }: GradientUnderTest): Promise<GradientCheck> {
  const network = createReferenceNetwork(CHECK_SEED);
  const { side, channels } = network;
  const { values, labels } = checkExamples(network);
  const dx = tf.tidy(() => {
    const x = tf.tensor(Float32Array.from(values), [EXAMPLES, side, side, channels]);
    return gradient(networkFunction(tf, network), x, labels);
  });
  const actual = await dx.data();
  dx.dispose();

  const size = values.length / EXAMPLES;
  let largest = 0;
  let worst = 0;
  for (const [example, label] of labels.entries()) {
    const expected = referenceGradient(network, values.slice(example * size, (example + 1) * size), label);
    for (const [i, slope] of expected.entries()) {
      largest = Math.max(largest, Math.abs(slope));
      const difference = Math.abs(slope - (actual[example * size + i] ?? Number.NaN));
      worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
    }
  }
  const error = worst / largest;
  return { error, tolerance: TOLERANCE, coordinates: values.length, right: error <= TOLERANCE };
}

/** The reference network in operations of TensorFlow.js. */
function networkFunction(tf: typeof tfjs, network: ReferenceNetwork): (x: tfjs.Tensor) => tfjs.Tensor {
  const constants = (values: Float64Array, shape: number[] = [values.length]): tfjs.Tensor =>
    tf.tensor(Float32Array.from(values), shape);
  const convolve = (x: tfjs.Tensor4D, { size, inputs, outputs, filters, bias }: Convolution): tfjs.Tensor4D =>
    tf.add(
      tf.conv2d(x, constants(filters, [size, size, inputs, outputs]) as tfjs.Tensor4D, 1, 'same'),
      constants(bias),
    );
  return (x) => {
    const { mean, variance, scale, offset, epsilon } = network.normalisation;
    const [means, variances, offsets, scales] = [mean, variance, offset, scale].map(
      (values) => constants(values) as tfjs.Tensor1D,
    ) as [tfjs.Tensor1D, tfjs.Tensor1D, tfjs.Tensor1D, tfjs.Tensor1D];
    const convolved = convolve(x as tfjs.Tensor4D, network.first);
    const normalised = tf.batchNorm(convolved, means, variances, offsets, scales, epsilon) as tfjs.Tensor4D;
    const hidden = tf.tanh(convolve(tf.maxPool(normalised, 2, 2, 'valid'), network.second));
    const features = tf.reshape(tf.avgPool(hidden, 3, 2, 'same'), [x.shape[0] ?? 1, -1]) as tfjs.Tensor2D;
    const weights = constants(network.weights, [features.shape[1], network.classes]) as tfjs.Tensor2D;
    return tf.add(tf.matMul(features, weights), constants(network.bias));
  };
}
