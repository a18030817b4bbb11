import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VogError } from '@vogjs/core';
import { loadNamedWeights } from '@vogjs/core/weights';
import { readSafetensors } from '@vogjs/formats';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asCallback } from '../as-callback.js';
import { saveCheckpoints } from './save-checkpoints.js';

const test = suite('saveCheckpoints');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-save-checkpoints-'));
test.before(async () => void (await tf.setBackend('cpu')));
test.after(() => rmSync(folder, { recursive: true }));

function network(seed: number): tf.LayersModel {
  const initializer = (at: number) => ({ kernelInitializer: tf.initializers.glorotNormal({ seed: seed + at }) });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ name: 'first', units: 5, inputShape: [4], ...initializer(0) }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.dense({ name: 'last', units: 3, activation: 'softmax', ...initializer(1) }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  return model;
}

async function train(model: tf.LayersModel, epochs: number, callbacks: unknown[]): Promise<void> {
  const [xs, ys] = [
    tf.randomNormal([12, 4], 0, 1, 'float32', 1),
    tf.tensor1d(Array.from({ length: 12 }, (_, i) => i % 3)),
  ];
  try {
    await model.fit(xs, ys, { epochs, batchSize: 4, verbose: 0, callbacks: callbacks as tf.Callback[] });
  } finally {
    tf.dispose([xs, ys]);
  }
}

const numbers = (model: tf.LayersModel): number[][] => model.getWeights().map((weight) => [...weight.dataSync()]);

function loaded(path: string): number[][] {
  const model = network(50);
  loadNamedWeights(model, readSafetensors(readFileSync(path)).tensors);
  return numbers(model);
}

async function refused(run: () => Promise<unknown>): Promise<VogError> {
  try {
    await run();
  } catch (error) {
    return error as VogError;
  }
  throw new Error('it was not refused');
}

test('every second epoch and the last have a file each, and a model of those names takes the weights they had', async () => {
  const model = network(1);
  const place = join(folder, 'made', 'ckpt');
  const seen: number[][][] = [];
  const remember = asCallback({ onEpochEnd: () => void seen.push(numbers(model)) });
  await train(model, 3, [remember, saveCheckpoints({ folder: place, every: 2 })]);
  assert.equal(readdirSync(place).toSorted(), ['epoch-00002.safetensors', 'epoch-00003.safetensors']);
  assert.equal(loaded(join(place, 'epoch-00002.safetensors')), seen[1]);
  assert.equal(loaded(join(place, 'epoch-00003.safetensors')), seen[2]);
  assert.not.equal(seen[1], seen[2]);
});

test('a loop of your own saves by save, and nothing of the tensors is left', async () => {
  const model = network(2);
  const saver = saveCheckpoints({ folder: join(folder, 'own') });
  const before = tf.memory().numTensors;
  await saver.save(model, 7);
  assert.is(tf.memory().numTensors, before);
  assert.equal(loaded(join(folder, 'own', 'epoch-00007.safetensors')), numbers(model));
  for (const epoch of [-1, 1.5, Number.NaN]) {
    assert.is((await refused(() => saver.save(model, epoch))).code, 'ARGUMENT_INVALID');
  }
});

test('two weights of one name are refused before the training begins', async () => {
  const twin = (): tf.layers.Layer => tf.layers.dense({ name: 'twin', units: 4, activation: 'softmax' });
  const [outside, inside] = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
  const inner = tf.model({ inputs: inside, outputs: twin().apply(inside) as tf.SymbolicTensor });
  const hidden = inner.apply(outside) as tf.SymbolicTensor;
  const twins = tf.model({ inputs: outside, outputs: twin().apply(hidden) as tf.SymbolicTensor });
  twins.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  const names = twins.weights.map(({ originalName }) => originalName);
  assert.ok(new Set(names).size < names.length, String(names));
  const place = join(folder, 'twins');
  const error = await refused(() => train(twins, 1, [saveCheckpoints({ folder: place })]));
  assert.is(error.code, 'ARGUMENT_INVALID');
  assert.match(error.message, /two weights are called 'twin\/kernel'.*Name the layers/);
  assert.not(readdirSync(folder).includes('twins'));
});

test('a folder that cannot be made ends fit with FILE_FAILED', async () => {
  const place = join(folder, 'file');
  writeFileSync(place, '');
  const error = await refused(() => train(network(4), 1, [saveCheckpoints({ folder: place })]));
  assert.is(error.code, 'FILE_FAILED');
  mkdirSync(join(folder, 'taken', 'epoch-00001.safetensors'), { recursive: true });
  const taken = await refused(() => train(network(4), 1, [saveCheckpoints({ folder: join(folder, 'taken') })]));
  assert.is(taken.code, 'FILE_FAILED');
});

test('a plain object in its list is told, CALLBACK_MIX', async () => {
  const list = [{ onEpochEnd: () => {} }, saveCheckpoints({ folder: join(folder, 'mix') })];
  const error = await refused(() => train(network(5), 1, list));
  assert.is(error.code, 'CALLBACK_MIX');
  assert.match(error.message, /asCallback\({ onEpochEnd }\), saveCheckpoints\({ folder }\)/);
});

test.run();
