// The chunk size that is chosen by itself: measured once before training, within the memory, and without a trace.
// Only with --all: it measures passes
import * as tf from '@tensorflow/tfjs';
import { withMemoryMeter } from '@vogjs/core/engine';
import {
  createTracker,
  DeviceStateStore,
  type GradientEngine,
  inputGradientOf,
  logitsOf,
  tapeGradientEngine,
  type Tracker,
  type TrackerOptions,
} from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normals, randomOf, SEED, withSeed } from '@vogjs/testing';
import { testBackends, useBackend } from '../support/backend.js';
import { codedError } from '../support/errors.js';
import { firstLogits, hits, meanLoss } from '../support/metrics.js';
import { CLASSES, IMAGE, nudge, smallConvnet, weightsOf } from '../support/models.js';
import { integers } from '../support/random.js';
import { relativeError } from '../support/reference.js';

const test = suite(`chunk size (seed ${SEED})`);
const SIZE = 700;
const VALUES = IMAGE[0] * IMAGE[1] * IMAGE[2];

interface Scene {
  readonly model: tf.LayersModel;
  readonly inputs: { data: Float32Array; shape: number[] };
  readonly labels: Int32Array;
  /** Sizes of the gradient passes made, in order. */
  readonly passes: number[];
  make(options?: Partial<TrackerOptions>): Tracker;
}

/** A probe, a model, and a clock by which a pass of n examples takes `milliseconds(n)`. */
function sceneOf(salt: number, milliseconds: (size: number) => number, size = SIZE): Scene {
  const random = randomOf(salt);
  const model = smallConvnet(random);
  const inputs = { data: normals(random, size * VALUES), shape: [size, ...IMAGE] };
  const labels = integers(random, size, CLASSES);
  const passes: number[] = [];
  let now = 0;
  const gradientEngine: GradientEngine = {
    run: (bound, chunk, job) => {
      const count = chunk[0]?.shape[0] ?? 0;
      passes.push(count);
      now += milliseconds(count);
      return tapeGradientEngine.run(bound, chunk, job);
    },
  };
  const provide = { gradientEngine, clock: { now: () => now } };
  const make = (options: Partial<TrackerOptions> = {}): Tracker =>
    createTracker({ inputs, labels, metrics: [vog()], provide, ...options });
  return { model, inputs, labels, passes, make };
}

