// Watching changes nothing: training with and without a tracker ends in the same weights and states, to the bit.
// Only with --all: it trains a dozen networks twice
import type { SeededRandom } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { fitCallback } from '@vogjs/callback';
import {
  collectResources,
  createTracker,
  everySteps,
  inputGradientOf,
  logits,
  logitsOf,
  type Tracker,
} from '@vogjs/core';
import { meanLoss, vog } from '@vogjs/metrics';
import { fitDetectors, klMatching, msp, scoreOod } from '@vogjs/ood';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normalTensor, randomOf } from '@vogjs/testing';
import { useBackend } from '../support/backend.js';
import { integers, randomiseWeights } from '../support/random.js';

const test = suite('untouched');
const { layers } = tf;
const CLASSES = 3;
const BATCH = 4;
const STEPS = 4;

/** Counts its calls and draws from its own seeds, in every kind of field. */
class Restless extends tf.layers.Layer {
  static className = 'Restless';
  calls = 0;
  readonly history: number[] = [];
  readonly nested = { seed: 7, inner: { table: new Float32Array(3), seen: new Map<string, number>() } };
  state: tf.Tensor = tf.keep(tf.zeros([1]));
  moved: tf.Variable | null = null;
  override build(): void {
    this.moved = tf.variable(tf.scalar(0), false);
    this.built = true;
  }
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    this.calls += 1;
    this.history.push(this.calls);
    this.nested.seed += 1;
    this.nested.inner.table[0]! += 1;
    this.nested.inner.seen.set('calls', this.calls);
    const next = tf.keep(tf.add(this.state, 0.25));
    this.state.dispose();
    this.state = next;
    return tf.tidy(() => {
      this.moved!.assign(tf.add(this.moved!, 0.125));
      const [x] = [inputs].flat();
      return tf.add(x!, tf.mul(0.01, tf.add(this.calls + this.nested.seed, tf.add(this.state, this.moved!))));
    });
  }
}

/** A cell that remembers in a field how often it ran. */
class Counting extends tf.layers.Layer {
  static className = 'Counting';
  seeds = [1, 2];
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    this.seeds = this.seeds.map((seed) => seed * 2);
    return tf.mul([inputs].flat()[0]!, 1 + 1 / this.seeds[0]!);
  }
}

const chain = (...stack: tf.layers.Layer[]): tf.Sequential => tf.sequential({ layers: stack });
const fixed = { batchInputShape: [BATCH, STEPS, 3] as [number, number, number] };
const free = { inputShape: [STEPS, 3] };
const softmax = (): tf.layers.Layer => layers.dense({ units: CLASSES, activation: 'softmax' });
const stateful = { stateful: true };
type Wrapped = Parameters<typeof layers.bidirectional>[0];

