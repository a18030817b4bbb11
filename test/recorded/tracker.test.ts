// Only with --all: native TensorFlow records some dozens of trackers' checkpoints, in half a minute.
// A tracker that records its checkpoints gives what it gives without, whatever happens between and inside them.
import * as tf from '@tensorflow/tfjs';
import { createTracker, defineMetric, inputGradient, logits, type Metric, type TrackerOptions } from '@vogjs/core';
import { csg, meanLoss, vog } from '@vogjs/metrics';
import { normalValues, runSeed, testBackends, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { useBackend } from '../support/backend.js';
import { seedWeights } from '../networks.js';
import { openSessions, recording } from './sections.js';

const seed = runSeed();
const EXAMPLES = 10;
const CHUNK = 4;
const SHAPE = [6, 6, 1];
const LABELS = Int32Array.from({ length: EXAMPLES }, (_, i) => i % 3);

function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: SHAPE }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  return seedWeights(model, seed);
}

function probe(): Pick<TrackerOptions, 'inputs' | 'labels'> {
  const inputs = tf.tensor(normalValues(EXAMPLES * 36, uniformFrom(seed + 1)), [EXAMPLES, ...SHAPE]);
  return { inputs, labels: LABELS };
}

interface Story {
  readonly model: tf.LayersModel | tf.GraphModel | ((x: tf.Tensor | tf.Tensor[]) => tf.Tensor);
  readonly metrics?: () => Metric[];
  /** Before each checkpoint. */
  readonly before?: (checkpoint: number) => void | Promise<void>;
  readonly options?: Partial<TrackerOptions>;
  readonly checkpoints?: number;
}

/** The scores of all metrics, and how the checkpoints were computed. */
async function told(story: () => Story, recorded: boolean) {
  const before = [tf.memory().numTensors, openSessions()];
  const { model, metrics = () => [vog(), meanLoss()], before: prepare, options, checkpoints = 4 } = story();
  const { inputs = probe().inputs, ...more } = options ?? {};
  const all = metrics();
  const tracker = createTracker({ inputs, labels: LABELS, ...more, metrics: all, chunkSize: CHUNK, recorded });
  for (let epoch = 0; epoch < checkpoints; epoch++) {
    await prepare?.(epoch);
    await tracker.checkpoint(model, { epoch });
  }
  const scores: number[][] = [];
  for (const { name } of all) scores.push([...(await tracker.scores(name)).values]);
  const status = tracker.plan().recorded;
  tracker.dispose();
  if (model instanceof tf.LayersModel) model.dispose();
  tf.dispose(inputs as tf.Tensor | tf.Tensor[]);
  return { scores, status, left: [tf.memory().numTensors - before[0]!, openSessions() - before[1]!] };
}

async function same(
  story: () => Story,
  expected: {
    readonly state: string;
    readonly reason?: RegExp;
    readonly leaves?: number;
    readonly recordings?: number;
    readonly replayed?: number;
  },
) {
  const recorded = await told(story, true);
  const eager = await told(story, false);
  assert.is(eager.status.state, 'eager');
  assert.is(eager.status.reason, 'recorded is false');
  for (const [i, values] of eager.scores.entries()) {
    const scale = Math.max(...values.map(Math.abs));
    assert.ok(scale > 0, 'scores of 0 say nothing');
    for (const [k, value] of values.entries()) {
      const off = Math.abs(recorded.scores[i]![k]! - value);
      assert.ok(off <= 2e-5 * scale, `metric ${i}, example ${k}: ${recorded.scores[i]![k]} and ${value}`);
    }
  }
  assert.is(recorded.status.state, expected.state, JSON.stringify(recorded.status));
  if (expected.reason !== undefined) assert.match(recorded.status.reason ?? '', expected.reason);
  else assert.ok(recorded.status.replayed > 0, JSON.stringify(recorded.status));
  assert.equal(recorded.left, [expected.leaves ?? 0, 0]);
  if (expected.recordings !== undefined) {
    assert.equal([recorded.status.recordings, recorded.status.replayed], [expected.recordings, expected.replayed]);
  }
}

