// Masks and models used as layers: probabilities and losses of the logits must be those of predict and evaluate.
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { logitsOf, modelAdapter } from './adapter.js';
import type { LogitsOptions } from './model.js';
import { linearHeadOf } from './linear-head.js';
import { PENULTIMATE } from './penultimate.js';

const SEED = runSeed();
const random = uniformFrom(SEED);
const test = suite(`masks (seed ${SEED})`);
test.before(() => bootBackend('cpu'));

const L = tf.layers;
type Symbol = tf.SymbolicTensor;
const CLASSES = 3;
const LENGTH = 6;
const chain = (...layers: tf.layers.Layer[]): tf.Sequential => tf.sequential({ layers });
const embedding = (more: object = {}): tf.layers.Layer =>
  L.embedding({ inputDim: 9, outputDim: 5, inputLength: LENGTH, maskZero: true, ...more });
const ids = (): tf.Tensor =>
  tf.tensor2d(
    Array.from({ length: 5 }, (_, row) =>
      Array.from({ length: LENGTH }, (_, i) => (i >= row + 1 && row < 4 ? 0 : 1 + Math.floor(random() * 8))),
    ),
  );
/** Vectors with a padded tail of zeros. */
const sequences = (): tf.Tensor =>
  tf.tidy(() => {
    const steps = tf.tensor3d(normalValues(5 * LENGTH * 4, random), [5, LENGTH, 4]);
    return tf.mul(steps, tf.expandDims(tf.cast(tf.greater(ids(), 0), 'float32'), -1));
  });
const inSteps = { inputShape: [LENGTH, 5] };
const softmax = (): tf.layers.Layer => L.dense({ units: CLASSES, activation: 'softmax' });

function randomise(model: tf.LayersModel): void {
  tf.tidy(() =>
    model.setWeights(
      model.getWeights().map(({ shape }) =>
        tf.tensor(
          normalValues(
            shape.reduce((a, b) => a * b, 1),
            random,
          ),
          shape,
        ),
      ),
    ),
  );
}

const largest = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);

interface Case {
  readonly model: tf.LayersModel;
  readonly x: tf.Tensor | tf.Tensor[];
  readonly options?: LogitsOptions;
  readonly output?: number;
}

