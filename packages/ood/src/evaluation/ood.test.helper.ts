import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { type ErrorCode, seededRandom, type SeededRandom, VogError } from '@vogjs/base';
import type { Interpolation } from './figures.js';

// Test support. The values come from scikit-learn and brute force: test/golden/ood.py.

interface Case {
  name: string;
  in: (number | string)[];
  out: (number | string)[];
  auroc: number;
  aupr_in: Record<Interpolation, number>;
  aupr_out: Record<Interpolation, number>;
  fpr: { tpr: number; in: number; ood: number; nearest_in: number; nearest_ood: number }[];
  detection_error: Record<'balanced' | 'empirical', number>;
}

interface Golden {
  cases: Case[];
  odin_grid: {
    in: number[];
    out: number[];
    fpr: number;
    aupr_in: number;
    aupr_out: number;
    detection_error: number;
  };
}

const file = JSON.parse(readFileSync(new URL('ood.golden.json', import.meta.url), 'utf8')) as Golden;
// Infinity is a string in the file.
const numbers = (values: readonly (number | string)[]): number[] => values.map(Number);

export const golden = {
  odinGrid: file.odin_grid,
  cases: file.cases.map((entry) => ({ ...entry, in: numbers(entry.in), out: numbers(entry.out) })),
};

export function assertClose(actual: number, expected: number, what: string, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} should be ${expected}`);
}

export function assertCode(code: ErrorCode, run: () => unknown): void {
  assert.throws(run, (error: unknown) => {
    if (!(error instanceof VogError)) throw error;
    assert.is(error.code, code, error.message);
    return true;
  });
}

/** Random numbers from a seed that is new each run; a failure must print it. */
export function freshRandom(): { seed: number; random: SeededRandom } {
  const seed = Math.floor(Math.random() * 2 ** 32);
  return { seed, random: seededRandom(seed) };
}

/** The same streams in every run, for what is true of nearly all draws and not of each. */
export function fixedDraws(): readonly { seed: number; random: SeededRandom }[] {
  return [1, 2, 3].map((seed) => ({ seed, random: seededRandom(seed) }));
}

/** Confidences of two sides that overlap, rounded to a grid so that some tie. */
export function randomSides(random: SeededRandom, ins = 5 + random.integer(60), outs = 5 + random.integer(60)) {
  const grid = [1, 4, 1000][random.integer(3)]!;
  const draw = (mean: number) => Math.round((mean + 2 * random.normal()) * grid) / grid;
  return {
    ins: Array.from({ length: ins }, () => draw(1.5)),
    outs: Array.from({ length: outs }, () => draw(0)),
  };
}
