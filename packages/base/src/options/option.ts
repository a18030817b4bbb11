import { custom, type GenericSchema } from 'valibot';
import type { Identity } from './identity.js';

/** Whether an option may be left out, and whether a value stands in for it then. */
export type Presence = 'defaulted' | 'optional' | 'required';

/** What makes an option. */
interface Parts<Value, P extends Presence> {
  /** What a value must pass. */
  readonly schema: GenericSchema<unknown, Value>;
  /** Completes "must be …". */
  readonly expected: string;
  readonly presence: P;
  /** The value when it is left out. */
  readonly fallback?: unknown;
  /** What holds when it is left out, in words, where no single value says it. */
  readonly absence?: string;
  /** What it does, for the docs. */
  readonly description?: string;
  /** The plain value that stands for a value; without it `identityOf`. */
  readonly identify?: ((value: never) => Identity | undefined) | undefined;
}

/**
 * One option of a declaration: what its value must be, what stands in for it when it is left out, and what it does. Each
 * method gives a new option.
 */
export class Option<out Value, out P extends Presence = Presence> implements Parts<Value, P> {
  declare readonly schema: GenericSchema<unknown, Value>;
  declare readonly expected: string;
  declare readonly presence: P;
  declare readonly fallback?: unknown;
  declare readonly absence?: string;
  declare readonly description?: string;
  declare readonly identify?: ((value: never) => Identity | undefined) | undefined;

  constructor(parts: Parts<Value, P>) {
    Object.assign(this, parts);
  }

  /** May be left out; then it is this value. */
  default<T extends Value>(this: Option<T>, value: NoInfer<T>): Option<T, 'defaulted'> {
    return new Option({ ...this, presence: 'defaulted', fallback: value });
  }

  /** May be left out; then it is undefined, which means what the words say: `'the model decides'`. */
  optional(absence = ''): Option<Value, 'optional'> {
    return new Option({ ...this, presence: 'optional', absence });
  }

  /** Must be given. */
  required(): Option<Value, 'required'> {
    return new Option({ ...this, presence: 'required' });
  }

  /** What the option does, in one sentence: it becomes a row in the docs. */
  about(description: string): Option<Value, P> {
    return new Option({ ...this, description });
  }

  /**
   * What tells one value from another in a saved state and in a resource's key. Needed for values that are not plain;
   * undefined leaves the option out, as for one that changes no number.
   */
  identifiedBy<T extends Value>(this: Option<T, P>, identify: (value: T) => Identity | undefined): Option<T, P> {
    return new Option<T, P>({ ...this, identify });
  }
}

/**
 * An option whose values pass a test.
 *
 * @param expected completes "must be …": `'a whole number of at least 1'`
 * @param holds pure; called with anything
 */
export function fits<Value>(expected: string, holds: (value: unknown) => boolean): Option<Value, 'optional'> {
  return optionOf(expected, custom<Value>(holds, expected));
}

/** An option of a schema; its issues have the words as their message. */
export function optionOf<Value>(expected: string, schema: GenericSchema<unknown, Value>): Option<Value, 'optional'> {
  return new Option({ schema, expected, presence: 'optional' });
}
