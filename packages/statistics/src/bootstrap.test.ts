// Only with --all: it draws many resamples
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seededRandom } from '@vogjs/base';
import { bcaShares, bootstrap, bootstrapRows } from './bootstrap.js';
import { pearson } from './correlation.js';
import { assertClose, assertCode, freshRandom, golden } from './golden.test.helper.js';
import { quantile } from './quantile.js';
import { jackknife, strataOf } from './resampling.js';

const test = suite('bootstrap');

const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length;
};

/** The golden cases as columns of rows, with their statistic. */
const cases: Record<string, (columns: readonly Float64Array[]) => number> = {
  'the mean of a skewed sample': ([x]) => meanOf(x!),
  'the variance of a skewed sample': ([x]) => {
    const mean = meanOf(x!);
    return meanOf(x!.map((value) => (value - mean) ** 2));
  },
  'a correlation of pairs': ([x, y]) => pearson(x!, y!).r,
  'the difference of two independent means': ([x, group]) =>
    meanOf(x!.filter((_, row) => group![row] === 0)) - meanOf(x!.filter((_, row) => group![row] === 1)),
};

function columnsOf(name: string, samples: number[][]): { columns: number[][]; strata: number[] | undefined } {
  if (!name.includes('independent')) return { columns: samples, strata: undefined };
  const group = samples.flatMap((sample, index) => sample.map(() => index));
  return { columns: [samples.flat(), group], strata: group };
}

test("BCa and percentile intervals of a given distribution = SciPy's", () => {
  assert.is(golden.bootstraps.length, 8);
  for (const { name, samples, level, distribution, bca, percentile } of golden.bootstraps) {
    const { columns, strata } = columnsOf(name, samples);
    const statistic = cases[name]!;
    const on = (rows: ArrayLike<number>) =>
      statistic(columns.map((column) => Float64Array.from(rows, (row) => column[row]!)));
    const left = jackknife(strataOf(columns[0]!.length, strata), (rows) => [on(rows)])[0]!;
    const shares = bcaShares(on([...columns[0]!.keys()]), distribution, left, level);
    const actual = quantile(distribution, shares);
    bca.forEach((end, index) => assertClose(actual[index]!, end, `${name} at ${level}, BCa`));
    const plain = quantile(distribution, [(1 - level) / 2, (1 + level) / 2]);
    percentile.forEach((end, index) => assertClose(plain[index]!, end, `${name} at ${level}, percentile`));
  }
});

test("the whole of bootstrap, from its own draws, comes near SciPy's interval and standard error", () => {
  for (const { name, samples, level, percentile, standard_error: standardError } of golden.bootstraps) {
    const { columns, strata } = columnsOf(name, samples);
    const options = { level, seed: 7, resamples: 4000, ...(strata && { strata }) };
    const interval = bootstrap(cases[name]!, columns, options);
    // SciPy's 400 resamples are the coarser of the two.
    assertClose(interval.standardError, standardError, name, 0.15);
    assert.ok(Math.abs(interval.low - percentile[0]) < standardError, `${name}: low ${interval.low}`);
    assert.ok(Math.abs(interval.high - percentile[1]) < standardError, `${name}: high ${interval.high}`);
  }
});

test('the same seed gives the same interval, another seed another one; the estimate is that of the sample', () => {
  const x = Array.from({ length: 50 }, (_, index) => (index * 37) % 50);
  const of = (seed: number) => bootstrap(([column]) => meanOf(column!), [x], { seed, resamples: 200 });
  assert.equal(of(1), of(1));
  assert.is.not(of(1).low, of(2).low);
  assert.is(of(1).estimate, 24.5);
  assert.equal([of(3).level, of(3).method, of(3).resamples, of(3).seed], [0.95, 'percentile', 200, 3]);
});

test('pairs stay together: the correlation of a sample with itself is 1 in every resample', () => {
  const { seed, next } = freshRandom();
  const x = Array.from({ length: 20 }, next);
  const { low, high } = bootstrap(([a, b]) => pearson(a!, b!).r, [x, x], { resamples: 100 });
  assert.equal([low, high], [1, 1], `seed ${seed}`);
});

