// Only with --all: it runs an experiment at toy size
import { seededRandom } from '@vogjs/base';
import { stages } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { classCorrelations } from './b-classes/program.js';
import { flipSlopes } from './d-flip/program.js';
import { type ImageSet, readTestSetOptions, trainAndScoreTestSet } from '@vogjs/example-shared';

const test = suite('runs on a test set');

/** Images of 8 x 8 pixels whose brightness tells their class, with noise. */
function images(size: number, seed: number): ImageSet {
  const random = seededRandom(seed);
  const labels = Int32Array.from({ length: size }, (_, i) => i % 4);
  const pixels = Uint8Array.from({ length: size * 64 }, (_, at) => {
    const level = 30 + 50 * (labels[Math.floor(at / 64)] as number);
    return level + random.integer(60);
  });
  return { pixels, shape: [size, 8, 8, 1], labels, classNames: ['a', 'b', 'c', 'd'] };
}

test('a tiny run of sections B and D: errors of each window, correlations of each form, slopes with intervals', async () => {
  await selectBackend('wasm');
  const sets = { train: images(80, 1), test: images(40, 2) };
  const options = { epochs: 6, width: 2, learningRate: 0.02, seed: 1, schedule: 'constant' } as const;
  const results = await trainAndScoreTestSet(sets, options, stages(3), ['early', 'late']);
  assert.equal(results.complete.scores.logit.checkpoints, 6);
  assert.equal([results.early.scores.loss.checkpoints, results.late.scores.loss.checkpoints], [2, 2]);
  assert.equal(
    results.complete.errors,
    results.late.errors,
    'the last checkpoint of all is the last of the late window',
  );
  assert.ok(results.early.errors.every((flag) => flag === 0 || flag === 1));

  const correlations = classCorrelations({ ...results.complete, errors: spreadErrors(40) });
  assert.is(correlations.length, 6);
  for (const { result } of correlations) assert.ok(Math.abs(result.pearson.r) <= 1);

  const slopes = flipSlopes(results, 1);
  assert.equal(
    slopes.map(({ reading, window }) => `${reading} ${window}`),
    ['logit early', 'logit late', 'loss early', 'loss late'],
  );
  for (const { slope, bins } of slopes) {
    assert.ok(slope.low <= slope.estimate && slope.estimate <= slope.high);
    assert.is(bins.length, 10);
  }
});

test('options of a test set: defaults, --quick, and refusals', () => {
  assert.equal(readTestSetOptions({}, 0.1).dataset, 'cifar10');
  assert.ok(readTestSetOptions({ quick: true }, 0.1).examples < readTestSetOptions({}, 0.1).examples);
  assert.is(readTestSetOptions({ quick: true, examples: 2000 }, 0.1).examples, 2000);
  assert.throws(() => readTestSetOptions({ dataset: 'mnist' }, 0.1), /--dataset/);
  assert.throws(() => readTestSetOptions({ examples: 99 }, 0.1), /--examples/);
  assert.throws(() => readTestSetOptions({ epochs: 5 }, 0.1), /--epochs/);
});

/** Errors that differ between the four classes: a correlation with a constant does not exist. */
function spreadErrors(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => Number(Math.floor(i / 4) % 4 < i % 4));
}

test.run();
