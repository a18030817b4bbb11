// What a metric's error does to training, to the other metrics and to its own state.
import * as tf from '@tensorflow/tfjs';
import { fitCallback } from '@vogjs/callback';
import {
  createTracker,
  defineMetric,
  epochs,
  loss,
  type Metric,
  type TrackerEvents,
  VogError,
  defineResource,
  logits,
  type Resource,
} from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normalTensor, randomOf, withSeed } from '@vogjs/testing';
import { useBackend } from '../support/backend.js';
import { codedError } from '../support/errors.js';
import { failing, meanLoss } from '../support/metrics.js';
import { CLASSES, oneHotRows, smallDense } from '../support/models.js';
import { integers } from '../support/random.js';
import { relativeError } from '../support/reference.js';
import { runEpochs, sceneOf, scoresOf, trackerOf } from '../support/runs.js';

const test = suite('errors');
test.before(() => useBackend());

async function fitWith(metrics: Metric[], onError?: 'throw' | 'quarantine') {
  const random = randomOf(1);
  const model = smallDense(random);
  const labels = integers(random, 10, CLASSES);
  const tracker = createTracker({
    inputs: normalTensor(random, [10, 4]),
    labels,
    metrics,
    chunkSize: 4,
    ...(onError ? { onError } : {}),
  });
  const errors: TrackerEvents['metricError'][0][] = [];
  tracker.on('metricError', (event) => errors.push(event));
  let epochs = 0;
  class Count extends tf.Callback {
    constructor() {
      super();
      this.onEpochEnd = async () => void epochs++;
    }
  }
  const ys = oneHotRows(labels);
  const fit = model.fit(normalTensor(random, [10, 4]), ys, {
    epochs: 4,
    batchSize: 5,
    shuffle: false,
    verbose: 0,
    callbacks: [fitCallback(tracker), new Count()],
  });
  let rejected: unknown;
  const history = await fit.catch((error: unknown) => void (rejected = error));
  return { tracker, errors, epochs, rejected, history: history?.history };
}

test("onError 'throw', the default: fit rejects with metric, hook and checkpoint, and stops there", () =>
  withSeed(async () => {
    // Update call 8: checkpoint 2, its second chunk.
    const { tracker, rejected, epochs, errors } = await fitWith([meanLoss(), failing('update', 8)]);
    assert.instance(rejected, VogError);
    const error = rejected as VogError;
    assert.equal([error.code, error.metric, error.hook, error.checkpoint], ['METRIC_FAILED', 'failing', 'update', 2]);
    assert.match(String(error.cause), /planned failure in update/);
    assert.is(epochs, 2, 'the third epoch did not end for the callbacks after');
    assert.is(errors.length, 0);
    tracker.dispose();
  }));

test("'throw' in the first chunk: every state is as before, scores and later checkpoints equal a run without the failure", () =>
  withSeed(async () => {
    const [scene, twin] = [sceneOf(2), sceneOf(2)];
    // Update call 7: checkpoint 2, first chunk.
    const tracker = trackerOf(scene, { metrics: [vog(), meanLoss(), failing('update', 7)] });
    const whole = trackerOf(twin, { metrics: [vog(), meanLoss(), failing('update', -1)] });
    await runEpochs(scene, [tracker], 0, 2);
    await runEpochs(twin, [whole], 0, 2);
    await codedError(() => tracker.checkpoint(scene.model, { epoch: 2 }), 'METRIC_FAILED');
    assert.equal(await scoresOf(tracker), await scoresOf(whole));
    assert.is(tracker.checkpoints, 2);
    await tracker.checkpoint(scene.model, { epoch: 2 });
    await whole.checkpoint(twin.model, { epoch: 2 });
    assert.equal(await scoresOf(tracker), await scoresOf(whole));
    tracker.dispose();
    whole.dispose();
  }));

