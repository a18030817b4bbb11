// A model with several outputs is never guessed at: one is chosen by name or index, or all are named.
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { logitsOf, modelAdapter } from './adapter.js';
import type { LogitsOptions, ScorableModel } from './model.js';
import { linearHeadOf } from './linear-head.js';
import { PENULTIMATE } from './penultimate.js';

const SEED = runSeed();
const random = uniformFrom(SEED);
const test = suite(`outputs (seed ${SEED})`);
test.before(() => bootBackend('cpu'));

const L = tf.layers;
type Symbol = tf.SymbolicTensor;
const vectors = (size = 5): tf.Tensor => tf.tensor2d(normalValues(size * 4, random), [size, 4]);
const largest = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);

/** A regressor first, then a classifier, then a map. */
function threeOutputs(): tf.LayersModel {
  const input = tf.input({ shape: [4] });
  const hidden = L.dense({ units: 6, activation: 'tanh' }).apply(input);
  const outputs = [
    L.dense({ units: 1, name: 'age' }).apply(hidden),
    L.dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(hidden),
    L.reshape({ targetShape: [2, 3], name: 'map' }).apply(hidden),
  ] as Symbol[];
  return tf.model({ inputs: input, outputs, name: 'three' });
}

function coded(run: () => unknown, code: string, ...parts: RegExp[]): void {
  assert.throws(run, (error: unknown) => {
    if (!(error instanceof VogError)) throw error;
    assert.is(error.code, code);
    for (const part of parts) assert.match(error.message, part);
    return true;
  });
}

const doors: Readonly<Record<string, (model: ScorableModel, options: LogitsOptions) => unknown>> = {
  logitsOf,
  'modelAdapter.bind': (model, options) => modelAdapter.bind(model, options, [PENULTIMATE]),
  linearHeadOf,
};

for (const [name, open] of Object.entries(doors)) {
  test(`${name}: several outputs and none chosen is LOGITS_UNRESOLVED, with names, shapes, heads and the way to choose`, () => {
    const model = threeOutputs();
    coded(
      () => open(model, {}),
      'LOGITS_UNRESOLVED',
      /'three' has several outputs/,
      /0 'age' \[N, 1\] \(Dense linear\), 1 'kind' \[N, 3\] \(Dense softmax\), 2 'map' \[N, 2, 3\] \(Reshape\)/,
      /logits: \{ output: '\w+' \}/,
    );
    model.dispose();
  });

  test(`${name}: an output that does not exist is LAYER_UNKNOWN and lists those that do`, () => {
    const model = threeOutputs();
    for (const output of ['nobody', '', 'age:0', 3, -1, 0.5, Number.NaN]) {
      coded(() => open(model, { output }), 'LAYER_UNKNOWN', /'age'.*'kind'.*'map'/);
    }
    const single = tf.sequential({ layers: [L.dense({ units: 2, inputShape: [4], name: 'only' })] });
    coded(() => open(single, { output: 'other' }), 'LAYER_UNKNOWN', /0 'only' \[N, 2\]/);
    coded(() => open(model, { output: 'kind', layer: 'kind' }), 'ARGUMENT_INVALID', /both given/);
    tf.dispose([model, single].map((m) => m.getWeights()));
  });
}

test('an output chosen by name or by index gives the logits of that output', () => {
  const model = threeOutputs();
  const x = vectors();
  tf.tidy(() => {
    const [age, kind] = model.predict(x) as tf.Tensor[];
    for (const output of ['kind', 1]) {
      assert.ok(largest(tf.softmax(logitsOf(model, { output })(x)), kind as tf.Tensor) < 1e-6);
      const { kernel } = linearHeadOf(model, { output });
      assert.equal(kernel.shape, [6, 3]);
    }
    const pair = logitsOf(model, { output: 'age' })(x);
    assert.ok(
      largest(tf.sub(tf.slice(pair, [0, 1], [-1, 1]), tf.slice(pair, [0, 0], [-1, 1])), age as tf.Tensor) < 1e-6,
    );
  });
  model.dispose();
});

test('a chosen output that is no [size, classes] is named with its shape and with the others', () => {
  const model = threeOutputs();
  const x = vectors();
  coded(
    () => logitsOf(model, { output: 'map' })(x),
    'LOGITS_UNRESOLVED',
    /'\w+'.* gave \[5, 2, 3\]/,
    /output 'map'/,
    /0 'age' \[N, 1\].*1 'kind' \[N, 3\]/,
  );
  x.dispose();
  model.dispose();
});

test('two outputs of one name are told apart by index', () => {
  const input = tf.input({ shape: [4] });
  const head = L.dense({ units: 3, activation: 'softmax', name: 'twin' });
  const outputs = [L.dense({ units: 4 }).apply(input), L.dense({ units: 4 }).apply(input)].map(
    (hidden) => head.apply(hidden) as Symbol,
  );
  const model = tf.model({ inputs: input, outputs });
  const x = vectors();
  coded(() => logitsOf(model, { output: 'twin' }), 'LAYER_UNKNOWN', /2 outputs.*0 or 1/);
  tf.tidy(() => {
    const predicted = model.predict(x) as tf.Tensor[];
    for (const output of [0, 1]) {
      assert.ok(largest(tf.softmax(logitsOf(model, { output })(x)), predicted[output] as tf.Tensor) < 1e-6);
    }
  });
  x.dispose();
  model.dispose();
});

test.run();