for (const backend of testBackends()) {
  test(`${backend}: an example gets cheaper up to chunks of 32: those are chosen, once, and plan() says so before and after`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const { model, passes, make } = sceneOf(1, (size) => 3 * size + (size < 32 ? 200 : 0));
      const tracker = make();
      const before = tracker.plan();
      assert.equal(
        [before.chunkSize, before.chunkSizeFrom, before.chunkSizeReason, before.workingBytes],
        [512, 'shapes', 'from the shape of the input', null],
      );
      const plan = await tracker.begin(model);
      assert.equal([plan.chunkSize, plan.chunks, plan.chunkSizeFrom], [32, Math.ceil(SIZE / 32), 'measurement']);
      assert.match(plan.chunkSizeReason, /28.0 ms in chunks of 8, 15.5 ms in chunks of 16, 3.00 ms in chunks of 32/);
      assert.equal(plan, tracker.plan());
      const measured = passes.length;
      assert.ok(passes.reduce((sum, size) => sum + size, 0) <= SIZE / 2);
      await tracker.begin(model);
      assert.is(passes.length, measured, 'a second fit measures nothing');
      await tracker.checkpoint(model, { epoch: 0 });
      await tracker.checkpoint(model, { epoch: 1 });
      const checkpoint = [...Array.from({ length: 21 }, () => 32), SIZE - 21 * 32];
      assert.equal(passes.slice(measured), [...checkpoint, ...checkpoint], 'a checkpoint costs its passes');
      tracker.dispose();
    }));

  test(`${backend}: measured or given, the scores are the same`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const random = randomOf(2);
      const scene = sceneOf(3, (size) => 3 * size + (size < 32 ? 200 : 0));
      const metrics = () => [vog(), meanLoss(), hits(), firstLogits()];
      const trackers = [
        scene.make({ metrics: metrics() }),
        scene.make({ metrics: metrics(), chunkSize: 7 }),
        scene.make({ metrics: metrics(), provide: { clock: { now: () => 0 } } }),
      ] as const;
      for (let epoch = 0; epoch < 3; epoch++) {
        for (const tracker of trackers) await tracker.checkpoint(scene.model, { epoch });
        nudge(scene.model, random);
      }
      assert.is(new Set(trackers.map((tracker) => tracker.plan().chunkSize)).size, 3);
      for (const metric of trackers[0].metrics) {
        const [first, ...others] = await Promise.all(trackers.map((tracker) => tracker.scores(metric)));
        for (const { values } of others) assert.ok(relativeError(values, first!.values) <= 1e-5, metric);
      }
      for (const tracker of trackers) tracker.dispose();
    }));

  test(`${backend}: workingBytes is what a pass of that many takes, and a smaller workingMemory gives smaller chunks`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const { model, inputs, labels, make } = sceneOf(4, (size) => 1000 + size);
      const plan = await make().begin(model);
      const bare = withMemoryMeter(() =>
        tf.tidy(() => {
          const x = tf.tensor(inputs.data.subarray(0, plan.chunkSize * VALUES), [plan.chunkSize, ...IMAGE]);
          inputGradientOf(logitsOf(model), x, labels.subarray(0, plan.chunkSize));
        }),
      ).footprint!.bytes;
      // The tracker's pass keeps its logits, and a repeated sample.
      const ratio = (plan.workingBytes as number) / bare;
      assert.ok(ratio >= 0.99 && ratio <= 1.2, `${plan.workingBytes} of plan(), ${bare} of a bare pass`);
      const workingMemory = Math.floor((plan.workingBytes as number) / 4);
      const tight = await make({ workingMemory }).begin(model);
      assert.ok(tight.chunkSize < plan.chunkSize, tight.chunkSizeReason);
      assert.ok((tight.workingBytes as number) <= workingMemory);
      assert.match(tight.chunkSizeReason, /workingMemory/);
      await codedError(
        () => make({ workingMemory: 50 }).begin(model),
        'BUDGET_TOO_SMALL',
        /one example takes \d+ bytes/,
      );
    }));

  test(`${backend}: the measurement moves no weight and no state, draws no random number, reads the first 8 once, and leaves no tensor`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const scene = sceneOf(5, (size) => 100 + size);
      const stateStore = new DeviceStateStore();
      const reads: number[][] = [];
      const { data } = scene.inputs;
      const read = (start: number, end: number): Float32Array => {
        reads.push([start, end]);
        return data.subarray(start * VALUES, end * VALUES);
      };
      let now = 0;
      const tracker = scene.make({
        inputs: { size: SIZE, shape: [...IMAGE], read },
        provide: { stateStore, clock: { now: () => (now += 10) } },
      });
      const weights = backend === 'webgpu' ? [] : weightsOf(scene.model);
      const { numTensors, numBytes } = tf.memory();
      const { random } = Math;
      let drawn = 0;
      Math.random = () => {
        drawn++;
        return random();
      };
      try {
        const plan = await tracker.begin(scene.model);
        assert.is(plan.chunkSizeFrom, 'measurement');
      } finally {
        Math.random = random;
      }
      assert.is(drawn, 0);
      assert.equal(reads, [[0, 8]]);
      assert.is(stateStore.bytes(), 0);
      assert.is(tracker.checkpoints, 0);
      assert.equal([tf.memory().numTensors, tf.memory().numBytes], [numTensors, numBytes]);
      if (backend !== 'webgpu') assert.equal(weightsOf(scene.model), weights);
      tracker.dispose();
    }));
}