const cases: Readonly<Record<string, () => Case>> = {
  'a mask before a head that is a model': () => ({
    model: chain(embedding(), chain(L.lstm({ units: 4, ...inSteps }), softmax())),
    x: ids(),
  }),
  'GRU in the head': () => ({ model: chain(embedding(), chain(L.gru({ units: 4, ...inSteps }), softmax())), x: ids() }),
  'a simple recurrence in the head': () => ({
    model: chain(embedding(), chain(L.simpleRNN({ units: 4, ...inSteps }), softmax())),
    x: ids(),
  }),
  'two recurrent layers in the head': () => ({
    model: chain(
      embedding(),
      chain(L.lstm({ units: 4, returnSequences: true, ...inSteps }), L.lstm({ units: 3 }), softmax()),
    ),
    x: ids(),
  }),
  'bidirectional in the head': () => ({
    model: chain(
      embedding(),
      chain(
        L.bidirectional({
          layer: L.lstm({ units: 3 }) as unknown as tf.RNN,
          mergeMode: 'concat',
          ...inSteps,
        } as Parameters<typeof L.bidirectional>[0]),
        softmax(),
      ),
    ),
    x: ids(),
  }),
  'every step by itself, then a pool, in the head': () => ({
    model: chain(
      embedding(),
      chain(
        L.lstm({ units: 4, returnSequences: true, ...inSteps }),
        L.timeDistributed({ layer: L.dense({ units: 4, activation: 'tanh' }) }),
        L.globalAveragePooling1d({}),
        softmax(),
      ),
    ),
    x: ids(),
  }),
  'a functional model as the head': () => {
    const inner = tf.input({ shape: [LENGTH, 5] });
    const output = softmax().apply(L.lstm({ units: 4 }).apply(inner)) as Symbol;
    return { model: chain(embedding(), tf.model({ inputs: inner, outputs: output })), x: ids() };
  },
  'nested in nested': () => ({
    model: chain(
      embedding(),
      chain(L.dense({ units: 4, ...inSteps }), chain(L.lstm({ units: 4, inputShape: [LENGTH, 4] }), softmax())),
    ),
    x: ids(),
  }),
  'layers that pass values behind the nested head': () => ({
    model: chain(
      embedding(),
      chain(L.lstm({ units: 4, ...inSteps }), softmax()),
      L.dropout({ rate: 0.5 }),
      L.reshape({ targetShape: [CLASSES] }),
    ),
    x: ids(),
  }),
  'the mask made inside the head, by an embedding': () => ({
    model: chain(L.dropout({ rate: 0.3, inputShape: [LENGTH] }), chain(embedding(), L.lstm({ units: 4 }), softmax())),
    x: ids(),
  }),
  'the mask made inside the head, by Masking': () => ({
    model: chain(
      L.dense({ units: 4, useBias: false, inputShape: [LENGTH, 4] }),
      chain(L.masking({ inputShape: [LENGTH, 4] }), L.lstm({ units: 4 }), softmax()),
    ),
    x: sequences(),
  }),
  'Masking in front of a plain head': () => ({
    model: chain(L.masking({ inputShape: [LENGTH, 4] }), L.lstm({ units: 4 }), softmax()),
    x: sequences(),
  }),
  'a softmax activation behind a recurrent head': () => ({
    model: chain(
      embedding(),
      chain(L.gru({ units: 4, ...inSteps }), L.dense({ units: CLASSES })),
      L.activation({ activation: 'softmax' }),
    ),
    x: ids(),
  }),
  'a branch with a mask and one without': () => {
    const [words, more] = [tf.input({ shape: [LENGTH] }), tf.input({ shape: [LENGTH, 4] })];
    const a = L.lstm({ units: 4 }).apply(embedding().apply(words)) as Symbol;
    const b = L.lstm({ units: 3 }).apply(more) as Symbol;
    const head = chain(L.dense({ units: 5, activation: 'tanh', inputShape: [7] }), softmax());
    const output = head.apply(L.concatenate().apply([a, b])) as Symbol;
    return { model: tf.model({ inputs: [words, more], outputs: output }), x: [ids(), sequences()] };
  },
  'the other output of a masked model with two': () => {
    const words = tf.input({ shape: [LENGTH] });
    const steps = embedding().apply(words) as Symbol;
    const outputs = [
      softmax().apply(L.lstm({ units: 4 }).apply(steps)),
      L.dense({ units: CLASSES, activation: 'softmax', name: 'other' }).apply(L.gru({ units: 2 }).apply(steps)),
    ] as Symbol[];
    return { model: tf.model({ inputs: words, outputs }), x: ids(), options: { output: 'other' }, output: 1 };
  },
  'the second output of a model used as a layer': () => {
    const inner = tf.input({ shape: [LENGTH, 5] });
    const outputs = [
      L.dense({ units: 2 }).apply(L.flatten().apply(inner)),
      softmax().apply(L.lstm({ units: 4 }).apply(inner)),
    ];
    const part = tf.model({ inputs: inner, outputs: outputs as Symbol[] });
    const words = tf.input({ shape: [LENGTH] });
    const [, second] = part.apply(embedding().apply(words) as Symbol) as Symbol[];
    return { model: tf.model({ inputs: words, outputs: second as Symbol }), x: ids() };
  },
  'a head that is a model shared by two inputs': () => {
    const head = chain(L.lstm({ units: 4, ...inSteps }), softmax());
    const [a, b] = [tf.input({ shape: [LENGTH] }), tf.input({ shape: [LENGTH] })];
    const shared = embedding();
    const outputs = [a, b].map((input) => head.apply(shared.apply(input) as Symbol) as Symbol);
    return { model: tf.model({ inputs: [a, b], outputs }), x: [ids(), ids()], options: { output: 1 }, output: 1 };
  },
};

