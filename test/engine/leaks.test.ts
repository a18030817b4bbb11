// No tensor is left behind: counted against a control that does nothing, and around everything that can go wrong.
import * as tf from '@tensorflow/tfjs';
import { fitCallback } from '@vogjs/callback';
import {
  createTracker,
  epochs,
  everySteps,
  type GradientEngine,
  stages,
  tapeGradientEngine,
  type Tracker,
} from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normalTensor, randomOf, withSeed } from '@vogjs/testing';
import { testBackends, useBackend } from '../support/backend.js';
import { codedError } from '../support/errors.js';
import { failing, firstLogits, hits, meanLoss } from '../support/metrics.js';
import { CLASSES, IMAGE, oneHotRows, smallConvnet } from '../support/models.js';
import { integers } from '../support/random.js';
import { runEpochs, sceneOf, trackerOf } from '../support/runs.js';

const test = suite('leaks');
const tensors = (): number => tf.memory().numTensors;
/** The tape that a throwing gradient leaves would make every later operation keep its inputs. */
const tape = (): unknown => (tf.engine() as unknown as { state: { activeTape: unknown[] | null } }).state.activeTape;
const everything = () => [
  vog(),
  vog({ name: 'vog-loss', activation: 'loss', label: 'predicted', channels: 'separate', pool: 2 }),
  meanLoss(),
  hits(),
  firstLogits(),
];

/** Tensors at the end of each epoch of a fit of 20 epochs with these callbacks. */
async function countInFit(
  make: (inputs: tf.Tensor, labels: Int32Array) => tf.Callback,
): Promise<{ during: number[]; added: number }> {
  const random = randomOf(1);
  const model = smallConvnet(random);
  const [xs, inputs] = [normalTensor(random, [12, ...IMAGE]), normalTensor(random, [10, ...IMAGE])];
  const ys = oneHotRows(integers(random, 12, CLASSES));
  const labels = integers(random, 10, CLASSES);
  const before = tensors();
  const during: number[] = [];
  class Count extends tf.Callback {
    constructor() {
      super();
      this.onEpochEnd = async () => void during.push(tensors() - before);
    }
  }
  const callback = make(inputs, labels);
  await model.fit(xs, ys, { epochs: 20, batchSize: 5, verbose: 0, callbacks: [callback, new Count()] });
  const added = tensors() - before;
  model.dispose();
  tf.dispose([xs, inputs, ys]);
  return { during, added };
}

for (const backend of testBackends()) {
  test(`${backend}: 20 checkpoints in fit hold what the first held, and no more than a control that does nothing but the states`, () =>
    withSeed(async () => {
      await useBackend(backend);
      // The optimiser and tfjs's own history add tensors as well: the control has the same.
      const control = await countInFit(() => new (class extends tf.Callback {})());
      let tracker: Tracker | undefined;
      const tracked = await countInFit((inputs, labels) => {
        tracker = createTracker({ inputs, labels, metrics: everything(), chunkSize: 4, schedule: everySteps(3) });
        return fitCallback(tracker, { logs: false });
      });
      assert.is(tracker?.checkpoints, 20);
      const states = tracked.during.map((count, epoch) => count - (control.during[epoch] as number));
      // 3 chunks; count, mean and m2 of two vogs, sum, two of hits, two of order.
      const held = 3 * (3 + 3 + 1 + 2 + 2);
      assert.equal(
        states,
        states.map(() => held),
      );
      assert.is(tracked.added - control.added, held);
      const last = tensors();
      tracker?.dispose();
      assert.is(tensors(), last - held);
      tracker?.dispose();
      assert.is(tensors(), last - held);
    }));

  test(`${backend}: scores, plan, begin, serialise, load and reset leave nothing`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const scene = sceneOf(2);
      const tracker = trackerOf(scene, {
        metrics: everything().filter(({ name }) => name !== 'vog-loss'),
        windows: stages(3),
        total: { epochs: 6 },
      });
      await tracker.begin(scene.model);
      await runEpochs(scene, [tracker], 0, 6);
      const before = tensors();
      for (const metric of tracker.metrics)
        for (const window of ['complete', 'early', 'late']) await tracker.scores(metric, { window });
      await tracker.scores('hits', { column: 'last' });
      await codedError(() => tracker.scores('hits', { column: 'nothing' }), 'METRIC_UNKNOWN', /hits, last/);
      tracker.plan();
      await tracker.begin(scene.model);
      const bytes = await tracker.serialise();
      assert.is(tensors(), before);
      await tracker.load(bytes);
      await tracker.load(bytes);
      assert.is(tensors(), before);
      await codedError(() => tracker.load(bytes.subarray(0, 200)), 'FORMAT_TRUNCATED');
      assert.is(tensors(), before);
      await tracker.reset();
      const empty = tensors();
      assert.ok(empty < before);
      await tracker.load(bytes);
      assert.is(tensors(), before);
      tracker.dispose();
      assert.is(tensors(), empty);
    }));
}

