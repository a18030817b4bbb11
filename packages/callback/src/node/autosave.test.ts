// A training that was saved and resumed ends in the numbers of one that never stopped, whatever its optimizer.
// Only with --all: it trains with every optimizer, twice
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '@vogjs/formats';
import { createTracker, seededRandom, type Tracker, VogError } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fitCallback } from '../fit-callback.js';
import { autosave } from './autosave.js';
import { readSavedTraining, resume } from './resume.js';

const test = suite('autosave');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-autosave-'));
test.before(async () => void (await tf.setBackend('cpu')));
test.after(() => rmSync(folder, { recursive: true }));

const SIZE = 12;
const random = seededRandom(5);
const inputs = Float32Array.from({ length: SIZE * 4 }, () => random.normal());
const labels = Int32Array.from({ length: SIZE }, () => random.integer(3));

interface Run {
  readonly model: tf.LayersModel;
  readonly tracker: Tracker;
}

const dense = (units: number, seed: number, more: object = {}): tf.layers.Layer =>
  tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed }), ...more });

function classifier(): tf.LayersModel {
  const layers = [dense(5, 1, { inputShape: [4], activation: 'tanh', useBias: false }), tf.layers.batchNormalization()];
  return tf.sequential({ layers: [...layers, dense(3, 2, { activation: 'softmax' })] });
}

function newRun(optimizer: string | tf.Optimizer = 'adam', make: () => tf.LayersModel = classifier): Run {
  const model = make();
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  const tracker = createTracker({ inputs: { data: inputs, shape: [SIZE, 4] }, labels, metrics: [vog()], chunkSize: 5 });
  return { model, tracker };
}

async function train({ model, tracker }: Run, from: number, to: number, callbacks: tf.Callback[] = []): Promise<void> {
  const [xs, ys] = [tf.tensor2d(inputs, [SIZE, 4]), tf.tensor1d(Float32Array.from(labels))];
  const options = { epochs: to, initialEpoch: from, batchSize: 4, shuffle: false, verbose: 0 };
  await model.fit(xs, ys, { ...options, callbacks: [fitCallback(tracker), ...callbacks] });
  tf.dispose([xs, ys]);
}

async function numbers({ model, tracker }: Run): Promise<string> {
  const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
  return JSON.stringify([weights, [...(await tracker.scores('vog')).values]]);
}

function end({ model, tracker }: Run): void {
  tracker.dispose();
  model.dispose();
}

const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  nesterov: () => tf.train.momentum(0.1, 0.9, true),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01, 0.9, 0.999, undefined, 0.01),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  'rmsprop, centred': () => tf.train.rmsprop(0.001, 0.9, 0.5, 1e-12, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
};

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  test(`${name}: resumed after 7 of 11 epochs = uninterrupted, weights and scores, to the bit`, async () => {
    const path = join(folder, `${name}.safetensors`);
    const whole = newRun(make());
    await train(whole, 0, 11);
    const expected = await numbers(whole);
    end(whole);

    const first = newRun(make());
    await train(first, 0, 7, [autosave({ path, tracker: first.tracker })]);
    assert.not.equal(await numbers(first), expected);
    end(first);

    const second = newRun(make());
    const { tracker } = second;
    // An optimizer that remembers another training: nothing of that may stay.
    await train(second, 0, 2);
    await tracker.reset();
    const { epoch } = await resume({ path, ...second });
    assert.is(epoch, 7);
    await train(second, epoch, 11, [autosave({ path, tracker })]);
    assert.is(await numbers(second), expected);
    end(second);
    assert.is((await readSavedTraining(path))?.epoch, 11);
  });
}

test('a learning rate that changed while training is the one that training goes on with', async () => {
  for (const [name, make] of Object.entries(OPTIMIZERS)) {
    const path = join(folder, 'rate.safetensors');
    const set = (optimizer: tf.Optimizer, rate: number): void => {
      const own = optimizer as unknown as { learningRate: number; setLearningRate?: (rate: number) => void };
      if (own.setLearningRate) own.setLearningRate(rate);
      else own.learningRate = rate;
    };
    const whole = newRun(make());
    await train(whole, 0, 2);
    set(whole.model.optimizer, 0.003);
    await autosave({ path, tracker: whole.tracker }).save(whole.model, 2);
    await train(whole, 2, 4);
    const resumed = newRun(make());
    const { epoch } = await resume({ path, ...resumed });
    await train(resumed, epoch, 4);
    assert.is(await numbers(resumed), await numbers(whole), name);
    end(whole);
    end(resumed);
  }
});

