import { array, minLength, picklist, pipe, union } from 'valibot';
import * as checks from '../checks.js';
import { fits, type Option, optionOf } from './option.js';
import type { ValueOf } from './types.js';

/** One of these values. The first is the default unless another is named. */
export function oneOf<const Choice extends string | number>(
  ...choices: readonly Choice[]
): Option<Choice, 'defaulted'> {
  const { expected } = checks.oneOf(...choices);
  return optionOf(expected, picklist(choices, expected)).default(choices[0] as Choice);
}

/** A whole number from `from` to `to`, both included. */
export function integer(from: number, to?: number): Option<number, 'optional'> {
  return of(checks.integer(from, to));
}

/** A finite number. */
export function finite(): Option<number, 'optional'> {
  return of(checks.finite);
}

/** A finite number above 0. */
export function positive(): Option<number, 'optional'> {
  return of(checks.positive);
}

/** A finite number of at least `from`. */
export function atLeast(from: number): Option<number, 'optional'> {
  return of(checks.atLeast(from));
}

/** A number from `from` to `to`, both included. */
export function between(from: number, to: number): Option<number, 'optional'> {
  return of(checks.between(from, to));
}

/** A number from 0 to 1. */
export function share(): Option<number, 'optional'> {
  return of(checks.share);
}

/** A number above 0, at most 1. */
export function positiveShare(): Option<number, 'optional'> {
  return of(checks.positiveShare);
}

/** True or false. */
export function flag(): Option<boolean, 'optional'> {
  return of(checks.flag);
}

/** A string that is not empty. */
export function text(): Option<string, 'optional'> {
  return of(checks.text);
}

/** The name of a layer or node of a model. */
export function layerName(): Option<string, 'optional'> {
  return fits('the name of a layer', checks.text.holds);
}

/** A function; what it gives is for its caller to check. */
export function callable<F extends (...args: never[]) => unknown>(): Option<F, 'optional'> {
  return of(checks.callable);
}

/** An array of at least `least` values, each of which the entry takes. */
export function listOf<Value>(entry: Option<Value>, least = 0): Option<readonly Value[], 'optional'> {
  const some = least > 0 ? ` of at least ${least}` : '';
  const expected = `an array${some}, each entry ${entry.expected}`;
  return optionOf(expected, pipe(array(entry.schema, expected), minLength(least, expected)));
}

/** What any of these takes. */
export function anyOf<const Options extends readonly Option<unknown>[]>(
  ...options: Options
): Option<ValueOf<Options[number]>, 'optional'> {
  const expected = options.map((option) => option.expected).join(', or ');
  const schemas = options.map(({ schema }) => schema);
  return optionOf(expected, union(schemas, expected)) as Option<ValueOf<Options[number]>, 'optional'>;
}

function of<Value>({ expected, holds }: checks.Check): Option<Value, 'optional'> {
  return fits(expected, holds);
}