const models: Readonly<Record<string, () => tf.LayersModel>> = {
  'a stateful LSTM': () => chain(layers.lstm({ units: 4, ...stateful, ...fixed }), softmax()),
  'a stateful GRU behind a stateful simple recurrence': () =>
    chain(
      layers.simpleRNN({ units: 4, returnSequences: true, ...stateful, ...fixed }),
      layers.gru({ units: 3, ...stateful }),
      softmax(),
    ),
  'a stateful bidirectional layer': () =>
    chain(
      layers.bidirectional({
        layer: layers.lstm({ units: 3, ...stateful }) as unknown as tf.RNN,
        mergeMode: 'concat',
        ...fixed,
      } as Wrapped),
      softmax(),
    ),
  'a stateful cell in tf.layers.rnn': () =>
    chain(layers.rnn({ cell: layers.lstmCell({ units: 3 }), ...stateful, ...fixed }), softmax()),
  'stacked stateful cells': () =>
    chain(
      layers.rnn({
        cell: layers.stackedRNNCells({
          cells: [layers.gruCell({ units: 3 }), layers.simpleRNNCell({ units: 2 })],
        }) as never,
        ...stateful,
        ...fixed,
      }),
      softmax(),
    ),
  'a stateful convolutional LSTM': () =>
    chain(
      layers.reshape({ targetShape: [STEPS, 3, 1, 1], ...fixed }),
      layers.convLstm2d({ filters: 2, kernelSize: 1, ...stateful }),
      layers.flatten(),
      softmax(),
    ),
  'a stateful layer in a model used as the head': () =>
    chain(layers.dense({ units: 3, ...fixed }), chain(layers.lstm({ units: 4, ...stateful, ...fixed }), softmax())),
  'a stateful layer in a model in front, and every step by itself': () =>
    chain(
      chain(layers.lstm({ units: 4, returnSequences: true, ...stateful, ...fixed })),
      layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
      layers.flatten(),
      softmax(),
    ),
  'a cell with dropout, whose masks tf.layers.rnn keeps': () =>
    chain(
      layers.rnn({
        cell: layers.lstmCell({ units: 3, dropout: 0.5, recurrentDropout: 0.3, dropoutFunc: seededDropout() } as never),
        ...free,
      }),
      softmax(),
    ),
  'seeded dropout and batch normalisation': () =>
    chain(
      layers.flatten(free),
      layers.dense({ units: 6, activation: 'relu' }),
      layers.batchNormalization(),
      layers.dropout({ rate: 0.5, seed: 3 }),
      softmax(),
    ),
  'a custom layer that counts, keeps tensors and assigns variables': () =>
    chain(layers.flatten(free), layers.dense({ units: 4 }), new Restless(), softmax()),
  'a custom layer in a wrapper in a model used as the head': () =>
    chain(
      layers.dense({ units: 3, ...free }),
      chain(
        layers.timeDistributed({ layer: new Counting({}) as never, ...free } as never),
        layers.flatten(),
        softmax(),
      ),
    ),
};

/** Dropout that draws the same masks in every run. */
function seededDropout(): (x: tf.Tensor, rate: number) => tf.Tensor {
  let seed = 5;
  return (x, rate) => tf.dropout(x, rate, undefined, (seed += 1));
}

/** Random weights; variances positive, or everything behind them is NaN and equal to nothing. */
function ready(model: tf.LayersModel, random: SeededRandom): void {
  randomiseWeights(model, random);
  for (const layer of model.layers) {
    if (layer.getClassName() === 'BatchNormalization') tf.tidy(() => layer.setWeights(layer.getWeights().map(tf.abs)));
  }
}

interface Outcome {
  readonly weights: number[];
  readonly states: string;
}

/** Trains a fresh model, seeded, and gives all that training moved. */
async function train(
  make: () => tf.LayersModel,
  watch: (model: tf.LayersModel, inputs: tf.Tensor) => Tracker | null,
): Promise<Outcome & { readonly tracker: Tracker | null }> {
  const random = randomOf(11);
  const model = make();
  ready(model, random);
  model.compile({ optimizer: tf.train.adam(0.05), loss: 'sparseCategoricalCrossentropy' });
  const xs = normalTensor(random, [12, STEPS, 3]);
  const ys = tf.tensor1d([...integers(random, 12, CLASSES)]);
  const probe = normalTensor(random, [10, STEPS, 3]);
  const tracker = watch(model, probe);
  await model.fit(xs, ys, {
    epochs: 2,
    batchSize: BATCH,
    shuffle: false,
    verbose: 0,
    callbacks: tracker === null ? [] : [fitCallback(tracker)],
  });
  const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
  const states = JSON.stringify(statesOf(model));
  tf.dispose([xs, ys, probe]);
  return { weights, states, tracker };
}

/** States of recurrent layers and the fields of custom ones. */
function statesOf(layer: tf.layers.Layer): unknown {
  if (layer instanceof tf.LayersModel) return layer.layers.map(statesOf);
  if (layer instanceof Restless) {
    const { calls, history, nested } = layer;
    const seen = [...nested.inner.seen];
    return [
      calls,
      history,
      nested.seed,
      [...nested.inner.table],
      seen,
      [...layer.state.dataSync()],
      [...layer.moved!.dataSync()],
    ];
  }
  if (layer instanceof Counting) return layer.seeds;
  const inner = layer as unknown as {
    layer?: tf.layers.Layer;
    forwardLayer?: tf.layers.Layer;
    backwardLayer?: tf.layers.Layer;
    states_?: tf.Tensor[] | null;
  };
  const parts = [inner.layer, inner.forwardLayer, inner.backwardLayer].filter((part) => part !== undefined);
  return [...(inner.states_ ?? []).map((state) => [...state.dataSync()]), ...parts.map(statesOf)];
}

