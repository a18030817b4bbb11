import * as tf from '@tensorflow/tfjs';
import type { VogError } from '@vogjs/base';
import { bootBackend } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tapeGradientEngine } from '../gradients/input-gradient.js';
import { modelAdapter } from '../model/adapter.js';
import { inputGradient, logits } from '../resources/builtin.js';
import { collectResources } from './collect.js';
import type { ProvidedForPass } from '../pass/provided.js';
import { visitResources } from './visit.js';
import type { PassProgress } from '../pass/visit-options.js';

const test = suite('provide, in a single pass');
test.before.each(() => bootBackend('cpu'));

const inputs = { data: [1, 2, 3, 4, 5, 6], shape: [6, 1] };
const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => tf.concat([x as tf.Tensor2D, tf.square(x as tf.Tensor2D)], 1);

test('a gradient engine and a model adapter of the caller are the ones that are used', async () => {
  const used: string[] = [];
  const provide: ProvidedForPass = {
    gradientEngine: {
      run: (...args) => {
        used.push('gradientEngine');
        const pass = tapeGradientEngine.run(...args);
        return { ...pass, gradient: tf.mul(pass.gradient, 10) };
      },
    },
    modelAdapter: {
      bind: (...args) => {
        used.push('modelAdapter');
        return modelAdapter.bind(...args);
      },
    },
  };
  const requires = { gradient: inputGradient({ label: 'predicted' }), logits };
  const [here, plain] = [
    await collectResources(model, { inputs }, requires, { provide, chunkSize: 3 }),
    await collectResources(model, { inputs }, requires, { chunkSize: 3 }),
  ];
  assert.equal(used, ['modelAdapter', 'gradientEngine', 'gradientEngine']);
  assert.equal(
    [...here.gradient.data],
    [...plain.gradient.data].map((value) => 10 * value),
  );
  assert.equal(here.logits, plain.logits);
});

test('onProgress tells after each chunk how far the pass is, in the time of the given clock', async () => {
  let now = 100;
  const told: PassProgress[] = [];
  await visitResources(
    model,
    { inputs },
    { logits },
    { visit: (values) => values, receive: () => void (now += 7) },
    { chunkSize: 4, provide: { clock: { now: () => now } }, onProgress: (progress) => told.push(progress) },
  );
  assert.equal(told, [
    { done: 4, total: 6, milliseconds: 7 },
    { done: 6, total: 6, milliseconds: 14 },
  ]);
});

test('what onProgress throws ends the pass, and no tensor stays', async () => {
  const tensors = tf.memory().numTensors;
  const onProgress = (): never => {
    throw new Error('planned');
  };
  let error: unknown;
  await collectResources(model, { inputs }, { logits }, { onProgress }).catch((thrown: unknown) => (error = thrown));
  assert.match(String(error), /planned/);
  assert.is(tf.memory().numTensors, tensors);
});

test('a part that cannot do its work, and one that a pass has not, are refused', async () => {
  for (const [provide, message] of [
    [{ clock: {} }, /clock must be an object with now/],
    [{ gradientEngine: () => {} }, /gradientEngine must be an object with run/],
    [{ modelAdapter: { bind: 5 } }, /modelAdapter must be an object with bind/],
    [{ logger: {} }, /logger must be an object with warn/],
    [{ stateStore: {} }, /unknown option 'stateStore'/],
    [5, /provide must be/],
  ] as const) {
    let error: VogError | undefined;
    await collectResources(model, { inputs }, { logits }, { provide: provide as never }).catch(
      (thrown: VogError) => (error = thrown),
    );
    assert.is(error?.code, 'ARGUMENT_INVALID');
    assert.match(error?.message ?? '', message);
  }
});

test.run();
