// How a right call is told.
import { methodsOf, type Signature, signatureOf } from './types.js';

/** A right call: what it is called with, and how its outcome is used so that late checks show. */
export interface RightCall {
  readonly owner: string;
  readonly signature: Signature;
  readonly args: readonly unknown[];
  /** Calls it, and ends what the call began. */
  readonly call: (...args: unknown[]) => unknown;
}

export type Callable = (...args: never[]) => unknown;
/** In the order in which they were told. */
export const calls: RightCall[] = [];

/** Notes a right call of a function. */
export function right(
  name: string,
  fn: Callable,
  args: readonly unknown[],
  use: (result: unknown) => unknown = (x) => x,
): void {
  const signature = signatureOf(name, fn);
  if (signature === undefined) throw new Error(`no declaration of ${name} was found`);
  calls.push({
    owner: '',
    signature,
    args,
    call: async (...given) => use(await (fn as (...all: unknown[]) => unknown)(...given)),
  });
}

/** Notes a right call of a method of what `make` gives, fresh for every call. */
export function method(type: string, name: string, make: () => unknown, args: readonly unknown[]): void {
  const signature = methodsOf(type).find((each) => each.name === name);
  if (signature === undefined) throw new Error(`${type} has no public method ${name}`);
  calls.push({
    owner: type,
    signature,
    args,
    call: async (...given) => {
      const subject = (await make()) as Record<string, (...all: unknown[]) => unknown>;
      return subject[name]?.(...given);
    },
  });
}
