// Only with --all: it is of an experiment
import { seededRandom } from '@vogjs/base';
import { Scores } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { errorSlope } from '../d-flip/slope.js';
import { errorSlopes } from './slopes.js';

const test = suite('slopes');

test('slopes of many scores at once are those of each by itself', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = seededRandom(seed);
  const errors = Float32Array.from({ length: 60 }, () => random.integer(2));
  const all = [0, 1, 2].map(() => Float32Array.from(errors, (flag) => random.uniform() + random.uniform() * flag));
  const scores = all.map(
    (values) =>
      new Scores({
        metric: 'x',
        column: 'x',
        window: 'complete',
        hardDirection: 'high',
        checkpoints: 2,
        values,
        ids: [...values.keys()],
        labels: null,
      }),
  );
  const together = errorSlopes(
    scores.map((each) => each.percentiles()),
    errors,
    seed,
  );
  for (const [i, each] of scores.entries()) {
    const alone = errorSlope(each, errors, seed);
    for (const key of ['estimate', 'low', 'high', 'standardError'] as const) {
      const [got, wanted] = [together[i]?.[key] as number, alone[key]];
      assert.ok(
        Math.abs(got - wanted) < 1e-6 * Math.max(1, Math.abs(wanted)),
        `${key}: ${got} = ${wanted}, seed ${seed}`,
      );
    }
  }
});

test.run();
