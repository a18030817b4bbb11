import { numbers, positive } from '@vogjs/base';
import { atLeast, fits, integer } from '@vogjs/base/options';
import { defineResource, inputGradientOfScalar, type Resource, VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { temperature } from '../shared/options.js';
import { isFirstLargest, otherMass, otherMassAt, probabilityOfMass, shiftedLogits } from '../shared/softmax.js';

/** Options of `odin`. */
export type OdinOptions<Name extends string = string> = OptionsOfDetector<typeof odin, Name>;

/**
 * ODIN: the maximum softmax probability at temperature T of a slightly disturbed input,
 * `x' = x - ε sign(∇x CE(A(x) / T, argmax A)) / channelStd`; T = 1000, ε = 0.0014. Low = out-of-distribution.
 *
 * Two forward passes and a backward pass; without disturbance (ε = 0) one forward pass, and `msp` at the same T. The
 * gradient's sign is right where the probability of the prediction is 1 in float32, too: the cross-entropy's
 * derivative is divided by 1 - p, a positive number that changes no sign.
 *
 * Source: Liang, Li & Srikant, "Enhancing The Reliability of Out-of-distribution Image Detection in Neural Networks",
 * ICLR 2018, arXiv 1706.02690, eq. 1 and 2.
 *
 * @throws VogError ARGUMENT_INVALID for T <= 0, ε < 0 or a channelStd that is not positive; INPUT_SHAPE for a
 * channelStd of another number of channels; GRADIENT_UNSUPPORTED
 */
export const odin = defineDetector({
  name: 'odin',
  options: {
    temperature: temperature.default(1000),
    epsilon: atLeast(0)
      .default(0.0014)
      .about(
        "Size of the step against the gradient's sign, in units of the input before it was divided by channelStd.",
      ),
    channelStd: fits<number | readonly number[]>(
      'a finite number above 0, or an array of one for each channel',
      areDeviations,
    )
      .default(1)
      .about('What each channel of the input, its last axis, was divided by when it was normalised.')
      .identifiedBy((channelStd) => listed(channelStd).join(' ')),
    input: integer(0).default(0).about('Index of the model input to disturb.'),
  },
  requires: ({ epsilon, channelStd, input, ...options }) => ({
    mass:
      epsilon === 0
        ? undisturbed(options.temperature)
        : disturbed(options.temperature, epsilon, listed(channelStd), input),
  }),
  score: ({ mass }) => mass,
  onHost: probabilityOfMass,
});

function areDeviations(value: unknown): boolean {
  if (typeof value === 'number') return positive.holds(value);
  return (
    numbers.holds(value) &&
    listed(value as readonly number[]).length > 0 &&
    listed(value as readonly number[]).every(positive.holds)
  );
}

function listed(deviations: number | readonly number[]): readonly number[] {
  return typeof deviations === 'number' ? [deviations] : Array.from(deviations);
}

function undisturbed(temperature: number): Resource<tf.Tensor1D> {
  return defineResource({
    name: 'ood.odin',
    parameters: { temperature, epsilon: 0 },
    requires: { mass: otherMassAt(temperature) },
    compute: ({ mass }) => mass,
  });
}

function disturbed(
  temperature: number,
  epsilon: number,
  deviations: readonly number[],
  input: number,
): Resource<tf.Tensor1D> {
  return defineResource({
    name: 'ood.odin',
    parameters: { temperature, epsilon, deviations: deviations.join(' '), input },
    requires: { gradient: gradientAt(temperature, input) },
    compute: ({ gradient }, chunk) => {
      const x = chunk.inputs[input] as tf.Tensor;
      const step = tf.mul(tf.sign(gradient), tf.tensor1d(stepsFor(x, epsilon, deviations)));
      const inputs = chunk.inputs.map((each, i) => (i === input ? tf.sub(x, step) : each));
      return otherMass(chunk.logitsAt(inputs), temperature);
    },
  });
}

/** `∇x CE(A / T, argmax A)`, scaled by T / (1 - p) for each example. */
function gradientAt(temperature: number, input: number): Resource<tf.Tensor> {
  return inputGradientOfScalar(
    {
      name: 'ood.cross-entropy-direction',
      parameters: { temperature },
      // d CE / d(A / T) = p - onehot. Divided by 1 - p_y it is the softmax over the other classes, minus onehot.
      of: (logits) => {
        const isLargest = isFirstLargest(logits);
        const others = tf.where(isLargest, tf.fill(logits.shape, Number.NEGATIVE_INFINITY), logits) as tf.Tensor2D;
        const masses = tf.exp(shiftedLogits(others, temperature));
        const shares = tf.div(masses, tf.sum(masses, 1, true));
        return tf.where(isLargest, tf.fill(logits.shape, -1), shares) as tf.Tensor2D;
      },
    },
    { label: 'predicted', input },
  );
}

function stepsFor(x: tf.Tensor, epsilon: number, deviations: readonly number[]): Float32Array {
  if (deviations.length > 1 && x.shape.at(-1) !== deviations.length) {
    throw new VogError(
      'INPUT_SHAPE',
      `odin: channelStd has ${deviations.length} values, but the input is [${x.shape.join(', ')}]: give one for each channel of the last axis, or one number.`,
    );
  }
  return Float32Array.from(deviations, (deviation) => epsilon / deviation);
}