test("'throw' in a later chunk: all metrics of the pass are torn, save refuses, reset or an earlier load heals", () =>
  withSeed(async () => {
    const scene = sceneOf(3);
    const tracker = trackerOf(scene, { metrics: [vog(), failing('update', 5)] });
    await runEpochs(scene, [tracker], 0, 1);
    const saved = await tracker.serialise();
    const then = await scoresOf(tracker);
    await codedError(() => tracker.checkpoint(scene.model, { epoch: 1 }), 'METRIC_FAILED');
    for (const metric of ['vog', 'failing']) {
      const torn = await codedError(() => tracker.scores(metric), 'METRIC_TORN', /half-way through checkpoint 1/);
      assert.equal([torn.metric, torn.checkpoint], [metric, 1]);
    }
    await codedError(() => tracker.serialise(), 'METRIC_TORN');
    await tracker.load(saved);
    assert.equal(await scoresOf(tracker), then);
    await tracker.reset();
    assert.is(tracker.checkpoints, 0);
    assert.is(tracker.position, null);
    await runEpochs(scene, [tracker], 0, 2);
    assert.is((await tracker.scores('vog')).checkpoints, 2);
    tracker.dispose();
  }));

test("'throw' of a probe that cannot be read tears the metrics only when states had moved", () =>
  withSeed(async () => {
    const scene = sceneOf(4);
    const { data } = scene.inputs;
    let fail = -1;
    const tracker = createTracker({
      inputs: {
        size: 10,
        shape: [4],
        read: (start, end) => {
          if (start === fail) throw new Error('disk gone');
          return data.subarray(start * 4, end * 4);
        },
      },
      labels: scene.labels,
      metrics: [vog(), meanLoss()],
      chunkSize: 4,
    });
    await runEpochs(scene, [tracker], 0, 2);
    const then = await scoresOf(tracker);
    fail = 0;
    let error: unknown;
    await tracker.checkpoint(scene.model, { epoch: 2 }).catch((thrown: unknown) => (error = thrown));
    assert.match(String(error), /disk gone/);
    assert.equal(await scoresOf(tracker), then);
    fail = 4;
    await tracker.checkpoint(scene.model, { epoch: 2 }).catch((thrown: unknown) => (error = thrown));
    await codedError(() => tracker.scores('vog'), 'METRIC_TORN', /disk gone/);
    await codedError(() => tracker.scores('mean-loss'), 'METRIC_TORN');
    tracker.dispose();
  }));

for (const [nth, where] of [
  [7, 'the first chunk'],
  [8, 'a later chunk'],
] as const) {
  test(`'quarantine': a failure in ${where} tears that metric alone; training and the others go on to the same scores`, () =>
    withSeed(async () => {
      const { tracker, errors, rejected, epochs, history } = await fitWith(
        [meanLoss(), failing('update', nth), vog()],
        'quarantine',
      );
      const plain = await fitWith([meanLoss(), vog()]);
      assert.is(rejected, undefined);
      assert.is(epochs, 4);
      assert.equal(
        errors.map(({ metric, error }) => [metric, error.code, error.metric, error.hook, error.checkpoint]),
        [['failing', 'METRIC_FAILED', 'failing', 'update', 2]],
      );
      await codedError(() => tracker.scores('failing'), 'METRIC_TORN', /planned failure/);
      for (const metric of ['mean-loss', 'vog']) {
        const [here, there] = [await tracker.scores(metric), await plain.tracker.scores(metric)];
        assert.is(here.checkpoints, 4);
        assert.is(relativeError(here.values, there.values), 0, metric);
      }
      assert.equal(((history ?? {})['failing_mean'] as number[]).map(Number.isNaN), [false, false, true, true]);
      tracker.dispose();
      plain.tracker.dispose();
    }));
}

test('a save with a torn metric keeps the others, and says which is torn: loaded, they go on to the same scores', () =>
  withSeed(async () => {
    const metrics = () => [meanLoss(), failing('update', 8), vog()];
    const { tracker: first } = await fitWith(metrics(), 'quarantine');
    const [second, third] = [await fitWith(metrics(), 'quarantine'), await fitWith(metrics())];
    const saved = await first.serialise();
    await second.tracker.load(saved);
    await third.tracker.load(saved);
    for (const { tracker } of [second, third]) {
      assert.equal([tracker.checkpoints, tracker.position], [first.checkpoints, first.position]);
      const torn = await codedError(() => tracker.scores('failing'), 'METRIC_TORN', /planned failure/);
      assert.is(torn.metric, 'failing');
      for (const metric of ['mean-loss', 'vog']) {
        assert.equal((await tracker.scores(metric)).values, (await first.scores(metric)).values);
      }
      assert.equal(await tracker.serialise(), saved, 'saved again it is the same file');
      await tracker.reset();
      assert.is((await tracker.scores('failing')).checkpoints, 0, 'reset has it begin anew');
      tracker.dispose();
    }
    first.dispose();
  }));

