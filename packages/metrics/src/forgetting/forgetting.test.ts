import { createTracker, epochs } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agreesWithNumPy, assertRefused, firstBackend, golden, keepsLaws } from '../golden.test.helper.js';
import { columnsOf, lookUp, positions, type Rows } from '../runs.test.helper.js';
import { forgetting } from './forgetting.js';

const test = suite('forgetting');
test.before.each(firstBackend);

agreesWithNumPy(test, golden(import.meta.url, 'forgetting'), () => [forgetting()]);
keepsLaws(
  test,
  () => forgetting(),
  () => forgetting({ neverLearned: 'inf' }),
  () => forgetting({ neverLearned: 'zero' }),
  () => forgetting({ neverLearned: 3.5 }),
);

const RIGHT: readonly number[] = [2, 0];
const WRONG: readonly number[] = [0, 2];
/** Histories of three examples labelled 0: forgotten twice, never learned, learned at the second and kept. */
const HISTORIES: Rows[] = [
  [RIGHT, WRONG, WRONG],
  [WRONG, WRONG, RIGHT],
  [RIGHT, WRONG, RIGHT],
  [WRONG, WRONG, RIGHT],
];

test('it counts correct -> wrong; never learned is the number of checkpoints, or as the option says', async () => {
  const first = await columnsOf(forgetting(), [0, 0, 0], HISTORIES);
  assert.equal(first, { count: [2, 4, 0], firstLearned: [0, 4, 1], unforgettable: [0, 0, 1] });
  for (const [neverLearned, count] of [
    ['inf', Infinity],
    ['zero', 0],
    [7, 7],
  ] as const) {
    const columns = await columnsOf(forgetting({ neverLearned }), [0, 0, 0], HISTORIES);
    assert.equal(columns['count'], [2, count, 0]);
  }
});

test('forgetting between two windows counts in complete and in neither window', async () => {
  const tracker = createTracker({
    inputs: positions(3),
    labels: new Int32Array(3),
    metrics: [forgetting()],
    windows: { a: epochs(0, 1), b: epochs(1, 4) },
  });
  for (const [epoch, rows] of HISTORIES.entries()) await tracker.checkpoint(lookUp(rows), { epoch });
  const counts = async (window: string) => [...(await tracker.scores('forgetting', { window })).values];
  assert.equal(await counts('a'), [0, 1, 1]);
  assert.equal(await counts('b'), [1, 3, 0]);
  assert.equal(await counts('complete'), [2, 4, 0]);
  tracker.dispose();
});

test('a policy that is none is refused', () => {
  const words = /forgetting: neverLearned must be 'max', 'inf' or 'zero', or a number of 0 or more; got/;
  assertRefused(
    [() => forgetting({ neverLearned: -1 }), words],
    [() => forgetting({ neverLearned: Number.NaN }), words],
    [() => forgetting({ neverLearned: 'most' as never }), words],
  );
});

test.run();
