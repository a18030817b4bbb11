// What the last layer takes: the logits must be a linear map of it.
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { modelAdapter } from './adapter.js';
import type { ScorableModel } from './model.js';
import { PENULTIMATE } from './penultimate.js';

const SEED = runSeed();
const random = uniformFrom(SEED);
const test = suite(`penultimate features (seed ${SEED})`);
test.before(() => bootBackend('cpu'));

const { layers } = tf;
const hidden = () => layers.dense({ units: 4, activation: 'relu', inputShape: [3] });
const dense = (activation?: 'softmax' | 'sigmoid' | 'relu', units = 2) =>
  layers.dense({ units, useBias: false, ...(activation === undefined ? {} : { activation }) });
const sequence = (...stack: tf.layers.Layer[]): tf.LayersModel => tf.sequential({ layers: stack });

/** The weights of the last Dense layer are the last of the model: none of these has a bias or weights behind it. */
const heads: readonly (readonly [string, () => tf.LayersModel])[] = [
  ['Dense', () => sequence(hidden(), dense())],
  ['Dense with softmax', () => sequence(hidden(), dense('softmax'))],
  ['Dense and a softmax layer', () => sequence(hidden(), dense(), layers.softmax())],
  ['Dense and a softmax activation', () => sequence(hidden(), dense(), layers.activation({ activation: 'softmax' }))],
  ['Dense and a linear activation', () => sequence(hidden(), dense(), layers.activation({ activation: 'linear' }))],
  [
    'dropout on both sides',
    () => sequence(hidden(), layers.dropout({ rate: 0.5 }), dense(), layers.dropout({ rate: 0.5 })),
  ],
  ['no hidden layer: the inputs', () => sequence(layers.dense({ units: 2, useBias: false, inputShape: [3] }))],
  [
    'a model as the last layer',
    () => sequence(layers.dense({ units: 3, inputShape: [3] }), sequence(hidden(), dense('softmax'))),
  ],
];

const inputs = (): tf.Tensor2D => tf.tensor2d(normalValues(15, random), [5, 3]);

for (const [name, make] of heads) {
  test(`${name}: logits = features x weights of the last layer, from one forward pass`, () => {
    const model = make();
    tf.tidy(() => {
      const x = inputs();
      const { logits, features } = modelAdapter.bind(model, {}, [PENULTIMATE]).forward([x]);
      const weights = model.getWeights().at(-1) as tf.Tensor2D;
      const expected = tf.matMul(features[PENULTIMATE] as tf.Tensor2D, weights);
      assert.ok((tf.max(tf.abs(tf.sub(expected, logits))).dataSync()[0] as number) < 1e-6);
    });
    model.dispose();
  });
}

test('a single sigmoid unit: half of features x weights on each side', () => {
  const model = sequence(hidden(), dense('sigmoid', 1));
  tf.tidy(() => {
    const { logits, features } = modelAdapter.bind(model, {}, [PENULTIMATE]).forward([inputs()]);
    const z = tf.matMul(features[PENULTIMATE] as tf.Tensor2D, model.getWeights().at(-1) as tf.Tensor2D);
    const expected = tf.concat([tf.div(z, -2), tf.div(z, 2)], 1);
    assert.ok((tf.max(tf.abs(tf.sub(expected, logits))).dataSync()[0] as number) < 1e-6);
  });
  model.dispose();
});

test('asked for beside a named layer, both are given', () => {
  const model = sequence(layers.dense({ name: 'first', units: 4, inputShape: [3] }), dense('softmax'));
  tf.tidy(() => {
    const { features } = modelAdapter.bind(model, {}, ['first', PENULTIMATE]).forward([inputs()]);
    assert.equal(
      [...(features['first'] as tf.Tensor).dataSync()],
      [...(features[PENULTIMATE] as tf.Tensor).dataSync()],
    );
  });
  model.dispose();
});

const refused: readonly (readonly [string, () => ScorableModel, RegExp])[] = [
  ['a Dense layer with relu', () => sequence(hidden(), dense('relu')), /\(Dense\)/],
  ['relu behind Dense', () => sequence(hidden(), dense(), layers.activation({ activation: 'relu' })), /Name the layer/],
  ['softmax of a softmax', () => sequence(hidden(), dense('softmax'), layers.softmax()), /Name the layer/],
  [
    'Dense at every position of a map, flattened',
    () => sequence(layers.dense({ units: 2, inputShape: [2, 3] }), layers.flatten()),
    /not a Dense layer over vectors/,
  ],
  [
    'a pool of maps',
    () =>
      sequence(
        layers.conv2d({ filters: 2, kernelSize: 1, inputShape: [3, 3, 1] }),
        layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
      ),
    /GlobalAveragePooling2D/,
  ],
  ['a function', () => (x) => x as tf.Tensor, /penultimate features.*function/],
];

for (const [name, make, message] of refused) {
  test(`${name} is LAYER_UNKNOWN`, () => {
    const model = make();
    assert.throws(
      () => modelAdapter.bind(model, {}, [PENULTIMATE]),
      (error: unknown) => {
        assert.instance(error, VogError);
        assert.is((error as VogError).code, 'LAYER_UNKNOWN');
        assert.match((error as VogError).message, message);
        return true;
      },
    );
    if (model instanceof tf.LayersModel) model.dispose();
  });
}

test.run();
