// The chunk size that is chosen by itself: measured once before training, within the memory, and without a trace.
// Only with --all: it measures passes
import * as tf from '@tensorflow/tfjs';
import { withMemoryMeter } from '@vogjs/core/engine';
import {
  type Clock,
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

/** As many examples as let sizes be timed, of which only the first few are ever read: for `begin` alone. */
const MANY = 70_000;

function manyOf(scene: Scene, size = MANY): Partial<TrackerOptions> {
  const { data } = scene.inputs;
  const read = (start: number, end: number): Float32Array => data.subarray(start * VALUES, end * VALUES);
  return { inputs: { size, shape: [...IMAGE], read }, labels: new Int32Array(size) };
}

/** Chunks of 32 are the smallest of the cheapest. */
const bestAt32 = (size: number): number => size * (size < 16 ? 5 : size < 32 ? 4 : 3);

/** Native TensorFlow is not timed: its larger chunks are known to be cheaper. */
const isTimed = (backend: string): boolean => !backend.startsWith('tfjs-node');

for (const backend of testBackends()) {
  test(`${backend}: an example gets cheaper up to chunks of 32: those are chosen, once, and plan() says so before and after`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const scene = sceneOf(1, bestAt32);
      const { model, passes } = scene;
      const tracker = scene.make(manyOf(scene));
      const before = tracker.plan();
      assert.equal(
        [before.chunkSize, before.chunkSizeFrom, before.chunkSizeReason, before.workingBytes],
        [512, 'shapes', 'from the shape of the input', null],
      );
      const plan = await tracker.begin(model);
      const chosen = isTimed(backend) ? 32 : 2048;
      assert.equal(
        [plan.chunkSize, plan.chunks, plan.chunkSizeFrom],
        [chosen, Math.ceil(MANY / chosen), 'measurement'],
      );
      assert.match(
        plan.chunkSizeReason,
        isTimed(backend)
          ? /5.00 ms in chunks of 8, 4.00 ms in chunks of 16, 3.00 ms in chunks of 32/
          : /on this backend larger chunks are cheaper/,
      );
      assert.equal(plan, tracker.plan());
      const measured = passes.length;
      assert.ok(passes.reduce((sum, size) => sum + size, 0) <= 0.03 * MANY);
      await tracker.begin(model);
      assert.is(passes.length, measured, 'a second fit measures nothing');
      tracker.dispose();
    }));

  test(`${backend}: a checkpoint costs its passes, in the chunks that were chosen`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const { model, passes, make } = sceneOf(11, bestAt32);
      const tracker = make();
      const { chunkSize } = await tracker.begin(model);
      assert.is(chunkSize, isTimed(backend) ? 512 : SIZE, 'too few to time');
      assert.equal(passes.splice(0), [8]);
      await tracker.checkpoint(model, { epoch: 0 });
      await tracker.checkpoint(model, { epoch: 1 });
      const checkpoint = chunkSize === SIZE ? [SIZE] : [512, SIZE - 512];
      assert.equal(passes, [...checkpoint, ...checkpoint]);
      tracker.dispose();
    }));

  test(`${backend}: measured or given, the scores are the same`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const random = randomOf(2);
      const scene = sceneOf(3, bestAt32);
      const metrics = () => [vog(), meanLoss(), hits(), firstLogits()];
      const trackers = [
        scene.make({ metrics: metrics() }),
        scene.make({ metrics: metrics(), chunkSize: 7 }),
        scene.make({ metrics: metrics(), chunkSize: 32 }),
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
      const { model, inputs, labels, passes, make: makeWith } = sceneOf(4, (size) => 1000 + size);
      // Of the logit, as the bare pass: the tensors of a probability are no small part of so small a network.
      const make = (options = {}) => makeWith({ metrics: [vog({ activation: 'logit' })], ...options });
      const plan = await make().begin(model);
      const bareOf = (size: number): number =>
        withMemoryMeter(() =>
          tf.tidy(() => {
            const x = tf.tensor(inputs.data.subarray(0, size * VALUES), [size, ...IMAGE]);
            inputGradientOf(logitsOf(model), x, labels.subarray(0, size));
          }),
        ).footprint!.bytes;
      // Never less than a pass of that many takes. Where none was made, the largest that was stands for it in proportion.
      const tried = Math.max(...passes);
      const most = (bareOf(tried) * plan.chunkSize) / tried;
      const bytes = plan.workingBytes as number;
      // The tracker's pass keeps its logits, and a repeated sample.
      assert.ok(bytes >= 0.99 * bareOf(plan.chunkSize), `${bytes} of plan(), ${bareOf(plan.chunkSize)} of a bare pass`);
      assert.ok(bytes <= 1.2 * most, `${bytes} of plan(), ${most} by a bare pass of ${tried}`);
      const workingMemory = Math.floor(bytes / 4);
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

/** A clock on which other programs take every second turn of 4 ms: passes within one turn escape, longer ones do not. */
function loadedClock(): { readonly clock: Clock; spend(milliseconds: number): void } {
  let [wall, processor] = [0, 0];
  return {
    clock: { now: () => wall, processor: () => processor },
    spend(milliseconds) {
      processor += milliseconds;
      wall += milliseconds + 4 * Math.floor(milliseconds / 4);
    },
  };
}

test('a loaded machine makes longer passes look dearer by the wall; by the processor the choice for 200,000 stands', () =>
  withSeed(async () => {
    await useBackend('cpu');
    const scene = sceneOf(12, () => 0);
    // 3.9 ms in chunks of 16, within one turn of the processor; an example is by a sixth cheaper in chunks of 128.
    const costOf = (size: number): number => 0.7 + 0.2 * size;
    const chosen = async (withProcessor: boolean): Promise<number> => {
      const { clock, spend } = loadedClock();
      const gradientEngine: GradientEngine = {
        run: (bound, chunk, job) => {
          spend(costOf(chunk[0]?.shape[0] ?? 0));
          return tapeGradientEngine.run(bound, chunk, job);
        },
      };
      const provide = { gradientEngine, clock: withProcessor ? clock : { now: clock.now } };
      const tracker = scene.make({ ...manyOf(scene, 200_000), provide });
      const { chunkSize } = await tracker.begin(scene.model);
      tracker.dispose();
      return chunkSize;
    };
    assert.is(await chosen(false), 16, 'by the wall alone');
    assert.is(await chosen(true), 128);
  }));

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

test('a saved run goes on in its own chunks, whatever would be chosen now; and so does one that was reset', () =>
  withSeed(async () => {
    await useBackend('cpu');
    const scene = sceneOf(7, bestAt32);
    const { workingBytes } = await scene.make().begin(scene.model);
    const first = scene.make({ workingMemory: Math.ceil((workingBytes as number) / 8) });
    await first.checkpoint(scene.model, { epoch: 0 });
    const { chunkSize } = first.plan();
    assert.ok(chunkSize < 128);
    const second = scene.make();
    await second.load(await first.serialise());
    const plan = await second.begin(scene.model);
    assert.equal([plan.chunkSize, plan.chunkSizeFrom], [chunkSize, 'saved state']);
    await first.checkpoint(scene.model, { epoch: 1 });
    await second.checkpoint(scene.model, { epoch: 1 });
    assert.equal((await second.scores()).values, (await first.scores()).values);
    const { length } = scene.passes;
    await first.reset();
    await first.begin(scene.model);
    assert.is(scene.passes.length, length);
    assert.is(first.plan().chunkSize, chunkSize);
    first.dispose();
    second.dispose();
  }));

test('a pass that fails with more examples leaves the smaller chunks, no tensor and no tape', () =>
  withSeed(async () => {
    await useBackend('cpu');
    const scene = sceneOf(8, () => 1);
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
    const provide = { gradientEngine, clock: { now: () => now } };
    const tracker = scene.make({ ...manyOf(scene), provide });
    const plan = await tracker.begin(scene.model);
    assert.is(plan.chunkSize, 16);
    assert.match(plan.chunkSizeReason, /32 failed: out of memory/);
    assert.is(tf.memory().numTensors, numTensors);
    tracker.dispose();
    const small = scene.make({ chunkSize: 16 });
    await small.checkpoint(scene.model, { epoch: 0 });
    small.dispose();
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
