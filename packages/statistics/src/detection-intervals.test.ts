import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seededRandom } from '@vogjs/base';
import { compareDetection, detectionIntervals } from './detection-intervals.js';
import { evaluateDetection } from './detection.js';
import { assertClose, assertCode, freshRandom } from './golden.test.helper.js';
import { normalProbability } from './normal.js';

const test = suite('detection intervals');
const high = (values: ArrayLike<number>) => ({ values, hardDirection: 'high' as const });

function binormal(random: ReturnType<typeof seededRandom>, flagged: number, rest: number, shift: number) {
  const flags = Array.from({ length: flagged + rest }, (_, index) => Number(index < flagged));
  return { flags, values: flags.map((flag) => random.normal() + shift * flag) };
}

test('estimates = evaluateDetection, and lie within their intervals', () => {
  const { seed } = freshRandom();
  const { flags, values } = binormal(seededRandom(seed), 30, 200, 1);
  const rounded = values.map((value) => Math.round(3 * value));
  const expected = evaluateDetection(high(rounded), flags);
  const actual = detectionIntervals(high(rounded), flags, { resamples: 300 });
  for (const name of ['auroc', 'averagePrecision'] as const) {
    assertClose(actual[name].estimate, expected[name], `${name}, seed ${seed}`, 1e-14);
    assert.ok(actual[name].low < expected[name] && expected[name] < actual[name].high, `${name}, seed ${seed}`);
  }
});

test("the standard error of the AUROC = Hanley and McNeil's, of placements, within a tenth", () => {
  const { flags, values } = binormal(seededRandom(3), 60, 400, 1.2);
  const { standardError } = detectionIntervals(high(values), flags, { resamples: 3000 }).auroc;
  // DeLong et al. 1988: the variance of each side's placements, over its count.
  const variance = (side: 0 | 1): number => {
    const placements = values
      .filter((_, index) => flags[index] === side)
      .map((value) => {
        const others = values.filter((_, index) => flags[index] !== side);
        return others.filter((other) => (side === 1 ? value > other : value < other)).length / others.length;
      });
    const mean = placements.reduce((sum, value) => sum + value, 0) / placements.length;
    const squares = placements.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return squares / (placements.length - 1) / placements.length;
  };
  assertClose(standardError, Math.sqrt(variance(0) + variance(1)), 'standard error', 0.1);
});

test('of 300 experiments about 90 % of the 90 % intervals hold the AUROC that the distributions have', () => {
  const random = seededRandom(20261123);
  const truth = normalProbability(1 / Math.SQRT2);
  let held = 0;
  for (let seed = 0; seed < 300; seed++) {
    const { flags, values } = binormal(random, 40, 120, 1);
    const { low, high: top } = detectionIntervals(high(values), flags, { level: 0.9, resamples: 300, seed }).auroc;
    held += Number(low <= truth && truth <= top);
  }
  assert.ok(held / 300 > 0.845 && held / 300 < 0.95, String(held / 300));
});

test('the difference of a score and itself is 0 with no width; of a better and a worse one it excludes 0', () => {
  const random = seededRandom(5);
  const { flags, values } = binormal(random, 50, 400, 1.5);
  const worse = values.map((value) => value + 1.5 * random.normal());
  const same = compareDetection(high(values), high(values), flags, { resamples: 100 }).difference.auroc;
  assert.equal([same.estimate, same.low, same.high], [0, 0, 0]);
  const { first, second, difference } = compareDetection(high(values), high(worse), flags, { resamples: 500 });
  assert.ok(difference.auroc.low > 0 && difference.averagePrecision.low > 0);
  assertClose(difference.auroc.estimate, first.auroc.estimate - second.auroc.estimate, 'difference', 1e-12);
  // Paired: narrower than two independent intervals would make it.
  assert.ok(difference.auroc.standardError < Math.hypot(first.auroc.standardError, second.auroc.standardError));
});

test('BCa works here as well; strata are not for the caller to give', () => {
  const { flags, values } = binormal(seededRandom(9), 20, 60, 1);
  const { auroc } = detectionIntervals(high(values), flags, { method: 'bca', resamples: 200 });
  assert.ok(auroc.low < auroc.estimate && auroc.estimate < auroc.high && auroc.method === 'bca');
  assertCode('ARGUMENT_INVALID', () => detectionIntervals(high(values), flags, { strata: flags } as object));
  assertCode('SAMPLE_TOO_SMALL', () => detectionIntervals(high([1, 2]), [0, 0]));
  assertCode('PROBE_MISMATCH', () => compareDetection(high([1, 2]), high([1, 2, 3]), [0, 1]));
});

test.run();
