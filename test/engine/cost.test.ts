// What a checkpoint costs: passes counted at the engine's own parts and as kernels run.
import * as tf from '@tensorflow/tfjs';
import {
  createTracker,
  defineMetric,
  defineResource,
  DeviceStateStore,
  everyEpoch,
  features,
  type GradientEngine,
  type GradientJob,
  inputGradient,
  logits,
  type Metric,
  type ModelAdapter,
  modelAdapter,
  probabilities,
  scheduled,
  tapeGradientEngine,
} from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normalTensor, randomOf, withSeed } from '@vogjs/testing';
import { testBackends, useBackend } from '../support/backend.js';
import { firstLogits, hits, meanLoss } from '../support/metrics.js';
import { CLASSES, IMAGE, smallConvnet, smallDense } from '../support/models.js';
import { integers } from '../support/random.js';

const test = suite('cost');
const SIZE = 10;
const CHUNKS = 3;

/** The engine's parts, counting. */
function counters() {
  const jobs: GradientJob[] = [];
  let forwards = 0;
  let binds = 0;
  const gradientEngine: GradientEngine = {
    run: (model, inputs, job) => {
      jobs.push(job);
      return tapeGradientEngine.run(model, inputs, job);
    },
  };
  const adapter: ModelAdapter = {
    bind: (...args) => {
      binds++;
      const bound = modelAdapter.bind(...args);
      return {
        ...bound,
        forward: (inputs) => {
          forwards++;
          return bound.forward(inputs);
        },
      };
    },
  };
  const reset = (): void => {
    jobs.length = 0;
    forwards = 0;
    binds = 0;
  };
  return {
    provide: { gradientEngine, modelAdapter: adapter },
    jobs,
    reset,
    counts: () => [jobs.length, forwards, binds],
  };
}

async function costOf(metrics: Metric[]): Promise<number[]> {
  await useBackend();
  const random = randomOf(1);
  const model = smallConvnet(random);
  const counted = counters();
  const tracker = createTracker({
    inputs: normalTensor(random, [SIZE, ...IMAGE]),
    labels: integers(random, SIZE, CLASSES),
    metrics,
    chunkSize: 4,
    provide: counted.provide,
  });
  const plan = await tracker.begin(model);
  counted.reset();
  await tracker.checkpoint(model, { epoch: 0 });
  const [gradients = 0, forwards = 0, binds] = counted.counts();
  assert.is(plan.backwardPasses, gradients, 'plan() tells the backward passes');
  assert.is(plan.forwardPasses, forwards, 'plan() tells the forward passes');
  assert.is(binds, 1);
  tracker.dispose();
  model.dispose();
  return [gradients / CHUNKS, forwards / CHUNKS];
}

test('vog alone: one gradient and one forward pass a chunk', () =>
  withSeed(async () => {
    assert.equal(await costOf([vog()]), [1, 1]);
  }));

test('ten metrics on one gradient and many on the forward pass cost one of each, in any order', () =>
  withSeed(async () => {
    const variants = Array.from({ length: 8 }, (_, i) =>
      vog({ name: `vog${i}`, pool: 1 + (i % 3), reduce: i % 2 ? 'variance' : 'std' }),
    );
    const forward = [meanLoss(), hits(), firstLogits()];
    assert.equal(await costOf([...variants, ...forward]), [1, 1]);
    assert.equal(await costOf([...forward, ...variants]), [1, 1]);
  }));

test('forward-only metrics cost one forward pass and no gradient', () =>
  withSeed(async () => {
    assert.equal(await costOf([meanLoss(), hits(), firstLogits()]), [0, 1]);
  }));

test('two different gradients cost two; the same one asked by two resource instances costs one', () =>
  withSeed(async () => {
    assert.equal(await costOf([vog(), vog({ name: 'loss', activation: 'loss' }), meanLoss()]), [2, 2]);
    assert.equal(await costOf([vog(), vog({ name: 'predicted', label: 'predicted' })]), [2, 2]);
    const fixed = (): Int32Array => Int32Array.from({ length: SIZE }, (_, i) => i % CLASSES);
    assert.equal(await costOf([vog({ name: 'a', label: fixed() }), vog({ name: 'b', label: fixed() })]), [1, 1]);
    const ask = (name: string, resource: ReturnType<typeof inputGradient>): Metric =>
      defineMetric({
        name,
        hardDirection: 'high',
        requires: { resource },
        init: ({ size }) => ({ sum: tf.zeros([size]) }),
        update: ({ sum }, values) => ({ sum: tf.add(sum, tf.sum(values.resource, [1, 2, 3])) }),
        compute: ({ sum }) => sum,
      });
    assert.equal(
      await costOf([
        ask('a', inputGradient()),
        ask('b', inputGradient({ activation: 'logit', label: 'true', input: 0 })),
        vog({ activation: 'logit' }),
      ]),
      [1, 1],
    );
    const softmax = { activation: 'softmax' } as const;
    assert.equal(await costOf([ask('a', inputGradient(softmax)), vog(softmax)]), [1, 1]);
  }));