test('each stratum keeps its size in every resample and every left-out row leaves its own', () => {
  const strata = ['a', 'b', 'a', 'c', 'b', 'a'];
  const counts: string[] = [];
  const count = (rows: Uint32Array) => {
    counts.push(['a', 'b', 'c'].map((key) => rows.filter((row) => strata[row] === key).length).join());
    return [rows[0]!];
  };
  bootstrapRows(6, count, { resamples: 30, strata });
  assert.equal(new Set(counts), new Set(['3,2,1']));
  counts.length = 0;
  jackknife(strataOf(6, strata), count);
  assert.equal(counts, ['2,2,1', '2,2,1', '2,2,1', '3,1,1', '3,1,1', '3,2,0']);
});

/** How often intervals hold the truth over many samples: the claim that `level` makes. */
function coverage(runs: number, of: (random: ReturnType<typeof seededRandom>, run: number) => boolean): number {
  const random = seededRandom(20261123);
  let held = 0;
  for (let run = 0; run < runs; run++) held += Number(of(random, run));
  return held / runs;
}

test('of 400 samples of 40 normal values, about 90 % of the 90 % intervals hold the mean, by either method', () => {
  for (const method of ['percentile', 'bca'] as const) {
    const share = coverage(400, (random, seed) => {
      const x = Array.from({ length: 40 }, () => random.normal());
      const { low, high } = bootstrap(([column]) => meanOf(column!), [x], { level: 0.9, resamples: 400, seed, method });
      return low <= 0 && 0 <= high;
    });
    // Binomial standard error 1.5 %, and the known shortfall of the method at n = 40, about 1 %.
    assert.ok(share > 0.845 && share < 0.945, `${method}: ${share}`);
  }
});

test('BCa covers the variance of a skewed sample better than the percentile method does', () => {
  const covers = (method: 'percentile' | 'bca') =>
    coverage(300, (random, seed) => {
      const x = Array.from({ length: 60 }, () => random.normal() ** 2);
      const { low, high } = bootstrap(cases['the variance of a skewed sample']!, [x], {
        level: 0.9,
        resamples: 300,
        seed,
        method,
      });
      // The variance of a chi-squared value with one degree of freedom.
      return low <= 2 && 2 <= high;
    });
  const [percentile, bca] = [covers('percentile'), covers('bca')];
  assert.ok(bca > percentile, `${bca} against ${percentile}`);
  assert.ok(bca > 0.72, String(bca));
});

test('undefined statistics, odd lengths, NaN, single examples and impossible options are refused', () => {
  const mean = ([x]: readonly Float64Array[]) => meanOf(x!);
  assertCode('SAMPLE_TOO_SMALL', () => bootstrap(mean, [[1]]));
  assertCode('SAMPLE_TOO_SMALL', () => bootstrap(mean, []));
  assertCode('SAMPLE_TOO_SMALL', () => bootstrap(() => NaN, [[1, 2]]));
  assertCode('SAMPLE_TOO_SMALL', () => bootstrap(([x]) => (x!.includes(1) ? 1 : NaN), [[1, 2, 3]]));
  // A draw with replacement has fewer distinct values, always.
  const distinct = ([x]: readonly Float64Array[]) => new Set(x).size;
  const many = Array.from({ length: 30 }, (_, index) => index);
  assertCode('SAMPLE_TOO_SMALL', () => bootstrap(distinct, [many], { method: 'bca', resamples: 50 }));
  assertCode('PROBE_MISMATCH', () => bootstrap(mean, [[1, 2], [1]]));
  assertCode('PROBE_MISMATCH', () => bootstrap(mean, [[1, 2]], { strata: [1] }));
  assertCode('INPUT_NOT_FINITE', () => bootstrap(mean, [[1, NaN]]));
  for (const options of [{ level: 95 }, { resamples: 0 }, { method: 'basic' as 'bca' }, { seed: 0.5 }, { Seed: 1 }]) {
    assertCode('ARGUMENT_INVALID', () => bootstrap(mean, [[1, 2]], options));
  }
});

test.run();
