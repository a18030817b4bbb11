// What holds for all metrics at once.
import { createTracker, loss, needsOf } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trackerMetrics } from './all.js';
import { el2n } from './el2n/el2n.js';
import { assertGolden, firstBackend, goldenFile, type GoldenColumns } from './golden.test.helper.js';
import { assertClose, columnsOf, HALF, positions, type Rows } from './runs.test.helper.js';
import { errorNorm, freeEnergy } from './shared/resources.js';
import { trajectoryVariance } from './trajectory-variance/trajectory-variance.js';

const test = suite('metrics together');
test.before(firstBackend);

/** Those that a model which looks up its logits can be scored by. */
const ofLogits = trackerMetrics.filter((make) => {
  const { gradients, features } = needsOf([make().requires]);
  return gradients.size === 0 && features.length === 0;
});
const forward = () => [
  ...ofLogits.map((make) => make()),
  el2n({ name: 'el2n-last', at: 'last' }),
  trajectoryVariance(errorNorm),
];

test('in one tracker, sharing every resource, each gives what it gives alone', async () => {
  const files = [...ofLogits.map(({ definition }) => definition.name), 'trajectory-variance'];
  const expected: GoldenColumns = Object.assign(
    {},
    ...files.map((name) => {
      const file = goldenFile(import.meta.url, `${name}/${name}`) as GoldenColumns & { columns?: GoldenColumns };
      return file.columns ?? file;
    }),
  );
  assert.is(Object.keys(expected).length, ofLogits.length + 3);
  await assertGolden(expected, [
    ...ofLogits.map((make) => make()),
    el2n({ name: 'el2n-last', at: 'last' }),
    trajectoryVariance(loss),
    trajectoryVariance(freeEnergy, { reduce: 'std', ddof: 1 }),
  ]);
});

test('before any checkpoint every column of every metric is NaN, and every column has a direction', async () => {
  const metrics = [...trackerMetrics.map((make) => make()), trajectoryVariance(errorNorm)];
  const tracker = createTracker({ inputs: positions(2), labels: Int32Array.of(0, 1), metrics, classes: 2 });
  for (const { name } of metrics) {
    for (const [column, { values, hardDirection }] of Object.entries(await tracker.columns(name))) {
      assert.equal([...values], [NaN, NaN], `${name}.${column}`);
      assert.ok(hardDirection === 'high' || hardDirection === 'low');
    }
  }
  tracker.dispose();
});

test('an example scores the same alone as in a batch, and when its class is the only one of the probe', async () => {
  const rows: Rows = [HALF, [0, 3, 1], [-1, 2, 0.5]];
  const checkpoints = [rows, rows.map((row) => row.map((a) => 2 * a))];
  for (const metric of forward()) {
    const together = await columnsOf(metric, [1, 1, 1], checkpoints, { chunkSize: 3 });
    for (const i of rows.keys()) {
      const alone = await columnsOf(
        metric,
        [1],
        checkpoints.map((each) => [each[i]!]),
      );
      for (const [column, values] of Object.entries(alone)) {
        assertClose(values, [together[column]![i]!], `${metric.name}.${column}`, { floor: 1 });
      }
    }
  }
});

test.run();