test('a metric that needs nothing of the model costs no pass', () =>
  withSeed(async () => {
    const count = defineMetric({
      name: 'count',
      hardDirection: 'high',
      requires: {},
      init: ({ size }) => ({ sum: tf.zeros([size]) }),
      update: ({ sum }) => ({ sum: tf.add(sum, 1) }),
      compute: ({ sum }) => sum,
    });
    assert.equal(await costOf([count]), [0, 0]);
  }));

test('features come from the gradient pass: no pass of their own', () =>
  withSeed(async () => {
    await useBackend();
    const random = randomOf(2);
    const model = smallConvnet(random);
    const [convolution] = model.layers;
    const norm = defineMetric({
      name: 'norm',
      hardDirection: 'high',
      requires: { maps: features(convolution?.name ?? '') },
      init: ({ size }) => ({ sum: tf.zeros([size]) }),
      update: ({ sum }, { maps }) => ({ sum: tf.add(sum, tf.sum(tf.square(maps), [1, 2, 3])) }),
      compute: ({ sum }) => sum,
    });
    const counted = counters();
    const inputs = normalTensor(random, [SIZE, ...IMAGE]);
    const tracker = createTracker({
      inputs,
      labels: integers(random, SIZE, CLASSES),
      metrics: [norm, vog()],
      chunkSize: 4,
      provide: counted.provide,
    });
    await tracker.begin(model);
    counted.reset();
    await tracker.checkpoint(model, { epoch: 0 });
    assert.equal(counted.counts(), [CHUNKS, CHUNKS, 1]);
    const squares = tf.tidy(() => tf.sum(tf.square(convolution?.apply(inputs) as tf.Tensor), [1, 2, 3]));
    const expected = await squares.data();
    const { values } = await tracker.scores('norm');
    for (const [i, value] of values.entries())
      assert.ok(Math.abs(value - (expected[i] as number)) < 1e-4 * (expected[i] as number));
    tracker.dispose();
  }));

test('nothing due, nothing run: no bind, no forward pass, no gradient, no kernel', () =>
  withSeed(async () => {
    await useBackend();
    const random = randomOf(3);
    const model = smallDense(random);
    const counted = counters();
    const inputs = normalTensor(random, [SIZE, 4]);
    const tracker = createTracker({
      inputs,
      labels: integers(random, SIZE, CLASSES),
      metrics: [vog(), scheduled(meanLoss(), everyEpoch(3))],
      schedule: everyEpoch(2),
      provide: counted.provide,
    });
    await tracker.begin(model);
    counted.reset();
    const profile = await tf.profile(async () => {
      assert.is(await tracker.observe(model, { epoch: 0, step: 1, epochEnd: false }), false);
      assert.is(await tracker.observe(model, { epoch: 0, step: 2 }), false);
      return [];
    });
    assert.equal(
      profile.kernels.map(({ name }) => name),
      [],
    );
    assert.equal(counted.counts(), [0, 0, 0]);
    assert.is(await tracker.observe(model, { epoch: 1, step: 4 }), true);
    assert.equal(counted.counts(), [1, 1, 1]);
    counted.reset();
    // Epoch 3: only the forward-only metric is due.
    assert.is(await tracker.observe(model, { epoch: 2, step: 6 }), true);
    assert.equal(counted.counts(), [0, 1, 1]);
    assert.equal([(await tracker.scores('vog')).checkpoints, (await tracker.scores('mean-loss')).checkpoints], [1, 1]);
    tracker.dispose();
  }));

