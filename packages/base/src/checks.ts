import type { ErrorCode } from './error-codes.js';
import { VogError } from './errors.js';
import { shown } from './shown.js';

/** What a value has to be: in words, and as a test. */
export interface Check {
  /** Completes "must be …". */
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

/** A check from its words and its test. */
export function checkOf(expected: string, holds: (value: unknown) => boolean): Check {
  return { expected, holds };
}

export const finite = checkOf('a finite number', Number.isFinite);
/** A finite number of at least `from`. */
export function atLeast(from: number): Check {
  return checkOf(`a finite number of at least ${from}`, (value) => Number.isFinite(value) && (value as number) >= from);
}
export const positive = checkOf('a finite number above 0', (value) => Number.isFinite(value) && (value as number) > 0);
export const share = checkOf('a number from 0 to 1', (value) => isBetween(value, 0, 1));
export const positiveShare = checkOf(
  'a number above 0, at most 1 (5 % is 0.05)',
  (value) => isBetween(value, 0, 1) && value !== 0,
);
export const flag = checkOf('true or false', (value) => typeof value === 'boolean');
export const text = checkOf('a string that is not empty', (value) => typeof value === 'string' && value !== '');
export const callable = checkOf('a function', (value) => typeof value === 'function');
/** Whatever: it is looked at elsewhere. */
export const anything = checkOf('anything', () => true);
/** An array, a typed array, or another object with a length. */
export const arrayLike = checkOf(
  'an array',
  (value) => typeof value === 'object' && Number.isInteger((value as { length?: unknown } | null)?.length),
);
/** An object with members by name: no array, no promise, no tensor of another library's making is looked into. */
export const record = checkOf('an object', isRecord);
export const list = checkOf('an array', (value) => Array.isArray(value));
/** An array or typed array of numbers; NaN among them is for the caller to judge. */
export const numbers = checkOf('an array of numbers', isNumbers);

/** A number from `from` to `to`, both included. */
export function between(from: number, to: number): Check {
  return checkOf(`a number from ${from} to ${to}`, (value) => isBetween(value, from, to));
}

/** A whole number from `from` to `to`, both included. */
export function integer(from: number, to = Number.MAX_SAFE_INTEGER): Check {
  const range = to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`;
  return checkOf(`a whole number ${range}`, (value) => Number.isSafeInteger(value) && isBetween(value, from, to));
}

/** One of these strings or numbers. */
export function oneOf(...choices: readonly (string | number)[]): Check {
  const quoted = choices.map((choice) => (typeof choice === 'number' ? String(choice) : `'${choice}'`));
  const last = quoted.pop() ?? 'nothing';
  const expected = quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
  return checkOf(expected, (value) => choices.includes(value as string));
}

/** An array whose every entry passes. */
export function listOf(entry: Check): Check {
  return checkOf(`an array, each entry ${entry.expected}`, (value) => Array.isArray(value) && value.every(entry.holds));
}

/** What passes any of these. */
export function either(...checks: readonly Check[]): Check {
  return checkOf(checks.map(({ expected }) => expected).join(', or '), (value) =>
    checks.some(({ holds }) => holds(value)),
  );
}

/**
 * Refuses a value that is not what it must be.
 *
 * @param where the function, as the caller knows it: `'tTest'`
 * @param name the argument or option: `'variances'`
 * @throws VogError `code`, ARGUMENT_INVALID unless told: what it is, what it must be
 */
export function checkArgument(
  where: string,
  name: string,
  value: unknown,
  check: Check,
  code: ErrorCode = 'ARGUMENT_INVALID',
): void {
  if (check.holds(value)) return;
  throw new VogError(code, `${where}: ${name} ${mustBe(check.expected, value)}`);
}

/** How a refusal ends: what the value must be, and what it is. */
export function mustBe(expected: string, value: unknown): string {
  return `must be ${expected}; got ${shown(value)}.${isPromise(value) ? ' Await it.' : ''}`;
}

/**
 * Refuses what is no object of options, and an option that nothing reads: none is accepted and ignored.
 *
 * @throws VogError `code`, ARGUMENT_INVALID unless told
 */
export function checkOptionNames(
  where: string,
  options: unknown,
  known: readonly string[],
  code: ErrorCode = 'ARGUMENT_INVALID',
): void {
  const example = known.length === 0 ? '{}' : `{ ${known.slice(0, 4).join(', ')}${known.length > 4 ? ', …' : ''} }`;
  checkArgument(where, 'options', options, checkOf(`an object ${example}`, isRecord), code);
  const unknown = Object.keys(options as object).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  const names = unknown.map((key) => `'${key}'`).join(', ');
  const which = known.length === 0 ? 'It takes none.' : `Known: ${known.join(', ')}.`;
  throw new VogError(code, `${where}: unknown option ${names}. ${which}`);
}

/**
 * Refuses what is no object of options, an option that nothing reads, and a value that an option cannot have. An option
 * that is left out or undefined is for the caller to fill in, unless `required` names it.
 *
 * @throws VogError `code`, ARGUMENT_INVALID unless told
 */
export function checkOptions(
  where: string,
  options: unknown,
  checks: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
  code: ErrorCode = 'ARGUMENT_INVALID',
): void {
  checkOptionNames(where, options, Object.keys(checks), code);
  const given = options as Readonly<Record<string, unknown>>;
  for (const [name, check] of Object.entries(checks)) {
    if (given[name] !== undefined) checkArgument(where, name, given[name], check, code);
    else if (required.includes(name)) {
      throw new VogError(code, `${where}: ${name} is missing; it must be ${check.expected}.`);
    }
  }
}

function isBetween(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && value >= from && value <= to;
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null)?.then === 'function';
}

function isRecord(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !isPromise(value)
  );
}

function isNumbers(value: unknown): boolean {
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView) && !isBigInts(value);
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}

function isBigInts(value: ArrayBufferView): boolean {
  return value instanceof BigInt64Array || value instanceof BigUint64Array;
}