for (const [name, make] of Object.entries(models)) {
  test(`${name}: trained under a tracker = trained alone, weights and states to the bit`, async () => {
    await useBackend('cpu');
    const alone = await train(make, () => null);
    const again = await train(make, () => null);
    assert.equal(again, alone, 'this model trains differently twice: the comparison says nothing');
    assert.ok(alone.weights.every(Number.isFinite));
    // A size that divides nothing, and once the one that the preflight chooses.
    for (const chunkSize of name === 'a stateful LSTM' ? [3, undefined] : [3]) {
      const watched = await train(make, (_, inputs) =>
        createTracker({
          inputs,
          labels: integers(randomOf(12), 10, CLASSES),
          metrics: [vog(), vog({ name: 'vog-loss', activation: 'loss' }), meanLoss()],
          schedule: everySteps(2),
          ...(chunkSize === undefined ? {} : { chunkSize }),
        }),
      );
      assert.ok((watched.tracker?.checkpoints ?? 0) > 1);
      assert.equal(watched.weights, alone.weights);
      assert.is(watched.states, alone.states);
      watched.tracker?.dispose();
    }
  });
}

for (const [name, make] of Object.entries(models)) {
  test(`${name}: every door leaves states and tensors as they were, and gives the same twice`, async () => {
    await useBackend('cpu');
    const random = randomOf(13);
    const model = make();
    ready(model, random);
    const inputs = normalTensor(random, [BATCH, STEPS, 3]);
    tf.dispose(model.predict(inputs));
    const before = JSON.stringify(statesOf(model));
    const labels = integers(random, BATCH, CLASSES);
    const tensors = tf.memory().numTensors;
    const doors: Readonly<Record<string, () => Promise<unknown>>> = {
      logitsOf: async () => tf.tidy(() => [...logitsOf(model)(inputs).dataSync()]),
      inputGradientOf: async () => tf.tidy(() => [...inputGradientOf(logitsOf(model), inputs, labels).dataSync()]),
      collectResources: async () => [...(await collectResources(model, { inputs, labels }, { logits })).logits.data],
      'a function': async () => [
        ...(
          await collectResources(
            (x) => model.apply(x as tf.Tensor) as tf.Tensor,
            { inputs },
            { logits },
            { chunkSize: BATCH },
          )
        ).logits.data,
      ],
      scoreOod: async () => {
        const detectors = await fitDetectors(model, { inputs, labels }, [msp(), klMatching()]);
        const scores = await scoreOod(model, { inputs }, detectors);
        return JSON.stringify(scores);
      },
    };
    for (const [door, open] of Object.entries(doors)) {
      const first = await open();
      assert.equal(await open(), first, door);
      assert.is(JSON.stringify(statesOf(model)), before, door);
      assert.is(tf.memory().numTensors, tensors, door);
    }
    inputs.dispose();
  });
}

test('a stateful model gives every example the logits that it has from a zero state, whatever the chunk', async () => {
  await useBackend('cpu');
  const model = models['a stateful LSTM']!() as tf.Sequential;
  randomiseWeights(model, randomOf(14));
  const inputs = normalTensor(randomOf(15), [2 * BATCH, STEPS, 3]);
  const expected: number[] = [];
  for (const start of [0, BATCH]) {
    model.resetStates();
    tf.tidy(() =>
      expected.push(...(model.predict(tf.slice(inputs, start, BATCH), { batchSize: BATCH }) as tf.Tensor).dataSync()),
    );
  }
  tf.tidy(() => {
    const actual = tf.softmax(logitsOf(model)(inputs)).dataSync();
    for (const [i, p] of expected.entries()) assert.ok(Math.abs(p - (actual[i] as number)) < 1e-6);
  });
  inputs.dispose();
});

test.run();
