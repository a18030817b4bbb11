import { VogError } from '../errors.js';
import { hashIntegers } from '../hash.js';
import { shown } from '../shown.js';

/** A plain value that JSON keeps as it is. */
export type Identity = string | number | boolean | null;

/**
 * The plain value that stands for an option's value in a saved state and in a key: equal for equal values, and the
 * same in every run. What JSON keeps stands for itself. Numbers that it loses become words, lists and records their
 * JSON, typed arrays a hash. A function becomes the word 'function', for nothing can tell two functions apart in
 * another run.
 *
 * @throws VogError ARGUMENT_INVALID for an object of a class, whose declaration has to say what identifies it
 */
export function identityOf(value: unknown): Identity | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : String(value);
  if (typeof value === 'function') return 'function';
  if (typeof value === 'object' && value !== null) return identityOfObject(value);
  return typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : (value as Identity | undefined);
}

function identityOfObject(value: object): string {
  if (value instanceof Int32Array) return `fixed:${hashIntegers(value)}`;
  if (Array.isArray(value)) return JSON.stringify(value.map((entry) => identityOf(entry) ?? null));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const members = Object.entries(value).map(([key, member]) => [key, identityOf(member)] as const);
    return JSON.stringify(Object.fromEntries(members.toSorted(([a], [b]) => (a < b ? -1 : 1))));
  }
  throw new VogError(
    'ARGUMENT_INVALID',
    `An option that is ${shown(value)} has no identity of its own. Declare one: .identifiedBy((value) => value.name).`,
  );
}
