import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { assertInputGradient, compareWithFiniteDifferences } from './finite-differences.js';

const seed = runSeed();
const random = uniformFrom(seed);
const test = suite(`finite differences (seed ${seed})`);
const input = (): tf.Tensor => tf.tensor(normalValues(4 * 12, random), [4, 12]);
const smooth = (x: tf.Tensor): tf.Tensor => tf.tanh(tf.mul(x, tf.add(x, 1)));
/** One output: every coordinate has the same weight in it. */
const relus = (x: tf.Tensor): tf.Tensor => tf.sum(tf.relu(x), 1, true);

test.before.each(() => bootBackend('cpu'));

test('accept the gradient of a smooth function, every coordinate of it', async () => {
  const report = await assertInputGradient(smooth, input(), { random });
  assert.is(report.checked, 4 * 12);
  assert.is(report.discarded, 0);
  assert.ok(report.worst.error < 1e-3, report.summary);
});

test('reject a gradient that is 2 % too large', async () => {
  const gradient = (x: tf.Tensor, dy: tf.Tensor): tf.Tensor => tf.mul(tf.grad(smooth)(x, dy), 1.02);
  assert.not((await compareWithFiniteDifferences(smooth, input(), { random, gradient })).agrees);
});

test('reject a gradient that lacks one coordinate of one example, and name it', async () => {
  const weights = tf.tensor(normalValues(12 * 3, random), [12, 3]);
  const linear = (x: tf.Tensor): tf.Tensor => tf.matMul(x, weights);
  const mask = new Float32Array(4 * 12).fill(1);
  mask[17] = 0;
  const gradient = (x: tf.Tensor, dy: tf.Tensor): tf.Tensor => tf.mul(tf.grad(linear)(x, dy), tf.tensor(mask, [4, 12]));
  const report = await compareWithFiniteDifferences(linear, input(), { random, gradient });
  assert.not(report.agrees);
  assert.equal([report.worst.example, report.worst.coordinate], [1, 5]);
});

test('reject NaN', async () => {
  const gradient = (x: tf.Tensor): tf.Tensor => tf.fill(x.shape, NaN);
  assert.not((await compareWithFiniteDifferences(smooth, input(), { random, gradient })).agrees);
});

test('leave out the kinks of a relu and still check the rest', async () => {
  const x = tf.tensor2d([[-0.003, 0.004, 1, -1, 2, 0.5, -0.7, 0.9]]);
  const report = await assertInputGradient(relus, x, { random });
  assert.is(report.discarded, 2);
});

test('reject a function that is nothing but kinks', async () => {
  const report = await compareWithFiniteDifferences(relus, tf.tensor2d([[0.003, -0.004, 0.002, 1]]), {
    random,
  });
  assert.not(report.agrees);
});

test('reject a flat function, which checks nothing', async () => {
  const report = await compareWithFiniteDifferences((v) => tf.mul(v, 0), input(), { random });
  assert.not(report.agrees);
  assert.match(report.summary, 'flat');
});

test('leave no tensor behind', async () => {
  const x = input();
  const before = tf.memory().numTensors;
  await compareWithFiniteDifferences(smooth, x, { random });
  assert.is(tf.memory().numTensors, before);
});

test.run();