for (const policy of ['throw', 'quarantine'] as const) {
  for (const [hook, nth] of [
    ['init', 1],
    ['update', 1],
    ['update', 2],
    ['update', 5],
  ] as const) {
    test(`onError '${policy}': a metric that throws in ${hook}, call ${nth}, leaves nothing behind`, () =>
      withSeed(async () => {
        await useBackend();
        const scene = sceneOf(3);
        const before = tensors();
        const tracker = trackerOf(scene, {
          metrics: [meanLoss(), failing(hook, nth + (hook === 'init' ? 2 : 0)), vog()],
          onError: policy,
        });
        // Init also serves plan(): two sizes of chunk, two calls, before the first checkpoint.
        for (let epoch = 0; epoch < 3; epoch++) {
          try {
            await tracker.checkpoint(scene.model, { epoch });
          } catch (error) {
            assert.is((error as { code?: string }).code, 'METRIC_FAILED');
            assert.is(policy, 'throw');
          }
          assert.is(tape(), null);
        }
        // At most the states of three metrics and three chunks.
        assert.ok(tensors() - before <= 3 * (1 + 1 + 3));
        tracker.dispose();
        assert.is(tensors(), before);
      }));
  }
}

test('a metric that throws in compute or merge leaves nothing behind, and its state works afterwards', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(4);
    for (const hook of ['compute', 'merge'] as const) {
      const tracker = trackerOf(scene, {
        metrics: [failing(hook, 2)],
        windows: { early: epochs(0, 1), late: epochs(1, 2) },
      });
      await runEpochs(scene, [tracker], 0, 2);
      const before = tensors();
      const error = await codedError(
        () => tracker.scores(),
        'METRIC_FAILED',
        new RegExp(`'failing' failed in ${hook}`),
      );
      assert.equal([error.metric, error.hook, error.checkpoint], ['failing', hook, 2]);
      assert.match(String(error.cause), /planned failure/);
      assert.is(tensors(), before);
      assert.is((await tracker.scores()).values.length, 10);
      assert.is(tensors(), before);
      tracker.dispose();
    }
  }));

test('a gradient that throws, in the forward or the backward pass, leaves no tensor and no tape', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(5);
    const noGradient = tf.customGrad((x) => ({
      value: tf.relu(x as tf.Tensor),
      gradFunc: () => {
        throw new Error('backward fails');
      },
    }));
    const weights = tf.variable(tf.ones([4, 3]));
    const models: [string, (x: tf.Tensor | tf.Tensor[]) => tf.Tensor][] = [
      ['backward', (x) => tf.matMul(noGradient(tf.tanh(x as tf.Tensor)) as tf.Tensor2D, weights as tf.Tensor2D)],
      [
        'no path',
        (x) => tf.matMul(tf.cast(tf.round(x as tf.Tensor), 'int32').toFloat() as tf.Tensor2D, weights as tf.Tensor2D),
      ],
      ['constant', (x) => tf.mul(tf.ones([(x as tf.Tensor).shape[0] as number, 3]), weights.slice([0, 0], [1, 3]))],
    ];
    let calls = 0;
    models.push([
      'forward, later',
      (x) => {
        // The trial pass and the first chunk work.
        if (++calls > 2) throw new Error('forward fails');
        return tf.matMul(tf.tanh(x as tf.Tensor2D), weights as tf.Tensor2D);
      },
    ]);
    for (const [name, model] of models) {
      const before = tensors();
      const tracker = trackerOf(scene, { metrics: [vog()] });
      let error: unknown;
      await tracker.checkpoint(model, { epoch: 0 }).catch((thrown: unknown) => (error = thrown));
      // A rounding has a gradient of zeros in tfjs: that one works.
      if (name !== 'no path') assert.instance(error, Error, name);
      assert.is(tape(), null, name);
      tracker.dispose();
      assert.is(tensors(), before, name);
      // The engine works on.
      const slope = tf.tidy(() => tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([3])));
      assert.equal([...(await slope.data())], [6]);
      slope.dispose();
      assert.is(tensors(), before, name);
    }
    weights.dispose();
  }));

