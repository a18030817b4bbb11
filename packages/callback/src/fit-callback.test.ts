import { selectBackend } from '@vogjs/core/node';
import {
  atFractions,
  createTracker,
  either,
  everyEpoch,
  everySteps,
  type Schedule,
  type Tracker,
  VogError,
} from '@vogjs/core';
import { testBackends } from '@vogjs/testing';
import { vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asCallback, FitCallback, fitCallback, trackDifficulty } from './index.js';

const test = suite('fit callback');
test.before(async () => {
  await selectBackend(testBackends()[0]);
});

const SIZE = 9;
const normal = (count: number): Float32Array =>
  Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()),
  );
const data = normal(SIZE * 4);
const inputs = { data, shape: [SIZE, 4] };
const labels = Int32Array.from({ length: SIZE }, (_, i) => i % 3);
const xs = tf.tensor(data, [SIZE, 4]);
const ys = tf.tensor2d(Array.from(labels, (label) => [0, 1, 2].map((c) => (c === label ? 1 : 0))));
const dataset = tf.data
  .zip({ xs: tf.data.array(xs.arraySync() as tf.TensorContainer[]), ys: tf.data.array(ys.arraySync()) })
  .batch(2) as tf.data.Dataset<{ xs: tf.Tensor; ys: tf.Tensor }>;

function modelOf(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, activation: 'tanh', inputShape: [4] }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const trackerOf = (options: object = {}): Tracker => createTracker({ inputs, labels, metrics: [vog()], ...options });
// tfjs declares verbose as an enum and takes a number.
const quietly = { verbose: 0 as const, batchSize: 2 };

/** Where the checkpoints of a run were taken: [epochs completed, step, progress]. */
function watch(tracker: Tracker): (number | null)[][] {
  const taken: (number | null)[][] = [];
  tracker.on('checkpointEnd', ({ position }) =>
    taken.push([position.epochsCompleted, position.step, position.progress]),
  );
  return taken;
}

test('history holds vog_mean: NaN after one checkpoint, then the mean of the scores', async () => {
  const difficulty = trackDifficulty({ inputs, labels });
  const { history } = await modelOf().fit(xs, ys, { ...quietly, epochs: 3, callbacks: [difficulty] });
  const means = history['vog_mean'] as number[];
  assert.is(means.length, 3);
  assert.ok(Number.isNaN(means[0]) && (means[1] as number) > 0);
  const { values } = await difficulty.scores();
  assert.is(means[2], values.reduce((a, b) => a + b, 0) / SIZE);
  assert.is((history['loss'] as number[]).length, 3, 'the other logs are there');
  difficulty.dispose();
});

test('two trackers in one fit write vog_mean and vog_mean_2, and logs: false writes nothing', async () => {
  const [a, b, silent] = [
    trackDifficulty({ inputs, labels }),
    trackDifficulty({ inputs, labels, metrics: [vog({ activation: 'loss' })] }),
    fitCallback(trackerOf(), { logs: false }),
  ];
  const { history } = await modelOf().fit(xs, ys, { ...quietly, epochs: 2, callbacks: [a, b, silent] });
  assert.equal(
    Object.keys(history)
      .filter((key) => key.startsWith('vog'))
      .toSorted(),
    ['vog_mean', 'vog_mean_2'],
  );
  assert.is.not((history['vog_mean'] as number[])[1], (history['vog_mean_2'] as number[])[1]);
  assert.equal([a.tracker.checkpoints, b.tracker.checkpoints, silent.tracker.checkpoints], [2, 2, 2]);
  for (const { tracker } of [a, b, silent]) tracker.dispose();
});

test("a metric's name becomes a key of the logs: '-' and '.' as '_'", async () => {
  const difficulty = trackDifficulty({ inputs, labels, metrics: [vog({ name: 'vog-a.b' })] });
  const { history } = await modelOf().fit(xs, ys, { ...quietly, epochs: 1, callbacks: [difficulty] });
  assert.ok('vog_a_b_mean' in history);
  difficulty.dispose();
});

test('without labels trackDifficulty uses the predicted label', async () => {
  const difficulty = trackDifficulty({ inputs });
  await modelOf().fit(xs, ys, { ...quietly, epochs: 2, callbacks: [difficulty] });
  assert.ok((await difficulty.scores()).values.every((value) => value >= 0));
  difficulty.dispose();
});