for (const [name, make] of Object.entries(cases)) {
  test(`${name}: probabilities are predict's and losses evaluate's, example by example`, () => {
    const { model, x, options = {}, output = 0 } = make();
    randomise(model);
    const names = JSON.stringify(model.getConfig());
    const given = [x].flat();
    const size = given[0]?.shape[0] ?? 0;
    const losses = model.outputs.map((_, i) => (i === output ? 'sparseCategoricalCrossentropy' : 'meanSquaredError'));
    model.compile({ optimizer: 'sgd', loss: losses });
    const tensors = tf.memory().numTensors;
    const logits = logitsOf(model, options)(x);
    tf.tidy(() => {
      const predicted = [model.predict(x)].flat()[output] as tf.Tensor;
      const error = largest(tf.softmax(logits), predicted);
      assert.ok(error < 3e-6, `SEED=${SEED}: a probability differs by ${error}`);
      for (let row = 0; row < size; row++) {
        const one = given.map((tensor) => tf.slice(tensor, row, 1));
        const label = row % CLASSES;
        const y = model.outputs.map((symbol, i) =>
          i === output ? tf.tensor1d([label]) : tf.zeros([1, ...(symbol.shape.slice(1) as number[])]),
        );
        const evaluated = [model.evaluate(one.length === 1 ? (one[0] as tf.Tensor) : one, y, { batchSize: 1 })].flat();
        // tfjs gives the sum of the losses up to each output.
        const sums = evaluated.map((sum) => (sum as tf.Scalar).dataSync()[0] as number);
        const expected = (sums[output] as number) - (output === 0 ? 0 : (sums[output - 1] as number));
        const loss = -(tf.logSoftmax(logits).arraySync() as number[][])[row]![label]!;
        // tfjs clips probabilities at 1e-7 in its loss.
        if (expected < 15)
          assert.ok(
            Math.abs(loss - expected) < 2e-5 * Math.max(1, expected),
            `SEED=${SEED}, row ${row}: ${loss}, ${expected}`,
          );
      }
    });
    logits.dispose();
    assert.is(tf.memory().numTensors, tensors);
    assert.is(JSON.stringify(model.getConfig()), names);
    model.dispose();
  });
}

test('a mask that tfjs leaves in force reaches the softmax layer, as in predict', () => {
  // The mask has as many steps as there are classes: tfjs adds -1e9 to the classes of masked steps.
  const model = chain(
    L.embedding({ inputDim: 9, outputDim: 5, inputLength: CLASSES, maskZero: true }),
    L.lstm({ units: 4 }),
    L.dense({ units: CLASSES }),
    L.softmax(),
  );
  randomise(model);
  tf.tidy(() => {
    const x = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 0],
    ]);
    assert.ok(largest(tf.softmax(logitsOf(model)(x)), model.predict(x) as tf.Tensor) < 1e-6);
  });
});

test('penultimate features inside a masked head are what its last layer takes', () => {
  const model = chain(embedding(), chain(L.lstm({ units: 4, ...inSteps }), softmax()));
  randomise(model);
  const x = ids();
  tf.tidy(() => {
    const { logits, features } = modelAdapter.bind(model, {}, [PENULTIMATE]).forward([x]);
    const { kernel, bias } = linearHeadOf(model);
    const product = tf.add(tf.matMul(features[PENULTIMATE] as tf.Tensor2D, kernel), bias);
    assert.ok(largest(product, logits) < 1e-5);
    assert.ok(largest(tf.softmax(logits), model.predict(x) as tf.Tensor) < 1e-6);
  });
});

test('a feature in front of the head and the head come from one masked pass', () => {
  const recurrent = L.lstm({ units: 4, name: 'recurrent' });
  const model = chain(embedding(), recurrent, softmax());
  randomise(model);
  const x = ids();
  tf.tidy(() => {
    const { features } = modelAdapter.bind(model, {}, ['recurrent']).forward([x]);
    const view = tf.model({ inputs: model.inputs, outputs: recurrent.output as Symbol });
    assert.ok(largest(features['recurrent'] as tf.Tensor, view.predict(x) as tf.Tensor) < 1e-6);
  });
});

test.run();