/** A layer that does what its test says. */
function layerOf(call: (x: tf.Tensor) => tf.Tensor): tf.layers.Layer {
  class Told extends tf.layers.Layer {
    static className = `Told${Math.random()}`;
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.tidy(() => call(Array.isArray(inputs) ? inputs[0]! : inputs));
    }
    override computeOutputShape(shape: tf.Shape): tf.Shape {
      return shape;
    }
  }
  return new Told({});
}

function around(layer: tf.layers.Layer): tf.LayersModel {
  const input = tf.input({ shape: SHAPE });
  const flat = tf.layers.flatten().apply(layer.apply(input)) as tf.SymbolicTensor;
  const output = tf.layers.dense({ units: 3 }).apply(flat) as tf.SymbolicTensor;
  return seedWeights(tf.model({ inputs: input, outputs: output }), seed);
}

/** x W, as a converted model. */
function projection(): Promise<tf.GraphModel> {
  const T = { type: 'DT_FLOAT' };
  const dims = (shape: number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });
  const flag = { b: false };
  const node = [
    { name: 'x', op: 'Placeholder', input: [], attr: { dtype: T, shape: { shape: dims([-1, 6, 6, 1]) } } },
    {
      name: 'shape',
      op: 'Const',
      attr: { dtype: { type: 'DT_INT32' }, value: { tensor: { dtype: 'DT_INT32', tensorShape: dims([2]) } } },
    },
    {
      name: 'w',
      op: 'Const',
      attr: { dtype: T, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: dims([36, 3]) } } },
    },
    { name: 'flat', op: 'Reshape', input: ['x', 'shape'], attr: { T, Tshape: { type: 'DT_INT32' } } },
    { name: 'bent', op: 'Sin', input: ['flat'], attr: { T } },
    { name: 'logits', op: 'MatMul', input: ['bent', 'w'], attr: { T, transpose_a: flag, transpose_b: flag } },
    { name: 'probabilities', op: 'Softmax', input: ['logits'], attr: { T } },
  ];
  const weights = new Float32Array(normalValues(36 * 3, uniformFrom(seed)));
  const weightData = new Uint8Array(8 + weights.byteLength);
  weightData.set(new Uint8Array(Int32Array.of(-1, 36).buffer));
  weightData.set(new Uint8Array(weights.buffer), 8);
  return tf.loadGraphModel({
    load: async () => ({
      modelTopology: { node, versions: { producer: 1 }, library: {} },
      weightSpecs: [
        { name: 'shape', shape: [2], dtype: 'int32' },
        { name: 'w', shape: [36, 3], dtype: 'float32' },
      ],
      weightData: weightData.buffer,
    }),
  });
}

