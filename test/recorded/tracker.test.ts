// Only with --all: native TensorFlow records some dozens of trackers' checkpoints, in half a minute.
// A tracker that records its checkpoints gives what it gives without, whatever happens between and inside them.
import * as tf from '@tensorflow/tfjs';
import { createTracker, defineMetric, inputGradient, logits } from '@vogjs/core';
import { csg, meanLoss, vog } from '@vogjs/metrics';
import { normalValues, testBackends, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { useBackend } from '../support/backend.js';
import { seedWeights } from '../networks.js';
import { openSessions, recording } from './sections.js';
import { around, CHUNK, EXAMPLES, layerOf, network, probe, projection, same, seed } from './stories.js';

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
