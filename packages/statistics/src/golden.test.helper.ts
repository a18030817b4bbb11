import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { VogError, type ErrorCode } from '@vogjs/base';

// Test support. The values come from SciPy, NumPy, scikit-learn, statsmodels and mpmath: test/golden/statistics.py.

interface GoldenCorrelation {
  r: number;
  p: number;
  log_p: number | null;
}

interface Golden {
  students: { t: number; degrees_of_freedom: number; log_p: number }[];
  correlations: { name: string; x: number[]; y: number[]; pearson: GoldenCorrelation; spearman: GoldenCorrelation }[];
  t_tests: {
    name: string;
    a: number[];
    b: number[];
    variances: 'equal' | 'unequal';
    t: number;
    df: number;
    log_p: number;
    scipy: { t: number; df: number; p: number };
  }[];
  t_tests_from_statistics: {
    first: [number, number, number];
    second: [number, number, number];
    variances: 'equal' | 'unequal';
    t: number;
    df: number;
    log_p: number;
    scipy_t: number;
    scipy_p: number;
  }[];
  quantiles: { values: number[]; q: number[]; expected: number[] }[];
  detections: { name: string; values: number[]; flags: number[]; auroc: number; average_precision: number }[];
  normals: { probabilities: { z: number; p: number }[]; quantiles: { p: number; z: number }[] };
  bootstraps: {
    name: string;
    samples: number[][];
    level: number;
    distribution: number[];
    bca: [number, number];
    percentile: [number, number];
    standard_error: number;
  }[];
  false_discoveries: { name: string; p: number[]; adjusted: number[] }[];
  false_discoveries_from_logarithms: { log_p: number[]; adjusted: number[] };
  agreements: {
    scores: number[][];
    hard_directions: ('high' | 'low')[];
    spearman: number[][];
    k: number;
    overlap_of_first_four: number[][];
  };
}

export const golden = JSON.parse(readFileSync(new URL('statistics.golden.json', import.meta.url), 'utf8')) as Golden;

/** Equal within a relative tolerance; two zeros are equal, a zero and anything else are not. */
export function assertClose(actual: number, expected: number, what: string, tolerance = 1e-10): void {
  const off = Math.abs(actual - expected) / Math.abs(expected);
  assert.ok(actual === expected || off <= tolerance, `${what}: ${actual} should be ${expected} (${off} off, relative)`);
}

export function assertCode(code: ErrorCode, run: () => unknown): void {
  assert.throws(run, (error: unknown) => {
    if (!(error instanceof VogError)) throw error;
    assert.is(error.code, code, error.message);
    return true;
  });
}

/** Numbers in [0, 1) from a seed that is new each run; a failure must print it. */
export function freshRandom(): { seed: number; next: () => number } {
  const seed = Math.floor(Math.random() * 2 ** 32);
  let state = seed;
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, next };
}