test('a stateful LSTM goes on with the states that it had', async () => {
  const path = join(folder, 'lstm.safetensors');
  const make = (): {
    model: tf.Sequential;
    fit: (from: number, to: number, saving?: tf.Callback) => Promise<unknown>;
  } => {
    const seeds = { kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }) };
    const recurrent = { recurrentInitializer: tf.initializers.glorotNormal({ seed: 4 }), ...seeds };
    const lstm = tf.layers.lstm({ units: 3, stateful: true, batchInputShape: [4, 2, 2], ...recurrent });
    const model = tf.sequential({ layers: [lstm, dense(1, 5)] });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const xs = tf.tensor3d(inputs.subarray(0, 16), [4, 2, 2]);
    const ys = tf.tensor2d(inputs.subarray(16, 20), [4, 1]);
    return {
      model,
      fit: (initialEpoch, epochs, saving) =>
        model.fit(xs, ys, {
          epochs,
          initialEpoch,
          batchSize: 4,
          shuffle: false,
          verbose: 0,
          callbacks: saving ? [saving] : [],
        }),
    };
  };
  const weightsOf = ({ model }: { model: tf.Sequential }): string =>
    JSON.stringify(model.getWeights().map((weight) => [...weight.dataSync()]));
  const [whole, first, second] = [make(), make(), make()];
  await whole.fit(0, 6);
  await first.fit(0, 3, autosave({ path }));
  const { epoch } = await resume({ path, model: second.model });
  await second.fit(epoch, 6);
  assert.is(weightsOf(second), weightsOf(whole));
});

test('every: 3 of 8 epochs saves after 3, 6 and, being the last, 8; extra comes back', async () => {
  const path = join(folder, 'every.safetensors');
  const run = newRun();
  const saves: number[] = [];
  const extra = (): object => ({ saves: saves.push(saves.length) });
  await train(run, 0, 8, [autosave({ path, tracker: run.tracker, every: 3, extra })]);
  assert.is(saves.length, 3);
  const saved = await readSavedTraining(path);
  assert.is(saved?.epoch, 8);
  assert.equal(saved?.extra, { saves: 3 });
  end(run);
});

test('where nothing is saved yet, resume changes nothing and training begins at epoch 0', async () => {
  const run = newRun();
  const before = run.model.getWeights().map((weight) => [...weight.dataSync()]);
  assert.equal(await resume({ path: join(folder, 'none'), ...run }), { epoch: 0, extra: undefined });
  assert.equal(
    run.model.getWeights().map((weight) => [...weight.dataSync()]),
    before,
  );
  assert.is(await readSavedTraining(join(folder, 'none')), null);
  end(run);
});

test('saving and resuming leak no tensor and no temporary file', async () => {
  const path = join(folder, 'leak.safetensors');
  const run = newRun();
  await train(run, 0, 2);
  const saving = autosave({ path, tracker: run.tracker });
  await saving.save(run.model, 2);
  await resume({ path, ...run });
  const { numTensors } = tf.memory();
  for (let i = 0; i < 3; i++) {
    await saving.save(run.model, 2);
    await resume({ path, ...run });
  }
  assert.is(tf.memory().numTensors, numTensors);
  assert.equal(
    readdirSync(folder).filter((name) => name.endsWith('.tmp')),
    [],
  );
  end(run);
});

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof VogError) return error.code;
    throw error;
  }
  return 'none';
}

test('parts of another training are refused by code, and stay as they were', async () => {
  const path = join(folder, 'other.safetensors');
  const run = newRun();
  await train(run, 0, 3, [autosave({ path, tracker: run.tracker })]);
  const wider = newRun('adam', () =>
    tf.sequential({ layers: [dense(6, 1, { inputShape: [4] }), dense(3, 2, { activation: 'softmax' })] }),
  );
  const others: [string, Run, object][] = [
    ['another architecture', wider, {}],
    ['another optimizer', newRun('sgd'), {}],
    ['no tracker', newRun(), { tracker: undefined }],
  ];
  for (const [what, other, more] of others) {
    const before = await numbers(other);
    assert.is(await codeOf(() => resume({ path, ...other, ...more })), 'STATE_MISMATCH', what);
    assert.is(await numbers(other), before, what);
    end(other);
  }
  const tracker = createTracker({
    inputs: { data: inputs, shape: [SIZE, 4] },
    labels,
    metrics: [vog({ activation: 'loss' })],
  });
  const fresh = newRun();
  const before = await numbers(fresh);
  assert.is(await codeOf(() => resume({ path, model: fresh.model, tracker })), 'STATE_MISMATCH', 'another metric');
  assert.is(await numbers(fresh), before, 'the model keeps its weights when the tracker is refused');
  tracker.dispose();
  end(fresh);
  end(run);
});