for (const [name, schedule, expected] of [
  [
    'everyEpoch(2)',
    everyEpoch(2),
    [
      [2, 10],
      [4, 20],
    ],
  ],
  [
    'everySteps(3)',
    everySteps(3),
    [
      [0, 3],
      [1, 6],
      [1, 9],
      [2, 12],
      [2, 15],
      [3, 18],
      [4, 21],
      [4, 24],
    ],
  ],
  // 25 steps in all: a quarter is passed at step 7, half at 13, the whole at 25.
  [
    'atFractions([.25, .5, 1])',
    atFractions([0.25, 0.5, 1]),
    [
      [1, 7],
      [2, 13],
      [4, 25],
    ],
  ],
] as [string, Schedule, number[][]][]) {
  test(`${name} in a fit of 5 epochs of 5 batches, the last one odd`, async () => {
    const tracker = trackerOf({ schedule });
    const taken = watch(tracker);
    await modelOf().fit(xs, ys, { ...quietly, epochs: 5, callbacks: [fitCallback(tracker)] });
    assert.equal(
      taken.map(([epochs, step]) => [epochs, step]),
      expected,
    );
    tracker.dispose();
  });
}

test('the same weights are not scored twice: steps and epochs that meet give one checkpoint', async () => {
  const tracker = trackerOf({ schedule: either(everySteps(5), everyEpoch()) });
  await modelOf().fit(xs, ys, { ...quietly, epochs: 4, callbacks: [fitCallback(tracker)] });
  assert.is(tracker.checkpoints, 4);
  tracker.dispose();
});

test('fitDataset, with batchesPerEpoch and without, counts epochs and steps as fit does', async () => {
  for (const [options, steps] of [
    [{}, 5],
    [{ batchesPerEpoch: 3 }, 3],
  ] as const) {
    const tracker = trackerOf();
    const taken = watch(tracker);
    const source = 'batchesPerEpoch' in options ? dataset.repeat(10) : dataset;
    const { history } = await modelOf().fitDataset(source, {
      epochs: 3,
      verbose: 0,
      ...options,
      callbacks: [fitCallback(tracker)],
    });
    assert.equal(taken, [
      [1, steps, 1 / 3],
      [2, 2 * steps, 2 / 3],
      [3, 3 * steps, 1],
    ]);
    assert.is((history['vog_mean'] as number[]).length, 3);
    tracker.dispose();
  }
});

test('a second fit continues the time of the first: epochs, steps and schedules', async () => {
  for (const drive of ['fit', 'fitDataset'] as const) {
    const tracker = trackerOf({ schedule: everyEpoch(2) });
    const taken = watch(tracker);
    const model = modelOf();
    for (let call = 0; call < 2; call++) {
      const callbacks = [fitCallback(tracker)];
      if (drive === 'fit') await model.fit(xs, ys, { ...quietly, epochs: 3, callbacks });
      else await model.fitDataset(dataset, { epochs: 3, verbose: 0, callbacks });
    }
    assert.equal(
      taken,
      [
        [2, 10, 2 / 3],
        [4, 20, 4 / 6],
        [6, 30, 1],
      ],
      drive,
    );
    assert.is((await tracker.scores()).checkpoints, 3);
    tracker.dispose();
  }
});

test('initialEpoch resumes: the epochs before it are not counted twice, in fit and fitDataset', async () => {
  for (const drive of ['fit', 'fitDataset'] as const) {
    const tracker = trackerOf();
    const taken = watch(tracker);
    const model = modelOf();
    for (const range of [{ epochs: 2 }, { initialEpoch: 2, epochs: 5 }]) {
      const callbacks = [fitCallback(tracker)];
      if (drive === 'fit') await model.fit(xs, ys, { ...quietly, ...range, callbacks });
      else await model.fitDataset(dataset, { ...range, verbose: 0, callbacks });
    }
    assert.equal(
      taken.map(([epochs, step]) => [epochs, step]),
      [
        [1, 5],
        [2, 10],
        [3, 15],
        [4, 20],
        [5, 25],
      ],
      drive,
    );
    assert.equal(
      taken.map(([, , progress]) => progress),
      [0.5, 1, 3 / 5, 4 / 5, 1],
      drive,
    );
    tracker.dispose();
  }
});

