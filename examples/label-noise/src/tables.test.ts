// Only with --all: it is of an experiment
import { Scores } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agreementMatrix, betweenRuns } from './agreement.js';
import { memorisationTests } from './memorisation.js';
import { agreementTable, detectionTable } from './tables.js';

const test = suite('tables');

const scores = (metric: string, hardDirection: 'high' | 'low', values: readonly number[]) =>
  new Scores({
    metric,
    column: metric,
    window: 'complete',
    hardDirection,
    checkpoints: 2,
    values: Float32Array.from(values),
    ids: [...values.keys()],
    labels: new Int32Array(values.length),
    classNames: undefined,
  });

test('scores are sorted by AUROC, with a random order in its place among them', () => {
  const row = (name: string, auroc: number) => ({
    name,
    hardDirection: 'high' as const,
    detected: [{ auroc, averagePrecision: 0.3 }],
    betweenRuns: Number.NaN,
  });
  const lines = detectionTable([row('bad', 0.2), row('good', 0.9)], 0.1)
    .split('\n')
    .slice(2);
  assert.equal(
    lines.map((line) => line.split('|')[1]?.trim()),
    ['good', '(a random order)', 'bad'],
  );
  assert.match(lines[1] ?? '', '0.100');
});

test('agreement turns both scores to difficulty: the opposite of a low score agrees with it', () => {
  const high = scores('a', 'high', [1, 2, 3, 4]);
  const low = scores('b', 'low', [4, 3, 2, 1]);
  const matrix = agreementMatrix([[high, low]]);
  assert.ok(Math.abs((matrix[0]?.[1] ?? 0) - 1) < 1e-12);
  assert.ok(Math.abs(betweenRuns([high, scores('a', 'high', [4, 3, 2, 1])]) + 1) < 1e-12);
  assert.ok(Number.isNaN(betweenRuns([high])));
  assert.match(agreementTable(['a', 'b'], matrix).split('\n')[3] ?? '', '1.00');
});

test('the memorisation test has the correct labels first: t < 0 where shuffled ones score higher', () => {
  const [raw] = memorisationTests([scores('vog', 'high', [1, 2, 1, 5, 6, 5])], Uint8Array.of(0, 0, 0, 1, 1, 1));
  assert.is(raw?.normalise, 'none');
  assert.ok((raw?.test.t ?? 0) < 0);
  assert.equal([raw?.test.first.n, raw?.test.second.n], [3, 3]);
});

test.run();
