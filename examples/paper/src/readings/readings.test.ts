// Only with --all: it runs an experiment at toy size
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { createTracker, epochs } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { resnet9 } from '@vogjs/example-models';
import { type ImageSet, modelInputs, runProgram } from '@vogjs/example-shared';
import { vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { analyseReadings } from './analysis.js';
import type { CheckpointFolder } from '../train/checkpoints.js';
import { readings } from './program.js';
import { identityOf, readShard, shardPath, writeShard } from './shard-files.js';
import { columnOf, type Columns, scoreShard } from './shard.js';
import { readingsMarkdown } from './tables.js';
import { windowsOf } from './windows.js';

const test = suite('readings');
const SEED = Math.floor(Math.random() * 2 ** 31);
const SIZE = 40;
const CHECKPOINTS = 6;

function toyImages(): ImageSet {
  const random = seededRandom(SEED);
  return {
    pixels: Uint8Array.from({ length: SIZE * 64 }, () => random.integer(256)),
    shape: [SIZE, 8, 8, 1],
    labels: Int32Array.from({ length: SIZE }, (_, i) => i % 4),
    classNames: ['a', 'b', 'c', 'd'],
  };
}

/** Checkpoints whose weights are random. */
function toyCheckpoints(): CheckpointFolder {
  const model = resnet9({ width: 2, classes: 4, shape: [8, 8, 1] });
  return {
    title: 'toy',
    dataset: 'fashion-mnist',
    network: 'resnet-9',
    width: 2,
    scaling: { mean: [0.5], std: [0.3] },
    model,
    count: CHECKPOINTS,
    hash: 'toy',
    load: async (index) => {
      const random = seededRandom(SEED + index);
      const weights = model.getWeights().map(({ shape }) =>
        // Above 0: variances are among them.
        tf.tensor(
          Array.from({ length: shape.reduce((product, n) => product * n, 1) }, () => 0.1 + random.uniform()),
          shape,
        ),
      );
      model.setWeights(weights);
      tf.dispose(weights);
    },
  };
}

let columns: Columns;

test('the readings of one pass are those of vog(), true and predicted, and windows may overlap', async () => {
  await selectBackend('wasm');
  const [checkpoints, images] = [toyCheckpoints(), toyImages()];
  columns = await scoreShard(checkpoints, images);
  const predicted = Int32Array.from(columns['predicted'] as Float32Array);
  const { data, shape, labels } = modelInputs(images, checkpoints.scaling);
  const activations = ['logit', 'softmax', 'loss'] as const;
  for (const [target, given] of [
    ['true', labels],
    ['predicted', predicted],
  ] as const) {
    const tracker = createTracker({
      inputs: { data, shape: [...shape] },
      labels: given,
      metrics: activations.map((activation) => vog({ name: activation, activation })),
      windows: { first: epochs(0, 3), last: epochs(3, 6) },
    });
    for (let epoch = 0; epoch < CHECKPOINTS; epoch++) {
      await checkpoints.load(epoch);
      await tracker.checkpoint(checkpoints.model, { epoch });
    }
    for (const activation of activations) {
      for (const [window, ours] of [
        ['first', 'first 3'],
        ['last', 'last 3'],
        ['complete', 'complete'],
      ] as const) {
        const { values } = await tracker.scores(activation, { window });
        const got = columns[columnOf(activation, target, ours)] as Float32Array;
        const largest = Math.max(...values);
        for (const [i, value] of values.entries()) {
          assert.ok(
            Math.abs((got[i] as number) - value) <= 1e-4 * largest,
            `${activation} ${target} ${window}, SEED=${SEED}`,
          );
        }
      }
    }
    tracker.dispose();
  }
  checkpoints.model.dispose();
});

test('a shard comes back from its file, and one of other weights or images is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-readings-'));
  try {
    const checkpoints = { ...toyCheckpoints() };
    const path = shardPath(folder, 'readings', 500);
    const identity = identityOf(checkpoints, toyImages());
    assert.is(await readShard(path, identity), null);
    await writeShard(path, identity, columns);
    assert.equal(await readShard(path, identity), { ...columns });
    const other = identityOf({ ...checkpoints, hash: 'other' }, toyImages());
    const error = await readShard(path, other).catch((each: Error) => each);
    assert.match(String(error), /another run: weights differ/);
    checkpoints.model.dispose();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('thirds, and the first and last three of any number of checkpoints', () => {
  assert.equal(windowsOf(16), {
    early: { from: 0, to: 5 },
    middle: { from: 5, to: 11 },
    late: { from: 11, to: 16 },
    'first 3': { from: 0, to: 3 },
    'last 3': { from: 13, to: 16 },
    complete: { from: 0, to: 16 },
  });
  for (let count = 6; count < 40; count++) {
    for (const { from, to } of Object.values(windowsOf(count))) assert.ok(to - from >= 2 && from >= 0 && to <= count);
  }
});

test('a training whose thirds would have one checkpoint is refused before anything is scored', async () => {
  assert.throws(() => windowsOf(5), /5 checkpoints.*at least 6/);
  const checkpoints = { ...toyCheckpoints(), count: 5 };
  assert.match(String(await scoreShard(checkpoints, toyImages()).catch((error: unknown) => error)), /at least 6/);
  checkpoints.model.dispose();
});

test('a reading that follows the errors rises, its mirror falls; the tables name every reading, window and form', () => {
  const random = seededRandom(SEED);
  const size = 400;
  const label = Float32Array.from({ length: size }, (_, i) => i % 4);
  // Classes differ in their error: a correlation with a constant does not exist.
  const isWrong = label.map((each) => Number(random.uniform() < 0.1 + 0.2 * each));
  const noise = () => Float32Array.from(isWrong, (flag) => flag + random.uniform());
  const made: Record<string, Float32Array> = {
    label,
    predicted: label.map((each, i) => (isWrong[i] === 1 ? (each + 1) % 4 : each)),
    el2n: noise(),
    'mean-loss': noise(),
    aum: noise().map((value) => -value),
  };
  for (const read of ['logit', 'softmax', 'loss']) {
    for (const target of ['true', 'predicted']) {
      for (const window of ['early', 'middle', 'late', 'first 3', 'last 3', 'complete']) {
        made[columnOf(read, target, window)] = read === 'logit' ? noise().map((value) => 3 - value) : noise();
      }
    }
  }
  const result = analyseReadings(made, ['a', 'b', 'c', 'd'], 1);
  assert.is(result.readings.length, 72);
  assert.is(result.classes.length, 36);
  for (const { read, slope, agreement } of result.readings) {
    const sign = read === 'logit' ? -1 : 1;
    assert.ok(sign * slope.low > 0 && sign * slope.high > 0, `${read}, SEED=${SEED}`);
    for (const correlation of Object.values(agreement)) assert.ok(sign * correlation > 0.3, `${read}, SEED=${SEED}`);
  }
  const markdown = readingsMarkdown(result, 'toy');
  for (const part of [
    '### toy',
    '400 test images',
    'loss, log-softmax',
    'last 3',
    'class-normalised',
    'falls',
    'rises',
  ]) {
    assert.ok(markdown.includes(part), part);
  }
});

test('a folder that is missing, not given or without checkpoints is an error of usage', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-readings-'));
  for (const argv of [[], ['--run', join(folder, 'none')], ['--run', folder]]) {
    assert.is(await runProgram(readings, ['--backend', 'wasm', ...argv]), 2);
  }
  rmSync(folder, { recursive: true });
});

test.run();