test('fractions of a second fit are fractions of the longer run, each still ahead', async () => {
  const tracker = trackerOf({ schedule: atFractions([0.25, 0.5, 0.6, 0.75, 1]) });
  const taken = watch(tracker);
  const model = modelOf();
  for (let call = 0; call < 2; call++)
    await model.fit(xs, ys, { epochs: 4, verbose: 0, batchSize: SIZE, callbacks: [fitCallback(tracker)] });
  assert.equal(
    taken.map(([, step]) => step),
    [1, 2, 3, 4, 5, 6, 8],
  );
  tracker.dispose();
});

test('beside other tf.Callback instances, before and after: early stopping stops, and its hooks see the logs', async () => {
  const difficulty = trackDifficulty({ inputs, labels });
  const seen: string[][] = [];
  class Watch extends tf.Callback {
    constructor() {
      super();
      this.onEpochEnd = async (_, logs) => void seen.push(Object.keys(logs ?? {}));
    }
  }
  const stop = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 0, minDelta: 1000 });
  const { epoch } = await modelOf().fit(xs, ys, {
    ...quietly,
    epochs: 9,
    callbacks: [new Watch(), difficulty, stop, new Watch()],
  });
  assert.ok(epoch.length < 9);
  assert.is(difficulty.tracker.checkpoints, epoch.length);
  assert.not.ok(seen[0]?.includes('vog_mean'));
  assert.ok(seen[1]?.includes('vog_mean'));
  difficulty.dispose();
});

test('a callback can stop training on vog_mean itself', async () => {
  const difficulty = trackDifficulty({ inputs, labels });
  const model = modelOf();
  const stop = asCallback({
    onEpochEnd: async (_, logs) => {
      if ((logs?.['vog_mean'] ?? Number.NaN) > 0) model.stopTraining = true;
    },
  });
  await model.fit(xs, ys, { ...quietly, epochs: 9, callbacks: [difficulty, stop] });
  assert.is(difficulty.tracker.checkpoints, 2);
  difficulty.dispose();
});

/** What console.warn got while `run` ran. */
async function warned(run: () => Promise<unknown>): Promise<{ warnings: string[]; error: unknown }> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (message: string) => void warnings.push(message);
  let error: unknown;
  try {
    await run().catch((thrown: unknown) => (error = thrown));
    await new Promise(setImmediate);
  } finally {
    console.warn = warn;
  }
  return { warnings, error };
}

test('a single callback, not in a list, works and warns of nothing', async () => {
  const difficulty = trackDifficulty({ inputs, labels });
  const { warnings, error } = await warned(() =>
    modelOf().fit(xs, ys, { ...quietly, epochs: 2, callbacks: difficulty }),
  );
  assert.is(error, undefined);
  assert.equal(warnings, []);
  assert.is(difficulty.tracker.checkpoints, 2);
  difficulty.dispose();
});

test('one callback serves several fits of its model', async () => {
  const callback = new FitCallback(trackerOf());
  const model = modelOf();
  for (let call = 0; call < 3; call++) await model.fit(xs, ys, { ...quietly, epochs: 2, callbacks: [callback] });
  assert.is(callback.tracker.checkpoints, 6);
  assert.is(callback.tracker.position?.step, 30);
  callback.tracker.dispose();
});

test('disposed in mid-fit: fit rejects with DISPOSED', async () => {
  const difficulty = trackDifficulty({ inputs, labels });
  difficulty.tracker.on('checkpointEnd', ({ checkpoint }) => {
    if (checkpoint === 1) queueMicrotask(() => difficulty.dispose());
  });
  let error: unknown;
  await modelOf()
    .fit(xs, ys, { ...quietly, epochs: 5, callbacks: [difficulty] })
    .catch((thrown: unknown) => (error = thrown));
  assert.instance(error, VogError);
  assert.is((error as VogError).code, 'DISPOSED');
});

test('nothing is printed', async () => {
  const { log, info, error: logError } = console;
  const printed: unknown[] = [];
  for (const name of ['log', 'info', 'error'] as const)
    console[name] = (...parts: unknown[]) => void printed.push(parts);
  const write = process.stdout.write;
  process.stdout.write = ((text: string) => printed.push(text) > 0) as typeof write;
  try {
    const difficulty = trackDifficulty({ inputs, labels });
    const { warnings } = await warned(() => modelOf().fit(xs, ys, { ...quietly, epochs: 2, callbacks: [difficulty] }));
    assert.equal(warnings, []);
    difficulty.dispose();
  } finally {
    Object.assign(console, { log, info, error: logError });
    process.stdout.write = write;
  }
  assert.equal(printed, []);
});

test.run();