for (const backend of testBackends()) {
  test(`${backend}: kernels of a checkpoint hold one convolution and one input gradient of it a chunk, however many metrics, whatever is differentiated`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const random = randomOf(4);
      const model = smallConvnet(random);
      const inputs = normalTensor(random, [SIZE, ...IMAGE]);
      const labels = integers(random, SIZE, CLASSES);
      const kernelsOf = async (metrics: Metric[]): Promise<string[]> => {
        const tracker = createTracker({ inputs, labels, metrics, chunkSize: 4 });
        await tracker.begin(model);
        const { kernels } = await tf.profile(async () => {
          await tracker.checkpoint(model, { epoch: 0 });
          return [];
        });
        tracker.dispose();
        return kernels.map(({ name }) => name);
      };
      const count = (kernels: string[], pattern: RegExp): number => kernels.filter((name) => pattern.test(name)).length;
      const one = await kernelsOf([vog()]);
      const many = await kernelsOf([
        meanLoss(),
        vog(),
        vog({ name: 'b', ddof: 1 }),
        vog({ name: 'c', channels: 'separate' }),
        hits(),
        firstLogits(),
      ]);
      const alone: string[][] = [];
      for (const activation of ['logit', 'softmax', 'loss'] as const)
        alone.push(await kernelsOf([vog({ activation })]));
      for (const kernels of [one, many, ...alone]) {
        assert.is(count(kernels, /^(Fused)?Conv2D$/), CHUNKS, kernels.join(' '));
        assert.is(count(kernels, /^Conv2DBackpropInput$/), CHUNKS);
      }
      tf.dispose(inputs);
    }));
}

test('a resource is computed once a chunk, whoever requires it, under whatever name', () =>
  withSeed(async () => {
    await useBackend();
    let computed = 0;
    const entropy = () =>
      defineResource({
        name: 'test-entropy',
        parameters: { base: 2 },
        requires: { p: probabilities },
        compute: ({ p }) => {
          computed++;
          return tf.neg(tf.sum<tf.Tensor1D>(tf.mul(p, tf.log(p)), 1));
        },
      });
    const doubled = () =>
      defineResource({ name: 'test-double', requires: { e: entropy(), logits }, compute: ({ e }) => tf.mul(e, 2) });
    const metric = (name: string): Metric =>
      defineMetric({
        name,
        hardDirection: 'high',
        requires: { one: entropy(), other: entropy(), twice: doubled() },
        init: ({ size }) => ({ sum: tf.zeros([size]) }),
        update: ({ sum }, values) => ({ sum: tf.add(sum, tf.add(tf.sub(values.one, values.other), values.twice)) }),
        compute: ({ sum }) => sum,
      });
    const random = randomOf(5);
    const model = smallDense(random);
    const tracker = createTracker({
      inputs: normalTensor(random, [SIZE, 4]),
      metrics: [metric('a'), metric('b')],
      chunkSize: 4,
    });
    await tracker.checkpoint(model, { epoch: 0 });
    assert.is(computed, CHUNKS);
    assert.ok((await tracker.scores('a')).values.every((value) => value > 0));
    tracker.dispose();
  }));

test('every part of provide is used: adapter, gradient engine, state store, clock and logger', () =>
  withSeed(async () => {
    await useBackend();
    const used = new Set<string>();
    const random = randomOf(6);
    const model = smallDense(random);
    let now = 1000;
    class Store extends DeviceStateStore {
      override set(...args: Parameters<DeviceStateStore['set']>): void {
        used.add('stateStore');
        super.set(...args);
      }
    }
    const warnings: string[] = [];
    const tracker = createTracker({
      inputs: normalTensor(random, [SIZE, 4]),
      labels: integers(random, SIZE, CLASSES),
      metrics: [vog()],
      chunkSize: 4,
      provide: {
        modelAdapter: {
          bind: (...args) => {
            used.add('modelAdapter');
            return modelAdapter.bind(...args);
          },
        },
        gradientEngine: {
          run: (...args) => {
            used.add('gradientEngine');
            return tapeGradientEngine.run(...args);
          },
        },
        stateStore: new Store(),
        clock: { now: () => (now += 500) },
        logger: { warn: (message) => warnings.push(message) },
      },
    });
    const durations: number[] = [];
    tracker.on('progress', ({ milliseconds }) => durations.push(milliseconds));
    tracker.on('checkpointEnd', () => {
      throw new Error('a listener of the test');
    });
    await tracker.checkpoint(model, { epoch: 0 });
    assert.equal([...used].toSorted(), ['gradientEngine', 'modelAdapter', 'stateStore']);
    assert.equal(durations, [500, 1000, 1500]);
    assert.is(warnings.length, 1);
    assert.match(warnings[0] ?? '', /a listener of the test/);
    tracker.dispose();
  }));

test.run();
