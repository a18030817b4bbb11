import { createTracker } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  agreesWithNumPy,
  firstBackend,
  goldenFile,
  type GoldenColumns,
  keepsLaws,
  run,
} from '../golden.test.helper.js';
import { assertClose, columnsOf, HALF, lookUp, positions, trackerOf } from '../runs.test.helper.js';
import { confidentLearning, probabilitiesOf } from './confident-learning.js';
import { confidentJoint } from '@vogjs/statistics';

interface Golden {
  readonly columns: GoldenColumns;
  readonly confidentJoint: { thresholds: number[]; counts: number[][]; joint: number[][] };
}

const expected = goldenFile(import.meta.url, 'confident-learning') as Golden;
const test = suite('confident learning');
test.before.each(firstBackend);

agreesWithNumPy(test, expected.columns, () => [confidentLearning()]);
keepsLaws(
  test,
  () => confidentLearning(),
  () => confidentLearning({ at: 'last', name: 'confident-last' }),
);

test('one checkpoint of p = (1/2, 1/4, 1/4), labels 0 and 1', async () => {
  const { selfConfidence, normalisedMargin } = await columnsOf(confidentLearning(), [0, 1], [[HALF, HALF]], {
    chunkSize: 1,
  });
  assertClose(selfConfidence!, [1 / 2, 1 / 4], 'self-confidence');
  assertClose(normalisedMargin!, [1 / 4, -1 / 4], 'normalised margin');
});

test('the confident joint of the tracked probabilities agrees', async () => {
  const tracker = await trackerOf([confidentLearning()], run.labels, run.logits);
  const { thresholds, counts, joint } = confidentJoint(probabilitiesOf(await tracker.columns()), run.labels);
  assertClose(thresholds, expected.confidentJoint.thresholds, 'thresholds');
  assert.equal([...counts], expected.confidentJoint.counts.flat());
  assertClose(joint, expected.confidentJoint.joint.flat(), 'joint', { tolerance: 1e-12 });
  tracker.dispose();
});

test('confidentLearning needs the number of classes for a plan, from any of four places', async () => {
  const given = { inputs: positions(4), labels: Int32Array.of(0, 1, 0, 1), metrics: [confidentLearning()] };
  const bytes = 4 * (2 + 1) * 4 + 4;
  const tracker = createTracker(given);
  assert.throws(() => tracker.plan(), /number of classes is not known.*classNames/s);
  const { stateBytes } = await tracker.begin(
    lookUp([
      [0, 1],
      [0, 2],
      [3, 0],
      [1, 0],
    ]),
  );
  assert.is(stateBytes, bytes, 'the model');
  const hot = tf.tensor2d([1, 0, 0, 1, 1, 0, 0, 1], [4, 2]);
  for (const told of [
    { classes: 2 },
    { classNames: ['a', 'b'] },
    { labels: { data: await hot.data(), shape: [4, 2] } },
  ]) {
    const other = createTracker({ ...given, ...told });
    assert.is(other.plan().stateBytes, bytes, Object.keys(told).join());
    other.dispose();
  }
  tracker.dispose();
});

test.run();
