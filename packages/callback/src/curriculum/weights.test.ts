import { Scores } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refused } from './curriculum.test.helper.js';
import { difficultyOf } from './difficulty.js';
import { type ExampleWeights, type WeighedExample, weightsOf } from './weights.js';

const test = suite('weights');

function weigh(
  rule: ExampleWeights,
  values: readonly number[],
  { share = 0.5, hardDirection = 'high' }: { share?: number; hardDirection?: 'high' | 'low' } = {},
): number[] {
  const scores = new Scores({
    metric: 'loss',
    column: 'loss',
    window: 'complete',
    hardDirection,
    checkpoints: 1,
    values: Float32Array.from(values),
    ids: values.map((_, i) => i),
    labels: null,
  });
  const difficulty = difficultyOf(scores, 3)!;
  return [...weightsOf(rule, { scores, difficulty, labels: null, share, progress: 0.25 })];
}

test('self-paced: 1 for the easiest share, 0 for the others, by the declared direction', () => {
  assert.equal(weigh('self-paced', [3, 1, 2, 4]), [0, 1, 1, 0]);
  assert.equal(weigh('self-paced', [3, 1, 2, 4], { hardDirection: 'low' }), [1, 0, 0, 1]);
  assert.equal(weigh('self-paced', [3, 1, 2, 4], { share: 1 }), [1, 1, 1, 1]);
  assert.equal(weigh('self-paced', [3, 1, 2, 4], { share: 0 }), [0, 1, 0, 0]);
});

test('self-paced-linear: 1 - s / λ below the score at the edge of the share, all 1 when the share is all', () => {
  // λ = 4, the third easiest of four.
  assert.equal(weigh('self-paced-linear', [4, 1, 2, 8], { share: 0.75 }), [0, 0.75, 0.5, 0]);
  assert.equal(weigh('self-paced-linear', [4, 1, 2, 8], { share: 1 }), [1, 1, 1, 1]);
  assert.equal(weigh('self-paced-linear', [0, 0, 2, 8], { share: 0.5 }), [1, 1, 0, 0]);
});

test('loss: in proportion to the score, mean 1, cut at 4', () => {
  assert.equal(weigh('loss', [1, 2, 3]), [0.5, 1, 1.5]);
  assert.equal(weigh('loss', [0, 0, 0, 0, 0, 0, 0, 8]), [0, 0, 0, 0, 0, 0, 0, 4]);
  assert.equal(weigh('loss', [0, 0]), [1, 1]);
});

test('a rule of one’s own is told index, score, percentile, label and progress', () => {
  const told: WeighedExample[] = [];
  const rule = (example: WeighedExample): number => {
    told.push(example);
    return example.score / 2;
  };
  assert.equal(weigh(rule, [3, 1], { hardDirection: 'low' }), [1.5, 0.5]);
  assert.equal(told, [
    { index: 0, score: 3, percentile: 25, label: null, progress: 0.25 },
    { index: 1, score: 1, percentile: 75, label: null, progress: 0.25 },
  ]);
});

test('an example without a score weighs 1/2 or 1, never NaN', () => {
  assert.equal(weigh('self-paced-linear', [1, Number.NaN, 4], { share: 0.9 }), [0.75, 0.5, 0]);
  assert.equal(weigh('loss', [1, Number.NaN, 3]), [0.5, 1, 1.5]);
});

test('scores that are no loss, and weights that are none, are refused', async () => {
  await refused(() => weigh('loss', [1, -1]), 'ARGUMENT_INVALID', /0 or more/);
  await refused(() => weigh('loss', [1, Infinity]), 'ARGUMENT_INVALID', /finite/);
  await refused(() => weigh('self-paced-linear', [1, 2], { hardDirection: 'low' }), 'ARGUMENT_INVALID', /high end/);
  for (const wrong of [-1, Number.NaN, Infinity])
    await refused(() => weigh(() => wrong, [1, 2]), 'ARGUMENT_INVALID', /training example 0/);
});

test.run();
