import { type ShapedArray, VogError } from '@vogjs/base';
import type { DifficultyScores } from './difficulty-scores.js';

// What the analyses ask of what they are given. Bad input is an error that says what was expected, never a TypeError.

/** Refuses what is not scores with one value per example. */
export function requireScores(name: string, scores: DifficultyScores): void {
  if (typeof scores === 'object' && scores !== null && isArrayLike(scores.values)) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${name} must be Scores of a tracker or { values, hardDirection }, with one value per example; got ${shown(scores)}.`,
  );
}

/** Refuses what is not `{ data, shape }`, such as a tensor or nested arrays. */
export function requireShaped(name: string, array: ShapedArray): void {
  const { data, shape } = (array ?? {}) as Partial<ShapedArray>;
  if (isArrayLike(data) && Array.isArray(shape)) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${name} must be { data, shape }, row-major, such as probabilitiesOf gives or { data: await tensor.data(), shape: tensor.shape }; got ${shown(array)}.`,
  );
}

/** Refuses what is no array: a forgotten argument, a string, a promise that was not awaited. */
export function requireArray(name: string, values: ArrayLike<unknown>): void {
  if (isArrayLike(values)) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${name} must be an array or a typed array with one entry per example; got ${shown(values)}.`,
  );
}

function isArrayLike(values: unknown): boolean {
  return typeof values === 'object' && values !== null && 'length' in values && Number.isSafeInteger(values.length);
}

function shown(value: unknown): string {
  if (value instanceof Promise) return 'a promise: await it first';
  return typeof value === 'object' && value !== null
    ? `an object with ${Object.keys(value).join(', ') || 'nothing'}`
    : String(value);
}

/** Refuses two lists per example that are not of the same examples. */
export function requireSameLength(name: string, length: number, otherName: string, otherLength: number): void {
  if (length === otherLength) return;
  throw new VogError(
    'PROBE_MISMATCH',
    `${name} has ${length} entries and ${otherName} has ${otherLength}; there must be one per example, in the same order.`,
  );
}

/** Refuses NaN and infinity, which no moment of a sample survives. */
export function requireFinite(name: string, values: ArrayLike<number>): void {
  requireArray(name, values);
  for (let index = 0; index < values.length; index++) {
    if (Number.isFinite(values[index])) continue;
    throw new VogError(
      'INPUT_NOT_FINITE',
      `${name}[${index}] is ${String(values[index])}; every value must be a finite number. Leave out what was not measured.`,
    );
  }
}

/**
 * A share of so many examples as a whole number, halves upwards and at least 1. A decimal share such as 0.29 lies a
 * rounding beside itself, which must not decide: 0.29 of 50 is 14.5, and 15 examples.
 */
export function countOfShare(share: number, examples: number): number {
  return Math.max(1, Math.round(Number((share * examples).toPrecision(12))));
}

/** Refuses a sample that is too small for the statistic. */
export function requireAtLeast(count: number, name: string, length: number): void {
  if (length >= count) return;
  throw new VogError(
    'SAMPLE_TOO_SMALL',
    `${name} has length ${length}; this statistic needs at least ${count} values.`,
  );
}