test("'quarantine': every metric torn still lets training end", () =>
  withSeed(async () => {
    const { rejected, epochs, errors, tracker } = await fitWith([failing('update', 1)], 'quarantine');
    assert.is(rejected, undefined);
    assert.is(epochs, 4);
    assert.is(errors.length, 1);
    tracker.dispose();
  }));

/** A resource of a third party that throws at its nth chunk, after it has made tensors. */
function failingResource(nth: number, thrown: () => unknown) {
  let calls = 0;
  return defineResource({
    name: 'party.fails',
    requires: { logits },
    compute: (values) => {
      tf.zeros([3]);
      if (++calls === nth) throw thrown();
      return tf.max(values.logits, 1);
    },
  });
}

function meanOf(name: string, value: Resource<tf.Tensor>): Metric {
  return defineMetric({
    name,
    hardDirection: 'high',
    requires: { value },
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: ({ sum }, values) => ({ sum: tf.add(sum, values.value) }),
    compute: ({ sum }) => sum,
  });
}

test("'throw' of a resource names it, the metrics that want it, the hook and the checkpoint; codes stay", () =>
  withSeed(async () => {
    for (const [thrown, code] of [
      [new Error('planned'), 'METRIC_FAILED'],
      [new VogError('LABEL_INVALID', 'planned'), 'LABEL_INVALID'],
      [new VogError('party/NO_MASK', 'planned'), 'party/NO_MASK'],
    ] as const) {
      const scene = sceneOf(9);
      const resource = failingResource(7, () => thrown);
      const metrics = [meanLoss(), meanOf('one', resource), meanOf('two', resource)];
      const tracker = trackerOf(scene, { metrics });
      await runEpochs(scene, [tracker], 0, 2);
      const then = await scoresOf(tracker);
      const error = await codedError(() => tracker.checkpoint(scene.model, { epoch: 2 }), code, /planned/);
      assert.equal([error.plugin, error.hook, error.checkpoint], [{ kind: 'metric', name: 'one' }, 'requires', 2]);
      if (code !== 'party/NO_MASK') {
        assert.match(
          error.message,
          /'one' failed at checkpoint 2: its resource 'party.fails' \(which 'two' wants too\)/,
        );
        assert.is(error.cause, thrown);
      }
      assert.equal(await scoresOf(tracker), then, 'in the first chunk no state has moved');
      tracker.dispose();
    }
  }));

for (const [nth, where] of [
  [7, 'the first chunk'],
  [8, 'a later chunk'],
] as const) {
  test(`'quarantine': a resource that fails in ${where} tears the metrics that want it; the others go on to the same scores`, () =>
    withSeed(async () => {
      const [scene, twin] = [sceneOf(10), sceneOf(10)];
      const before = tf.memory().numTensors;
      const resource = failingResource(nth, () => new Error('planned'));
      const tracker = trackerOf(scene, {
        metrics: [meanOf('one', resource), vog(), meanOf('two', resource), meanLoss()],
        onError: 'quarantine',
      });
      const plain = trackerOf(twin, { metrics: [vog(), meanLoss()] });
      const errors: TrackerEvents['metricError'][0][] = [];
      tracker.on('metricError', (event) => errors.push(event));
      await runEpochs(scene, [tracker], 0, 4);
      await runEpochs(twin, [plain], 0, 4);
      assert.equal(
        errors.map(({ metric, error }) => [metric, error.code, error.metric, error.hook, error.checkpoint]),
        ['one', 'two'].map((name) => [name, 'METRIC_FAILED', name, 'requires', 2]),
      );
      for (const name of ['one', 'two']) await codedError(() => tracker.scores(name), 'METRIC_TORN', /planned/);
      for (const name of ['vog', 'mean-loss']) {
        const [here, there] = [await tracker.scores(name), await plain.scores(name)];
        assert.is(here.checkpoints, 4);
        assert.equal(here.values, there.values, name);
      }
      tracker.dispose();
      plain.dispose();
      assert.is(tf.memory().numTensors, before);
    }));
}

