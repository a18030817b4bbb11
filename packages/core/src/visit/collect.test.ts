import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { features, labels, logits, penultimate, predictions } from '../resources/builtin.js';
import { defineResource } from '../resources/define-resource.js';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { collectResources } from './collect.js';

const seed = runSeed();
const random = uniformFrom(seed);
const test = suite(`collectResources (seed ${seed})`);
test.before.each(() => bootBackend('cpu'));

const network = (): tf.LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({ name: 'hidden', units: 3, inputShape: [2], activation: 'tanh' }),
      tf.layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });

test('gives every example in the order of the probe, whatever the chunks, and leaves no tensor', async () => {
  const model = network();
  const inputs = tf.tensor2d(normalValues(14, random), [7, 2]);
  const probe = { inputs, labels: Int32Array.of(0, 1, 2, 3, 0, 1, 2) };
  const requires = { logits, predictions, labels, h: penultimate, hidden: features('hidden') };
  const whole = await collectResources(model, probe, requires);
  const tensors = tf.memory().numTensors;
  const parts = await collectResources(model, probe, requires, { chunkSize: 3 });
  assert.is(tf.memory().numTensors, tensors);
  assert.equal([whole.logits.shape, whole.h.shape, whole.labels.shape], [[7, 4], [7, 3], [7]]);
  assert.equal([...parts.labels.data], [...probe.labels]);
  assert.equal(parts.predictions, whole.predictions);
  assert.equal(parts.h, parts.hidden, 'what the last layer takes is the layer before it');
  const expected = tf.tidy(() => (model.layers[0]!.apply(inputs) as tf.Tensor).dataSync());
  for (const [i, value] of whole.h.data.entries()) assert.ok(Math.abs(value - expected[i]!) < 1e-6, `h[${i}]`);
  model.dispose();
});

const refusals: readonly (readonly [string, string, Parameters<typeof collectResources>[2], object])[] = [
  ['a layer that the model has not', 'LAYER_UNKNOWN', { h: features('none') }, {}],
  ['a chunk size of 0', 'ARGUMENT_INVALID', { logits }, { chunkSize: 0 }],
  ['an unknown option', 'ARGUMENT_INVALID', { logits }, { chunks: 2 }],
  [
    'a resource without a row per example',
    'INPUT_SHAPE',
    { mean: defineResource({ name: 'mean', requires: { logits }, compute: (values) => tf.mean(values.logits) }) },
    {},
  ],
];
for (const [what, code, requires, options] of refusals) {
  test(`refuses ${what}: ${code}`, async () => {
    const model = network();
    try {
      await collectResources(model, { inputs: tf.zeros([3, 2]) }, requires, options);
      assert.unreachable();
    } catch (error) {
      assert.is((error as { code?: string }).code, code, String(error));
    }
    model.dispose();
  });
}

test.run();
