import { VogError } from '@vogjs/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckpointAt, positionAt, type RunLength } from './position.js';
import { contains, epochs, stages, steps } from './ranges.js';
import { checkWindows, segmentAt, segmentsOf, type Windows } from './segments.js';

const at = (where: CheckpointAt, length: RunLength = {}) => positionAt(where, length, null);
const named = (windows: Windows, total?: number): string[] => segmentsOf(windows, total).map(({ name }) => name);
const refused = (run: () => unknown, code: string, part: RegExp): void =>
  assert.throws(run, (error: unknown) => error instanceof VogError && error.code === code && part.test(error.message));

test('positions: an epoch end counts its epoch, a batch end does not', () => {
  const length = { epochs: 4, stepsPerEpoch: 5 };
  const table: [CheckpointAt, number, number, number | null][] = [
    [{ epoch: 0, step: 1, epochEnd: false }, 0, 1, 1 / 20],
    [{ epoch: 0, step: 5, epochEnd: false }, 0, 5, 5 / 20],
    [{ epoch: 0, step: 5 }, 1, 5, 1 / 4],
    // At an epoch's end the epochs are exact, whatever the steps were.
    [{ epoch: 1, step: 9 }, 2, 9, 2 / 4],
    [{ epoch: 3, step: 20 }, 4, 20, 1],
    [{ epoch: 7, step: 90 }, 8, 90, 1],
    [{ epoch: 7, step: 90, epochEnd: false }, 7, 90, 1],
  ];
  for (const [where, completed, step, progress] of table) {
    assert.equal(at(where, length), { epoch: where.epoch, epochsCompleted: completed, step, progress });
    assert.is(at(where).progress, null);
  }
});

test('positions: a loop that does not tell steps keeps those of before', () => {
  const before = at({ epoch: 0, step: 12 });
  assert.is(positionAt({ epoch: 1 }, {}, before).step, 12);
  assert.is(positionAt({ epoch: 1 }, {}, null).step, 0);
});

test('positions: a checkpoint without an epoch is refused', () => {
  const whole = 'must be a whole number of at least 0';
  const refusals: [unknown, RegExp][] = [
    [undefined, /epoch is missing/],
    [null, /must be an object \{ epoch, step, epochEnd \}; got null/],
    [{}, new RegExp(`epoch is missing; it ${whole}`)],
    [{ epoch: -1 }, new RegExp(`epoch ${whole}; got -1`)],
    [{ epoch: 0.5 }, new RegExp(`epoch ${whole}; got 0.5`)],
    [{ epoch: Number.NaN }, new RegExp(`epoch ${whole}; got NaN`)],
    [{ epoch: 0, step: -1 }, new RegExp(`step ${whole}; got -1`)],
    [{ epoch: 0, epochEnd: 1 }, /epochEnd must be true or false; got 1/],
  ];
  for (const [wrong, message] of refusals) {
    refused(() => positionAt(wrong as CheckpointAt, {}, null), 'ARGUMENT_INVALID', message);
  }
});

test('epochs(a, b) holds indices a to b - 1; steps(a, b) holds steps a + 1 to b', () => {
  assert.equal(
    [0, 1, 2, 3, 4].filter((epoch) => contains(epochs(1, 3), at({ epoch }))),
    [1, 2],
  );
  assert.equal(
    [0, 1, 2, 3, 4].filter((step) => contains(steps(1, 3), at({ epoch: 0, step, epochEnd: false }))),
    [2, 3],
  );
});

