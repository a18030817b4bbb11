import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logits, penultimate } from '../resources/builtin.js';
import { collectResources } from '../visit/collect.js';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import type { LogitsOptions } from './model.js';
import { linearHeadOf } from './linear-head.js';

const seed = runSeed();
const random = uniformFrom(seed);
const test = suite(`linearHeadOf (seed ${seed})`);
test.before.each(() => bootBackend('cpu'));

const dense = (units: number, more: object = {}): tf.layers.Layer => tf.layers.dense({ units, ...more });
const first = (): tf.layers.Layer => dense(4, { inputShape: [3], activation: 'tanh' });

function randomised(model: tf.LayersModel): tf.LayersModel {
  tf.tidy(() => {
    model.setWeights(model.getWeights().map((w) => tf.tensor(normalValues(w.size, random), w.shape)));
  });
  return model;
}

function nested(): tf.LayersModel {
  const head = tf.sequential({
    layers: [dense(5, { inputShape: [4], activation: 'relu' }), dense(3), tf.layers.softmax()],
  });
  return tf.sequential({ layers: [first(), head] });
}

const models: readonly (readonly [string, () => tf.LayersModel, LogitsOptions?])[] = [
  ['a Dense layer with a softmax', () => tf.sequential({ layers: [first(), dense(3, { activation: 'softmax' })] })],
  ['a Dense layer before a softmax layer', () => tf.sequential({ layers: [first(), dense(3), tf.layers.softmax()] })],
  ['a Dense layer without bias', () => tf.sequential({ layers: [first(), dense(3, { useBias: false })] })],
  ['one sigmoid unit, as a pair', () => tf.sequential({ layers: [first(), dense(1, { activation: 'sigmoid' })] })],
  ['a Dense layer in a model used as a layer', nested],
  [
    'a Dense layer that is named, not the last',
    () => tf.sequential({ layers: [first(), dense(5, { name: 'named' }), dense(2)] }),
    { layer: 'named' },
  ],
];
for (const [what, make, options = {}] of models) {
  test(`${what}: features · kernel + bias are the logits`, async () => {
    const model = randomised(make());
    const inputs = tf.tensor2d(normalValues(21, random), [7, 3]);
    const passes = await collectResources(model, { inputs }, { logits, penultimate }, { logits: options });
    const tensors = tf.memory().numTensors;
    const { kernel, bias } = linearHeadOf(model, options);
    const product = tf.tidy(() =>
      tf.add(
        tf.matMul(tf.tensor2d(passes.penultimate.data, passes.penultimate.shape as [number, number]), kernel),
        bias,
      ),
    );
    const values = product.dataSync();
    for (const [i, value] of passes.logits.data.entries()) {
      assert.ok(Math.abs(value - values[i]!) < 1e-5, `logit ${i}: ${value} and ${values[i]}`);
    }
    tf.dispose([kernel, bias, product]);
    assert.is(tf.memory().numTensors, tensors);
    assert.not.throws(() => model.predict(inputs), 'the weights are still there');
    model.dispose();
  });
}

const refusals: readonly (readonly [string, string, () => Parameters<typeof linearHeadOf>[0]])[] = [
  ['a function', 'HEAD_NOT_LINEAR', () => (x) => x as tf.Tensor],
  [
    'a convolution at the end',
    'HEAD_NOT_LINEAR',
    () =>
      tf.sequential({
        layers: [tf.layers.conv2d({ filters: 2, kernelSize: 2, inputShape: [2, 2, 1] }), tf.layers.flatten()],
      }),
  ],
  [
    'a relu behind the last Dense layer',
    'HEAD_NOT_LINEAR',
    () => tf.sequential({ layers: [first(), dense(3, { activation: 'relu' })] }),
  ],
];
for (const [what, code, make] of refusals) {
  test(`refuses ${what}: ${code}`, () => {
    const model = make();
    assert.throws(
      () => linearHeadOf(model),
      (error: { code?: string }) => error.code === code,
    );
  });
}

test.run();