test('a gradient engine that throws leaves nothing', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(6);
    const before = tensors();
    let calls = 0;
    const engine: GradientEngine = {
      run: (...args) => {
        const pass = tapeGradientEngine.run(...args);
        if (++calls === 2) throw new Error('engine fails');
        return pass;
      },
    };
    const tracker = trackerOf(scene, { metrics: [vog()], provide: { gradientEngine: engine } });
    let error: unknown;
    await tracker.checkpoint(scene.model, { epoch: 0 }).catch((thrown: unknown) => (error = thrown));
    assert.match(String(error), /engine fails/);
    tracker.dispose();
    assert.is(tensors(), before);
  }));

test('dispose while a chunk is being read or between chunks: the checkpoint rejects, and nothing is left', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(7);
    for (const when of ['read', 'progress', 'last progress', 'scores', 'load'] as const) {
      const before = tensors();
      const { data } = scene.inputs;
      let reads = 0;
      const tracker: Tracker = createTracker({
        inputs: {
          size: 10,
          shape: [4],
          read: async (start, end) => {
            // The first read is the trial pass.
            if (++reads === 3 && when === 'read') tracker.dispose();
            await new Promise(setImmediate);
            return tf.tensor(data.subarray(start * 4, end * 4), [end - start, 4]);
          },
        },
        labels: scene.labels,
        metrics: [vog(), meanLoss()],
        chunkSize: 4,
      });
      tracker.on('progress', ({ done }) => {
        if (when === 'progress' || (when === 'last progress' && done === 10)) tracker.dispose();
      });
      const running = tracker.checkpoint(scene.model, { epoch: 0 });
      if (when === 'scores' || when === 'load') {
        await running;
        const bytes = await tracker.serialise();
        const pending = when === 'scores' ? tracker.scores('vog') : tracker.load(bytes);
        // At once: the work has begun and waits for its probe.
        tracker.dispose();
        await codedError(() => pending, 'DISPOSED');
      } else {
        await codedError(() => running, 'DISPOSED');
      }
      assert.is(tensors(), before, when);
    }
  }));

test('a chunk source that gives a wrong chunk, or fails, loses none of its tensors', () =>
  withSeed(async () => {
    await useBackend();
    const random = randomOf(8);
    const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [3] })];
    const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
    const model = tf.model({
      inputs: [a, b],
      outputs: tf.layers.dense({ units: CLASSES }).apply(joined) as tf.SymbolicTensor,
    });
    const before = tensors();
    const wrong: [(size: number) => tf.Tensor[], string][] = [
      [(size) => [tf.ones([size, 4]), tf.ones([size, 2])], 'INPUT_SHAPE'],
      [(size) => [tf.ones([size, 4])], 'INPUT_SHAPE'],
      [(size) => [tf.ones([size, 4]), tf.ones([size, 3]), tf.ones([size, 3])], 'INPUT_SHAPE'],
      [(size) => [tf.ones([size + 1, 4]), tf.ones([size, 3])], 'INPUT_SHAPE'],
      [
        (size) => [tf.ones([size, 4]), tf.tensor2d(new Float32Array(size * 3).fill(Number.NaN), [size, 3])],
        'INPUT_NOT_FINITE',
      ],
    ];
    for (const [chunkOf, code] of wrong) {
      const tracker = createTracker({
        inputs: { size: 6, shape: [[4], [3]], read: (start, end) => chunkOf(end - start) },
        labels: integers(random, 6, CLASSES),
        metrics: [vog()],
      });
      await codedError(() => tracker.checkpoint(model, { epoch: 0 }), code as 'INPUT_SHAPE');
      tracker.dispose();
      assert.is(tensors(), before, code);
    }
    model.dispose();
  }));

test.run();