test('stages(k): every epoch end lies in exactly one stage, and the stages are as even as the epochs allow', () => {
  for (let count = 2; count <= 7; count++) {
    for (let total = count; total <= 30; total++) {
      const ranges = Object.values(stages(count));
      const sizes = ranges.map(
        (range) =>
          Array.from({ length: total }, (_, epoch) => at({ epoch }, { epochs: total })).filter((p) =>
            contains(range, p),
          ).length,
      );
      assert.is(
        sizes.reduce((a, b) => a + b, 0),
        total,
        `${count} stages of ${total}: ${sizes}`,
      );
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${count} stages of ${total}: ${sizes}`);
    }
  }
});

test('stages are named early, middle, late; early, late; else by number', () => {
  assert.equal(Object.keys(stages(3)), ['early', 'middle', 'late']);
  assert.equal(Object.keys(stages(2)), ['early', 'late']);
  assert.equal(Object.keys(stages(4)), ['stage1', 'stage2', 'stage3', 'stage4']);
  for (const count of [1, 0, 2.5, Number.NaN]) refused(() => stages(count), 'ARGUMENT_INVALID', /stages/);
});

test('ranges refuse an empty, reversed or negative stretch', () => {
  for (const [a, b] of [
    [2, 2],
    [3, 1],
    [-1, 2],
    [Number.NaN, 2],
    [0, Number.NaN],
  ] as const) {
    refused(() => epochs(a, b), 'ARGUMENT_INVALID', /epochs\(/);
    refused(() => steps(a, b), 'ARGUMENT_INVALID', /steps\(/);
  }
});

test("without windows there is one segment, 'complete', and every position is in it", () => {
  const all = segmentsOf({});
  assert.equal(
    all.map(({ name }) => name),
    ['complete'],
  );
  assert.is(segmentAt(all, at({ epoch: 1000 })).name, 'complete');
  assert.is(segmentAt(all, at({ epoch: 0, epochEnd: false })).name, 'complete');
});

test('segments are in time order however the windows were written, with a gap where no window names the time', () => {
  assert.equal(named({ late: epochs(10, 15), early: epochs(0, 5) }), ['early', 'gap-1', 'late', 'gap-3']);
  assert.equal(named({ late: epochs(10, 15), early: epochs(0, 5) }, 15), ['early', 'gap-1', 'late']);
  assert.equal(named({ middle: epochs(2, 4) }, 6), ['gap-0', 'middle', 'gap-2']);
  assert.equal(named(stages(3)), ['early', 'middle', 'late']);
  assert.equal(named({ a: steps(0, 10) }, 6), ['a', 'gap-1'], 'a number of epochs says nothing of steps');
});

test('every position is in exactly the segment that holds it, gaps too', () => {
  const all = segmentsOf({ b: epochs(4, 6), a: epochs(1, 2) });
  const names = [0, 1, 2, 3, 4, 5, 6, 99].map((epoch) => segmentAt(all, at({ epoch })).name);
  assert.equal(names, ['gap-0', 'a', 'gap-2', 'gap-2', 'b', 'b', 'gap-4', 'gap-4']);
});

test('a checkpoint before the first step belongs to the first segment, in every unit', () => {
  const start = at({ epoch: 0, step: 0, epochEnd: false }, { epochs: 9, stepsPerEpoch: 3 });
  assert.is(segmentAt(segmentsOf(stages(3)), start).name, 'early');
  assert.is(segmentAt(segmentsOf({ first: steps(0, 5) }), start).name, 'first');
  assert.is(segmentAt(segmentsOf({ first: epochs(0, 5) }), start).name, 'first');
});

test('windows that overlap are cut where one begins or ends, and each is its stretches', () => {
  const first = { unit: 'fraction', from: 0, to: 3 / 16 } as const;
  const last = { unit: 'fraction', from: 13 / 16, to: 1 } as const;
  const thirds = segmentsOf({ ...stages(3), first, last });
  assert.equal(
    thirds.map(({ name, windows }) => [name, windows]),
    [
      ['early+first', ['early', 'first']],
      ['early', ['early']],
      ['middle', ['middle']],
      ['late', ['late']],
      ['late+last', ['late', 'last']],
    ],
  );
  const within = Array.from({ length: 16 }, (_, epoch) => segmentAt(thirds, at({ epoch }, { epochs: 16 })).windows);
  const epochsOf = (window: string) => within.flatMap((windows, epoch) => (windows.includes(window) ? [epoch] : []));
  assert.equal(epochsOf('first'), [0, 1, 2]);
  assert.equal(epochsOf('early'), [0, 1, 2, 3, 4]);
  assert.equal(epochsOf('middle'), [5, 6, 7, 8, 9]);
  assert.equal(epochsOf('late'), [10, 11, 12, 13, 14, 15]);
  assert.equal(epochsOf('last'), [13, 14, 15]);
});

test('a window within another, the same window twice, and gaps between have stretches of their own names', () => {
  assert.equal(named({ all: epochs(0, 9), two: epochs(3, 5) }), ['all', 'all+two', 'all#2', 'gap-3']);
  assert.equal(named({ a: epochs(0, 5), b: epochs(0, 5) }, 5), ['a+b']);
  assert.equal(named({ open: epochs(2, Number.POSITIVE_INFINITY), b: epochs(4, 6), a: epochs(0, 1) }), [
    'a',
    'gap-1',
    'open',
    'open+b',
    'open#2',
  ]);
});

test('windows that mix units or take a reserved name are refused by name', () => {
  refused(() => checkWindows({ a: epochs(0, 5), b: steps(100, 200) }), 'ARGUMENT_INVALID', /units/);
  for (const name of ['complete', 'gap-1', '', 'a|b', 'a b'])
    refused(() => checkWindows({ [name]: epochs(0, 1) }), 'ARGUMENT_INVALID', /named/);
  refused(() => checkWindows({ a: 5 } as never), 'ARGUMENT_INVALID', /range/);
  refused(() => checkWindows({ a: null } as never), 'ARGUMENT_INVALID', /range/);
  assert.not.throws(() => checkWindows({ a: epochs(0, 5), b: epochs(5, 6) }));
  assert.not.throws(() => checkWindows(stages(7)), 'stages touch, rounding or not');
});

test.run();