for (const backend of recording(testBackends())) {
  const test = suite(`recorded checkpoints on ${backend} (seed ${seed})`);
  test.before.each(() => useBackend(backend));

  test('weights replaced by setWeights', async () => {
    await same(
      () => {
        const model = network();
        return { model, before: (checkpoint) => void seedWeights(model, seed + checkpoint) };
      },
      // One of whole chunks, one of the last, shorter one.
      { state: 'recorded', recordings: 2, replayed: 10 },
    );
  });

  test('weights moved by an optimizer', () =>
    same(
      () => {
        const model = network();
        model.compile({ optimizer: tf.train.sgd(0.1), loss: 'sparseCategoricalCrossentropy' });
        return {
          model,
          before: async () => {
            const { inputs, labels } = probe();
            const ys = tf.tensor1d([...(labels as Int32Array)]);
            await model.trainOnBatch(inputs as tf.Tensor, ys);
            tf.dispose([inputs as tf.Tensor, ys]);
          },
        };
      },
      // The optimizer keeps its learning rate.
      { state: 'recorded', leaves: 1 },
    ));

  test('several gradients in one pass, and metrics beside them', () =>
    same(
      () => {
        const model = network();
        return {
          model,
          metrics: () => [vog(), vog({ activation: 'loss', name: 'loss-gradient' }), csg(), meanLoss()],
          before: (checkpoint) => void seedWeights(model, seed + checkpoint),
        };
      },
      { state: 'recorded' },
    ));

  test('a layer with host state that changes at each call', () =>
    same(
      () => {
        let calls = 0;
        return { model: around(layerOf((x) => tf.mul(x, 1 + 0.1 * calls++))) };
      },
      { state: 'recorded' },
    ));

  test('a layer with host state that takes another way', () =>
    same(
      () => {
        let calls = 0;
        return { model: around(layerOf((x) => (calls++ % 2 === 1 ? tf.sin(x) : tf.square(x)))), checkpoints: 6 };
      },
      { state: 'recorded' },
    ));

  test('a layer with an attribute from host state', () =>
    same(
      () => {
        let calls = 0;
        return { model: around(layerOf((x) => tf.leakyRelu(x, 0.1 * (calls++ % 2)))), checkpoints: 6 };
      },
      { state: 'recorded' },
    ));

  test('dropout in training mode with a seeded stream', () =>
    same(
      () => {
        let draw = seed;
        return { model: around(layerOf((x) => tf.dropout(x, 0.4, undefined, draw++))) };
      },
      { state: 'recorded' },
    ));

  test('a function that closes over a tensor and over another one later', () =>
    same(
      () => {
        const kernel = tf.randomNormal([36, 3], 0, 1, 'float32', seed);
        let used = kernel;
        return {
          model: (x) => tf.matMul(tf.reshape(x as tf.Tensor, [-1, 36]), used),
          before: (checkpoint) => {
            if (checkpoint === 2) used = tf.mul(kernel, 2);
          },
        };
      },
      { state: 'recorded', leaves: 2 },
    ));

  test('two inputs', () =>
    same(
      () => {
        const [a, b] = [tf.input({ shape: [5] }), tf.input({ shape: [4] })];
        const both = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
        const outputs = tf.layers
          .dense({ units: 3 })
          .apply(tf.layers.dense({ units: 8, activation: 'tanh' }).apply(both));
        const model = seedWeights(tf.model({ inputs: [a, b], outputs: outputs as tf.SymbolicTensor }), seed);
        const random = uniformFrom(seed + 3);
        const inputs = [5, 4].map((width) => tf.tensor(normalValues(EXAMPLES * width, random), [EXAMPLES, width]));
        return { model, options: { inputs }, before: (checkpoint) => void seedWeights(model, seed + checkpoint) };
      },
      { state: 'recorded' },
    ));

  test('layers frozen, and a layer that appears between checkpoints', () =>
    same(
      () => {
        const [first, last] = [tf.randomNormal([36, 3], 0, 1, 'float32', seed), tf.eye(3)];
        const kernel = tf.variable(first);
        let hasGrown = false;
        return {
          model: (x) => {
            const z = tf.matMul(tf.reshape(x as tf.Tensor, [-1, 36]), kernel);
            return hasGrown ? tf.matMul(tf.relu(z), last) : tf.sin(z);
          },
          before: (checkpoint) => {
            kernel.trainable = checkpoint % 2 === 0;
            hasGrown = checkpoint >= 2;
          },
        };
      },
      { state: 'recorded', leaves: 3 },
    ));

  test('a value read to the host inside the pass', () =>
    same(
      () => {
        const model = around(layerOf((x) => tf.mul(x, 1 + tf.mean(tf.square(x)).dataSync()[0]!)));
        return { model, before: (checkpoint) => void seedWeights(model, seed + checkpoint) };
      },
      { state: 'eager', reason: /a value was read to the host/ },
    ));

  test('an operation whose result has a shape by its data', () =>
    same(
      () => {
        const metric = defineMetric({
          name: 'distinct',
          hardDirection: 'high',
          requires: { logits },
          init: ({ size }) => ({ sum: tf.zeros([size]) }),
          update: ({ sum }, { logits: z }) => ({
            sum: tf.add(sum, tf.unique(tf.reshape(tf.round(z), [-1])).values.size),
          }),
          compute: ({ sum }) => sum,
        });
        const model = network();
        return {
          model,
          metrics: () => [vog(), metric],
          before: (checkpoint) => void seedWeights(model, seed + checkpoint),
        };
      },
      { state: 'eager', reason: /UniqueV2/ },
    ));

  test('a GraphModel', async () => {
    const model = await projection();
    await same(() => ({ model, metrics: () => [csg()], checkpoints: 3 }), { state: 'recorded' });
    model.dispose();
  });

  test('two trackers, checkpoint by checkpoint', async () => {
    const models = [network(), seedWeights(network(), seed + 9)];
    const scoresOf = async (recorded: boolean): Promise<number[]> => {
      const { inputs, labels } = probe();
      const trackers = models.map(() =>
        createTracker({ inputs, labels, metrics: [vog()], chunkSize: CHUNK, recorded }),
      );
      for (let epoch = 0; epoch < 3; epoch++) {
        for (const [i, model] of models.entries()) seedWeights(model, seed + 10 * i + epoch);
        await Promise.all(trackers.map((tracker, i) => tracker.checkpoint(models[i]!, { epoch })));
      }
      const scores = await Promise.all(trackers.map((tracker) => tracker.scores('vog')));
      for (const tracker of trackers) tracker.dispose();
      tf.dispose(inputs as tf.Tensor);
      return scores.flatMap(({ values }) => [...values]);
    };
    const [recorded, eager] = [await scoresOf(true), await scoresOf(false)];
    for (const [i, value] of eager.entries()) assert.ok(Math.abs(recorded[i]! - value) <= 2e-5 * Math.max(...eager));
    assert.is(openSessions(), 0);
    for (const model of models) model.dispose();
  });

  test('an error in the middle of a pass leaves nothing, and the other metrics are right', async () => {
    const scoresOf = async (recorded: boolean): Promise<number[]> => {
      let fails = false;
      const faulty = defineMetric({
        name: 'faulty',
        hardDirection: 'high',
        requires: { gradient: inputGradient(), logits },
        init: ({ size }) => ({ sum: tf.zeros([size]) }),
        update({ sum }, { logits: z }) {
          const next = tf.add(sum, tf.max(z, 1));
          if (fails) throw new Error('of its own');
          return { sum: next };
        },
        compute: ({ sum }) => sum,
      });
      const model = network();
      const { inputs, labels } = probe();
      const metrics = [faulty, vog()];
      const tracker = createTracker({ inputs, labels, metrics, chunkSize: CHUNK, onError: 'quarantine', recorded });
      for (let epoch = 0; epoch < 5; epoch++) {
        fails = epoch === 2;
        seedWeights(model, seed + epoch);
        await tracker.checkpoint(model, { epoch });
      }
      const { values } = await tracker.scores('vog');
      tracker.dispose();
      model.dispose();
      tf.dispose(inputs as tf.Tensor);
      return [...values];
    };
    const before = [tf.memory().numTensors, openSessions()];
    const [recorded, eager] = [await scoresOf(true), await scoresOf(false)];
    for (const [i, value] of eager.entries()) assert.ok(Math.abs(recorded[i]! - value) <= 2e-5 * Math.max(...eager));
    assert.equal([tf.memory().numTensors, openSessions()], before);
  });

  test('setBackend in between', async () => {
    const told = async (recorded: boolean): Promise<number[]> => {
      const model = network();
      const { inputs, labels } = probe();
      const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize: CHUNK, recorded });
      for (const [epoch, name] of (['tensorflow', 'cpu', 'tensorflow', 'tensorflow'] as const).entries()) {
        await tf.setBackend(name);
        seedWeights(model, seed + epoch);
        await tracker.checkpoint(model, { epoch });
      }
      const { values } = await tracker.scores('vog');
      tracker.dispose();
      model.dispose();
      tf.dispose(inputs as tf.Tensor);
      return [...values];
    };
    const [recorded, eager] = [await told(true), await told(false)];
    for (const [i, value] of eager.entries()) assert.ok(Math.abs(recorded[i]! - value) <= 2e-5 * Math.max(...eager));
    assert.is(openSessions(), 0);
  });

  test.run();
}
const elsewhere = suite('recorded checkpoints on other backends');
elsewhere('plan() says that nothing is recorded there', async () => {
  await useBackend((testBackends().find((name) => !name.startsWith('tfjs-node')) ?? 'cpu') as 'cpu');
  const { inputs, labels } = probe();
  const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize: CHUNK });
  assert.match(tracker.plan().recorded.reason ?? '', /only native TensorFlow records passes/);
  tracker.dispose();
  tf.dispose(inputs as tf.Tensor);
});
elsewhere.run();
