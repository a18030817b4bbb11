// Suspects by one metric are its ranking: what judges scores and the scores themselves agree.
import { Scores, seededRandom } from '@vogjs/core';
import { detectLabelErrors } from '@vogjs/statistics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSeed } from '@vogjs/testing';

const test = suite('suspects of label errors');

test('the ranking of one metric = Scores.ranking(), ties and NaN and all', () => {
  const seed = runSeed();
  const random = seededRandom(seed);
  const values = Float32Array.from({ length: 80 }, () => (random.uniform() < 0.1 ? NaN : random.integer(20)));
  const scores = new Scores({
    metric: 'm',
    column: 'm',
    window: 'complete',
    hardDirection: 'low',
    checkpoints: 3,
    values,
    ids: Array.from({ length: 80 }, (_, example) => example),
    labels: new Int32Array(80),
  });
  const expected = [...scores.ranking()].filter((example) => !Number.isNaN(values[example]));
  const suspects = detectLabelErrors(scores, { share: 1 });
  assert.equal(
    suspects.map(({ index }) => index),
    expected,
    `seed ${seed}`,
  );
});

test.run();
