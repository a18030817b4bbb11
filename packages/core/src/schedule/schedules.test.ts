import { VogError } from '@vogjs/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runSeed, uniformFrom } from '@vogjs/testing';
import { type Position, positionAt, type RunLength } from './position.js';
import { epochs, steps } from './ranges.js';
import { atFractions, during, either, everyEpoch, everySteps, logSpaced, type Schedule } from './schedules.js';

const SEED = runSeed();
const random = uniformFrom(SEED);
const below = (n: number): number => Math.floor(random() * n);

/** Positions of a run as the fit callback tells them: after each batch and after each epoch. */
function positionsOf(batches: readonly number[], length: RunLength = {}): Position[] {
  const positions: Position[] = [];
  let step = 0;
  let previous: Position | null = null;
  const tell = (epoch: number, epochEnd: boolean): void => {
    previous = positionAt({ epoch, step, epochEnd }, length, previous);
    positions.push(previous);
  };
  for (const [epoch, count] of batches.entries()) {
    for (let batch = 0; batch < count; batch++) {
      step++;
      tell(epoch, false);
    }
    tell(epoch, true);
  }
  return positions;
}

const fired = (schedule: Schedule, positions: readonly Position[]): Position[] =>
  positions.filter((now, i) => schedule(now, positions[i - 1] ?? null));

const refused = (run: () => unknown, code: string, part: RegExp): void => {
  assert.throws(run, (error: unknown) => error instanceof VogError && error.code === code && part.test(error.message));
};

test('everyEpoch(n) is due floor(E / n) times in E epochs, at the ends of epochs n, 2n, …, whatever the batch counts', () => {
  for (let round = 0; round < 200; round++) {
    const batches = Array.from({ length: 1 + below(12) }, () => 1 + below(7));
    const n = 1 + below(5);
    const at = fired(everyEpoch(n), positionsOf(batches));
    const expected = Array.from({ length: Math.floor(batches.length / n) }, (_, i) => (i + 1) * n);
    assert.equal(
      at.map(({ epochsCompleted }) => epochsCompleted),
      expected,
      `SEED=${SEED}, batches ${batches}, n ${n}`,
    );
  }
});

test('everySteps(n) is due floor(S / n) times in S steps, at steps n, 2n, …, across epochs', () => {
  for (let round = 0; round < 200; round++) {
    const batches = Array.from({ length: 1 + below(8) }, () => 1 + below(7));
    const total = batches.reduce((a, b) => a + b, 0);
    const n = 1 + below(9);
    const at = fired(everySteps(n), positionsOf(batches));
    assert.equal(
      at.map(({ step }) => step),
      Array.from({ length: Math.floor(total / n) }, (_, i) => (i + 1) * n),
      `SEED=${SEED}`,
    );
  }
});

test('atFractions is due once for each fraction, at the first position at or past it, with and without known steps', () => {
  for (let round = 0; round < 200; round++) {
    const perEpoch = 1 + below(6);
    const batches = Array.from({ length: 1 + below(9) }, () => perEpoch);
    const fractions = [...new Set(Array.from({ length: 1 + below(4) }, () => (1 + below(12)) / 12))].toSorted(
      (a, b) => a - b,
    );
    for (const stepsPerEpoch of [undefined, perEpoch]) {
      const positions = positionsOf(batches, { epochs: batches.length, stepsPerEpoch });
      const at = fired(atFractions(fractions), positions);
      const first = fractions.map((fraction) => positions.find(({ progress }) => (progress ?? 0) >= fraction - 1e-9));
      assert.equal(at, [...new Set(first)], `SEED=${SEED}, fractions ${fractions}, batches ${batches}`);
    }
  }
});

test('atFractions([1/3, 2/3, 1]) of 3 epochs = the three epoch ends, rounding or not', () => {
  const at = fired(atFractions([1 / 3, 2 / 3, 1]), positionsOf([4, 4, 4], { epochs: 3 }));
  assert.equal(
    at.map(({ epochsCompleted }) => epochsCompleted),
    [1, 2, 3],
  );
});

test('logSpaced(1, 100, 3) is due at steps 1, 10 and 100, and never again', () => {
  const at = fired(logSpaced(1, 100, 3), positionsOf([60, 60]));
  assert.equal(
    at.map(({ step }) => step),
    [1, 10, 100],
  );
  // Marks that round to the same step are one checkpoint.
  assert.equal(
    fired(logSpaced(1, 3, 9), positionsOf([5])).map(({ step }) => step),
    [1, 2, 3],
  );
});

