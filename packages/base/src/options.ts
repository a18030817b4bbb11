import { checkOptionNames } from './checks.js';

/**
 * Refuses what is no object of options, and one with a key that nothing reads: an option is never accepted and ignored.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function refuseUnknownKeys(where: string, options: unknown, known: readonly string[]): void {
  checkOptionNames(where, options, known);
}
