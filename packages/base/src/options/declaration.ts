import type { ErrorCode } from '../error-codes.js';
import { VogError } from '../errors.js';
import { type Identity, identityOf } from './identity.js';
import { resolverOf } from './resolve.js';
import type { Entries, ResolvedOf } from './types.js';

/** What `declareOptions` may be told besides. */
export interface DeclarationRules<E extends Entries> {
  /** What two options say against one another, as the message goes on: `"at must be 'mean' with units: true"`. */
  readonly contradiction?: (options: ResolvedOf<E>) => string | undefined;
  /** Code of the errors. Default ARGUMENT_INVALID. */
  readonly code?: ErrorCode;
}

/** Options that were declared once: their check, their identity, and their rows in the docs. */
export interface Declaration<E extends Entries> {
  readonly entries: E;
  /**
   * The options, defaults filled in. One that is undefined counts as left out.
   *
   * @throws VogError ARGUMENT_INVALID, unless told another: no object, an unknown option, a value that cannot be
   */
  resolve(given: unknown): ResolvedOf<E>;
  /** Plain values that tell these options from others, in the order of the declaration. */
  identity(resolved: ResolvedOf<E>): Readonly<Record<string, Identity>>;
}

/**
 * Declares options, once for all that hangs on them: types, refusals, defaults, identity and docs.
 *
 * ```ts
 * const options = declareOptions('vog', {
 *   reduce: oneOf('std', 'variance').about('Spread of the gradients over checkpoints.'),
 *   pool: integer(1).default(1).about('Average-pools the gradient map by k x k. Images only.'),
 * });
 * const { reduce, pool } = options.resolve(given);
 * ```
 *
 * @param where the function that takes them, as its caller knows it: the errors begin with it
 */
export function declareOptions<const E extends Entries>(
  where: string,
  entries: E,
  { contradiction, code = 'ARGUMENT_INVALID' }: DeclarationRules<E> = {},
): Declaration<E> {
  const resolve = resolverOf(where, entries, code);
  return {
    entries,
    resolve(given = {}) {
      const options = resolve(given);
      const problem = contradiction?.(options);
      if (problem !== undefined) throw new VogError(code, `${where}: ${problem}.`);
      return options;
    },
    identity(resolved) {
      const values: Readonly<Record<string, unknown>> = resolved;
      const identity: Record<string, Identity> = {};
      for (const [name, { identify = identityOf }] of Object.entries(entries)) {
        const plain = identify(values[name] as never);
        if (plain !== undefined) identity[name] = plain;
      }
      return identity;
    },
  };
}