test('logSpaced includes both ends', () => {
  for (let round = 0; round < 100; round++) {
    const first = 1 + below(5);
    const last = first + 1 + below(40);
    const at = fired(logSpaced(first, last, 2 + below(6)), positionsOf([last + 5])).map(({ step }) => step);
    assert.is(at[0], first, `SEED=${SEED}`);
    assert.is(at.at(-1), last, `SEED=${SEED}`);
  }
});

test('during(everyEpoch(), epochs(2, 4)) = the epochs of index 2 and 3', () => {
  const at = fired(during(everyEpoch(), epochs(2, 4)), positionsOf([2, 2, 2, 2, 2, 2]));
  assert.equal(
    at.map(({ epoch }) => epoch),
    [2, 3],
  );
});

test('during(everySteps(2), steps(3, 8)) = steps 4, 6 and 8: open at its start, closed at its end', () => {
  assert.equal(
    fired(during(everySteps(2), steps(3, 8)), positionsOf([5, 5])).map(({ step }) => step),
    [4, 6, 8],
  );
});

test('either is due where any is, once where several are', () => {
  const at = fired(either(everySteps(2), everyEpoch()), positionsOf([3, 4]));
  assert.equal(
    at.map(({ step, epochsCompleted }) => [step, epochsCompleted]),
    [
      [2, 0],
      [3, 1],
      [4, 1],
      [6, 1],
      [7, 2],
    ],
  );
});

test('a schedule is a function of two positions: asked again it answers the same', () => {
  const positions = positionsOf([3, 3, 3], { epochs: 3, stepsPerEpoch: 3 });
  for (const schedule of [everyEpoch(2), everySteps(2), atFractions([0.5]), logSpaced(1, 9, 3)]) {
    assert.equal(fired(schedule, positions), fired(schedule, positions));
  }
});

test('needsTotal: fractions do, and so does whatever holds them', () => {
  const fraction = { unit: 'fraction', from: 0, to: 0.5 } as const;
  assert.equal(
    [everyEpoch(), everySteps(2), logSpaced(1, 9, 2), atFractions([1])].map(({ needsTotal }) => needsTotal === true),
    [false, false, false, true],
  );
  assert.is(during(everyEpoch(), fraction).needsTotal, true);
  assert.is(during(atFractions([0.5]), epochs(0, 2)).needsTotal, true);
  assert.is(during(everyEpoch(), epochs(0, 2)).needsTotal, false);
  assert.is(either(everyEpoch(), atFractions([0.5])).needsTotal, true);
  assert.is(either(everyEpoch()).needsTotal, false);
});

test('senseless schedules are refused by name', () => {
  for (const n of [0, -1, 1.5, Number.NaN]) {
    refused(() => everyEpoch(n), 'ARGUMENT_INVALID', /everyEpoch/);
    refused(() => everySteps(n), 'ARGUMENT_INVALID', /everySteps/);
  }
  for (const fractions of [[], [0], [-0.5], [1.1], [0.5, Number.NaN]])
    refused(() => atFractions(fractions), 'ARGUMENT_INVALID', /atFractions/);
  for (const [a, b, k] of [
    [0, 10, 3],
    [10, 10, 3],
    [10, 5, 3],
    [1, 10, 1],
    [1, 10, 2.5],
  ] as const) {
    refused(() => logSpaced(a, b, k), 'ARGUMENT_INVALID', /logSpaced/);
  }
  refused(() => either(), 'ARGUMENT_INVALID', /either/);
});

test('progress never runs backwards, however the batches of epochs differ from what the length says', () => {
  for (let round = 0; round < 50; round++) {
    const batches = Array.from({ length: 1 + below(6) }, () => 1 + below(9));
    const positions = positionsOf(batches, { epochs: batches.length, stepsPerEpoch: 1 + below(9) });
    const progress = positions.map((position) => position.progress ?? Number.NaN);
    assert.ok(
      progress.every((value, i) => value >= (progress[i - 1] ?? 0) && value <= 1),
      `[${progress}] for batches [${batches}], SEED=${SEED}`,
    );
    assert.is(fired(atFractions([0.5]), positions).length, 1, `batches [${batches}], SEED=${SEED}`);
  }
});

test.run();