test("'quarantine' of a gradient that fails tears VoG and not the metrics that share its forward pass", () =>
  withSeed(async () => {
    const [scene, twin] = [sceneOf(11), sceneOf(11)];
    const before = tf.memory().numTensors;
    const gradientEngine = {
      run: (): never => {
        throw new VogError('GRADIENT_UNSUPPORTED', 'planned');
      },
    };
    const tracker = trackerOf(scene, {
      metrics: [meanLoss(), vog()],
      onError: 'quarantine',
      provide: { gradientEngine },
    });
    const plain = trackerOf(twin, { metrics: [meanLoss()] });
    await runEpochs(scene, [tracker], 0, 2);
    await runEpochs(twin, [plain], 0, 2);
    await codedError(() => tracker.scores('vog'), 'METRIC_TORN', /planned/);
    assert.equal((await tracker.scores('mean-loss')).values, (await plain.scores()).values);
    tracker.dispose();
    plain.dispose();
    assert.is(tf.memory().numTensors, before);
  }));

test("a model that fails rejects the checkpoint under 'quarantine' too, and tears nobody", () =>
  withSeed(async () => {
    const scene = sceneOf(12);
    let fail = false;
    const weights = normalTensor(randomOf(12), [4, CLASSES]) as tf.Tensor2D;
    const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => {
      if (fail) throw new Error('planned');
      return tf.matMul(x as tf.Tensor2D, weights);
    };
    const tracker = trackerOf(scene, { metrics: [vog(), meanLoss()], onError: 'quarantine' });
    await tracker.checkpoint(model, { epoch: 0 });
    const then = await scoresOf(tracker);
    fail = true;
    await codedError(() => tracker.checkpoint(model, { epoch: 1 }), 'LOGITS_UNRESOLVED', /planned/);
    assert.equal(await scoresOf(tracker), then);
    tracker.dispose();
    weights.dispose();
  }));

test('hooks that return something impossible are METRIC_FAILED and say what', () =>
  withSeed(async () => {
    const scene = sceneOf(5);
    const make = (part: object): Metric =>
      ({
        ...defineMetric({
          name: 'odd',
          hardDirection: 'high',
          requires: { loss },
          init: ({ size }) => ({ sum: tf.zeros([size]) }),
          update: ({ sum }) => ({ sum }),
          compute: ({ sum }) => sum,
        }),
        ...part,
      }) as Metric;
    const updates: [unknown, RegExp][] = [
      [Promise.resolve({}), /promise/],
      [undefined, /flat record of tensors/],
      [null, /flat record/],
      [tf.zeros([4]), /flat record/],
      [{ sum: 5 }, /state\.sum must be a tensor/],
      [{}, /state\.sum was .* became nothing/],
      [{ sum: tf.zeros([4]), more: tf.zeros([1]) }, /state\.more was nothing/],
      [{ sum: tf.zeros([5]) }, /\[4\].*became.*\[5\]/],
      [{ sum: tf.zeros([4], 'int32') }, /float32.*int32/],
    ];
    for (const [value, part] of updates) {
      const tracker = trackerOf(scene, { metrics: [make({ update: () => value })] });
      const error = await codedError(() => tracker.checkpoint(scene.model, { epoch: 0 }), 'METRIC_FAILED', part);
      assert.equal([error.metric, error.hook], ['odd', 'update']);
      tracker.dispose();
    }
    const disposing = trackerOf(scene, {
      metrics: [
        make({
          update: ({ sum }: { sum: tf.Tensor }) => {
            sum.dispose();
            return { sum };
          },
        }),
      ],
    });
    await codedError(() => disposing.checkpoint(scene.model, { epoch: 0 }), 'METRIC_FAILED', /never dispose/);
    disposing.dispose();
    const computes: unknown[] = [
      undefined,
      null,
      5,
      {},
      Promise.resolve(),
      tf.zeros([3]),
      tf.zeros([10, 1]),
      { a: 5 },
      { a: tf.scalar(1) },
    ];
    for (const value of computes) {
      const tracker = trackerOf(scene, { metrics: [make({ compute: () => value })], chunkSize: 10 });
      await tracker.checkpoint(scene.model, { epoch: 0 });
      const error = await codedError(() => tracker.scores(), 'METRIC_FAILED');
      assert.is(error.hook, 'compute');
      tracker.dispose();
    }
  }));

test('a thrown string, and a VogError of a metric, are METRIC_FAILED with their cause', () =>
  withSeed(async () => {
    const scene = sceneOf(6);
    for (const thrown of ['a string', new VogError('LABEL_INVALID', 'inner')]) {
      const metric = {
        ...meanLoss(),
        update: () => {
          // oxlint-disable-next-line typescript/only-throw-error
          throw thrown;
        },
      };
      const tracker = trackerOf(scene, { metrics: [metric] });
      const error = await codedError(
        () => tracker.checkpoint(scene.model, { epoch: 0 }),
        'METRIC_FAILED',
        /a string|inner/,
      );
      assert.is(error.cause, thrown);
      tracker.dispose();
    }
  }));

