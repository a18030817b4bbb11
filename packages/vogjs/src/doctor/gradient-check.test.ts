import * as tf from '@tensorflow/tfjs';
import { inputGradientOf, prepareBackend } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CHECK_SEED, checkExamples, checkGradient, type GradientUnderTest } from './gradient-check.js';
import { averagePool, convolve, createReferenceNetwork, maxPool, referenceGradient } from './reference-network.js';

const test = suite('gradient check');
const ours: GradientUnderTest = { tf, gradient: (f, x, labels) => inputGradientOf(f, x, labels) };

test.before(async () => {
  await tf.setBackend('cpu');
});

test('a convolution of ones counts the neighbours within the image', () => {
  const ones = { height: 3, width: 3, channels: 1, values: new Float64Array(9).fill(1) };
  const filter = { size: 3, inputs: 1, outputs: 1, filters: new Float64Array(9).fill(1), bias: Float64Array.of(0.5) };
  assert.equal([...convolve(ones, filter).values], [4.5, 6.5, 4.5, 6.5, 9.5, 6.5, 4.5, 6.5, 4.5]);
});

test('a max pool of negative values is their maximum, a padded average counts no padding', () => {
  const image = { height: 3, width: 3, channels: 1, values: Float64Array.from([-9, -8, -7, -6, -5, -4, -3, -2, -1]) };
  assert.equal([...maxPool({ ...image, height: 2, width: 2, values: image.values.slice(0, 4) }).values], [-6]);
  assert.equal([...averagePool(image).values], [-7, -6, -4, -3]);
});

test('the differences are converged and no tie lies within their steps: a step of half the size says the same', () => {
  const network = createReferenceNetwork(CHECK_SEED);
  const { values, labels } = checkExamples(network);
  const size = values.length / labels.length;
  for (const [example, label] of labels.entries()) {
    const pixels = values.slice(example * size, (example + 1) * size);
    const whole = referenceGradient(network, pixels, label);
    const half = referenceGradient(network, pixels, label, 5e-6);
    const largest = Math.max(...whole.map(Math.abs));
    assert.ok(largest > 0.05, `largest slope ${largest}`);
    for (const [i, slope] of whole.entries()) assert.ok(Math.abs(slope - half[i]!) < 1e-7 * largest, `pixel ${i}`);
  }
});

test('the padded average of TensorFlow.js as it ships is found wrong, and right once it is repaired', async () => {
  const shipped = await checkGradient(ours);
  assert.not(shipped.right);
  assert.ok(shipped.error > 10 * shipped.tolerance, `error ${shipped.error}`);
  await prepareBackend();
  const repaired = await checkGradient(ours);
  assert.ok(repaired.right && repaired.error < 5e-6, `error ${repaired.error}`);
  assert.is(repaired.coordinates, 2 * 10 * 10 * 2);
});

for (const [what, spoil, error] of [
  ['2 % too large', (dx: tf.Tensor) => dx.mul(1.02), 0.02],
  ['zero', (dx: tf.Tensor) => dx.mul(0), 1],
  ['not a number', (dx: tf.Tensor) => dx.mul(Number.NaN), Infinity],
] as const) {
  test(`a gradient that is ${what} is wrong`, async () => {
    const check = await checkGradient({ tf, gradient: (f, x, labels) => spoil(inputGradientOf(f, x, labels)) });
    assert.not(check.right);
    assert.ok(check.error === error || Math.abs(check.error / error - 1) < 0.01, `error ${check.error}`);
  });
}

test('a check leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  await checkGradient(ours);
  assert.is(tf.memory().numTensors, before);
});

test.run();