test('a saved training with any one bit flipped, or cut short, is refused by code', async () => {
  const path = join(folder, 'bits.safetensors');
  const run = newRun();
  await train(run, 0, 2, [autosave({ path, tracker: run.tracker })]);
  const bytes = readFileSync(path);
  const damagedPath = join(folder, 'damaged.safetensors');
  const before = await numbers(run);
  for (let i = 0; i < 250; i++) {
    const copy = i % 5 === 0 ? bytes.subarray(0, random.integer(bytes.length)) : Uint8Array.from(bytes);
    const bit = random.integer(bytes.length * 8);
    if (i % 5 !== 0) copy[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(damagedPath, copy);
    const code = await codeOf(() => resume({ path: damagedPath, ...run }));
    assert.match(code, /^(?:STATE_|FORMAT_|PROBE_)/, `bit ${bit}`);
  }
  assert.is(await numbers(run), before);
  end(run);
});

test('crafted headers are refused by code', async () => {
  const path = join(folder, 'crafted.safetensors');
  const run = newRun();
  await autosave({ path, tracker: run.tracker }).save(run.model, 1);
  const { tensors, metadata } = readSafetensors(readFileSync(path));
  const { checksum: _, ...header } = JSON.parse(metadata['vogjs.training'] ?? '') as Record<string, unknown>;
  const crafted: [string, string, string][] = [
    ['no JSON', 'STATE_INVALID', '{'],
    ['null', 'STATE_INVALID', 'null'],
    ['no version', 'STATE_INVALID', '{"epoch":1}'],
    ['newer', 'STATE_VERSION', JSON.stringify({ ...header, version: 2 })],
    ['checksum of another', 'STATE_INVALID', JSON.stringify({ ...header, epoch: 5 })],
  ];
  for (const [what, code, text] of crafted) {
    writeFileSync(path, writeSafetensors(tensors, { 'vogjs.training': text }));
    assert.is(await codeOf(() => resume({ path, ...run })), code, what);
  }
  writeFileSync(path, writeSafetensors(tensors, {}));
  assert.is(await codeOf(() => resume({ path, ...run })), 'STATE_INVALID', 'another kind of file');
  end(run);
});

test('autosave before the tracker, wrong options and models without an optimizer are refused by code', async () => {
  const path = join(folder, 'wrong.safetensors');
  const { model, tracker } = newRun();
  const [xs, ys] = [tf.tensor2d(inputs, [SIZE, 4]), tf.tensor1d(Float32Array.from(labels))];
  const callbacks = [autosave({ path, tracker }), fitCallback(tracker)];
  assert.is(await codeOf(() => model.fit(xs, ys, { epochs: 1, verbose: 0, callbacks })), 'ARGUMENT_INVALID');
  for (const options of [
    undefined,
    null,
    {},
    { path: '' },
    { path, every: 0 },
    { path, every: 1.5 },
    { path, evry: 2 },
    { path, extra: 3 },
  ]) {
    assert.is(await codeOf(async () => autosave(options as never)), 'ARGUMENT_INVALID', JSON.stringify(options));
  }
  const bare = classifier();
  assert.is(await codeOf(() => autosave({ path }).save(bare, 1)), 'ARGUMENT_INVALID');
  assert.is(await codeOf(() => autosave({ path }).save(model, -1)), 'ARGUMENT_INVALID');
  assert.is(await codeOf(() => autosave({ path, extra: () => 1n }).save(model, 1)), 'ARGUMENT_INVALID');
  assert.is(await codeOf(() => autosave({ path: join(folder, 'no', 'folder') }).save(model, 1)), 'FILE_FAILED');
  assert.is(await codeOf(() => resume({ path, model: bare })), 'ARGUMENT_INVALID');
  end({ model, tracker });
});

test.run();