test('a chunk size of your own is taken as it is: nothing is measured', () =>
  withSeed(async () => {
    await useBackend('cpu');
    const { model, passes, make } = sceneOf(6, (size) => 100 + size);
    const plan = await make({ chunkSize: 5 }).begin(model);
    assert.equal([plan.chunkSize, plan.chunkSizeFrom, plan.workingBytes, passes], [5, 'option', null, []]);
    const both = { chunkSize: 5, workingMemory: 1e6 };
    await codedError(async () => make(both), 'ARGUMENT_INVALID', /chunkSize and workingMemory were both given/);
    await codedError(async () => make({ workingMemory: 0.5 }), 'ARGUMENT_INVALID', /workingMemory must be a positive/);
  }));

test('a saved run goes on in its own chunks, whatever the clock would say now; and so does one that was reset', () =>
  withSeed(async () => {
    await useBackend('cpu');
    const scene = sceneOf(7, (size) => 3 * size + (size < 32 ? 200 : 0));
    const first = scene.make();
    await first.checkpoint(scene.model, { epoch: 0 });
    const second = scene.make({ provide: { clock: { now: () => 0 } } });
    await second.load(await first.serialise());
    const plan = await second.begin(scene.model);
    assert.equal([plan.chunkSize, plan.chunkSizeFrom], [32, 'saved state']);
    await first.checkpoint(scene.model, { epoch: 1 });
    await second.checkpoint(scene.model, { epoch: 1 });
    assert.equal((await second.scores()).values, (await first.scores()).values);
    const { length } = scene.passes;
    await first.reset();
    await first.begin(scene.model);
    assert.is(scene.passes.length, length);
    assert.is(first.plan().chunkSize, 32);
    first.dispose();
    second.dispose();
  }));

test('a pass that fails with more examples leaves the smaller chunks, no tensor and no tape', () =>
  withSeed(async () => {
    await useBackend('cpu');
    const scene = sceneOf(8, (size) => 100 + size);
    let now = 0;
    const gradientEngine: GradientEngine = {
      run: (bound, chunk, job) => {
        const count = chunk[0]?.shape[0] ?? 0;
        if (count > 16) throw new Error('out of memory');
        now += 100 + count;
        return tapeGradientEngine.run(bound, chunk, job);
      },
    };
    const { numTensors } = tf.memory();
    const tracker = scene.make({ provide: { gradientEngine, clock: { now: () => now } } });
    const plan = await tracker.begin(scene.model);
    assert.is(plan.chunkSize, 16);
    assert.match(plan.chunkSizeReason, /32 failed: out of memory/);
    assert.is(tf.memory().numTensors, numTensors);
    await tracker.checkpoint(scene.model, { epoch: 0 });
    tracker.dispose();
    assert.is(tf.memory().numTensors, numTensors);
  }));

test('a gradient that does not exist is refused before training, not at the first checkpoint', () =>
  withSeed(async () => {
    await useBackend('cpu');
    const scene = sceneOf(9, () => 1);
    const weights = tf.ones([VALUES, CLASSES]) as tf.Tensor2D;
    const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor =>
      tf.matMul(tf.reshape(tf.einsum('abcd->abcd', x as tf.Tensor), [-1, VALUES]), weights);
    await codedError(() => scene.make().begin(model), 'GRADIENT_UNSUPPORTED');
    weights.dispose();
  }));

test('metrics that need nothing of the model are not measured', () =>
  withSeed(async () => {
    await useBackend('cpu');
    const { model, passes, make } = sceneOf(10, () => 1);
    const nothing = { ...meanLoss(), name: 'nothing', requires: {}, update: (state: object) => state };
    const plan = await make({ metrics: [nothing as never] }).begin(model);
    assert.equal([plan.chunkSizeFrom, plan.workingBytes, passes], ['shapes', null, []]);
  }));

test.run();