test("a code of a plugin's own passes unchanged, in every hook, and gains metric, hook and checkpoint", () =>
  withSeed(async () => {
    for (const hook of ['init', 'update', 'compute', 'merge'] as const) {
      const scene = sceneOf(6);
      const thrown = new VogError('my-metric/NO_MASK', 'there is no mask');
      const metric = {
        ...meanLoss(),
        [hook]: () => {
          throw thrown;
        },
      };
      const tracker = trackerOf(scene, { metrics: [metric], windows: { early: epochs(0, 1), late: epochs(1, 2) } });
      const run = async (): Promise<void> => {
        await runEpochs(scene, [tracker], 0, 2);
        await tracker.scores();
      };
      const error = await codedError(run, 'my-metric/NO_MASK', /^there is no mask$/);
      assert.is(error, thrown);
      assert.equal(
        [error.plugin, error.metric, error.hook],
        [{ kind: 'metric', name: metric.name }, metric.name, hook],
      );
      assert.type(error.checkpoint, 'number');
      tracker.dispose();
    }
  }));

test("'quarantine' holds for a code of a plugin's own", () =>
  withSeed(async () => {
    const scene = sceneOf(6);
    const mine = {
      ...meanLoss(),
      name: 'mine',
      update: () => {
        throw new VogError('my-metric/NO_MASK', 'there is no mask');
      },
    };
    const tracker = trackerOf(scene, { metrics: [meanLoss(), mine], onError: 'quarantine' });
    const told: unknown[] = [];
    tracker.on('metricError', ({ metric, error }) => told.push([metric, error.code, error.metric, error.checkpoint]));
    await runEpochs(scene, [tracker], 0, 2);
    assert.equal(told, [['mine', 'my-metric/NO_MASK', 'mine', 0]]);
    await codedError(() => tracker.scores('mine'), 'METRIC_TORN', /there is no mask/);
    assert.ok((await tracker.scores('mean-loss')).values.every(Number.isFinite));
    tracker.dispose();
  }));

test('scores of a column without a direction are refused, and columns have directions of their own', () =>
  withSeed(async () => {
    const scene = sceneOf(7);
    const columns = defineMetric({
      name: 'columns',
      hardDirection: { up: 'high', down: 'low' },
      requires: { loss },
      init: ({ size }) => ({ sum: tf.zeros([size]) }),
      update: ({ sum }, values) => ({ sum: tf.add(sum, values.loss) }),
      compute: ({ sum }) => ({ up: sum, down: tf.neg(sum), neither: sum }),
    });
    const tracker = trackerOf(scene, { metrics: [columns] });
    await runEpochs(scene, [tracker], 0, 1);
    const [up, down] = [await tracker.scores(), await tracker.scores('columns', { column: 'down' })];
    assert.equal([up.column, up.hardDirection, down.column, down.hardDirection], ['up', 'high', 'down', 'low']);
    assert.equal([...up.ranking()], [...down.ranking()]);
    await codedError(() => tracker.scores('columns', { column: 'neither' }), 'METRIC_INVALID', /neither/);
    await codedError(() => tracker.scores('columns', { column: 'nope' }), 'METRIC_UNKNOWN', /up, down, neither/);
    tracker.dispose();
  }));

test('after dispose everything but dispose is DISPOSED', () =>
  withSeed(async () => {
    const scene = sceneOf(8);
    const tracker = trackerOf(scene, { metrics: [vog()] });
    await runEpochs(scene, [tracker], 0, 2);
    tracker.dispose();
    tracker.dispose();
    const calls: (() => unknown)[] = [
      () => tracker.checkpoint(scene.model, { epoch: 2 }),
      () => tracker.observe(scene.model, { epoch: 2 }),
      () => tracker.begin(scene.model),
      () => tracker.scores(),
      () => tracker.serialise(),
      () => tracker.save('/nowhere/at/all'),
      () => tracker.load(new Uint8Array(10)),
      () => tracker.reset(),
      () => tracker.plan(),
      () => tracker.on('reset', () => {}),
    ];
    for (const call of calls) await codedError(async () => call(), 'DISPOSED');
  }));

test.run();
