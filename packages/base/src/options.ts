import { checkArgument, record } from './checks.js';
import { VogError } from './errors.js';

/**
 * Refuses what is no object of options, and one with a key that nothing reads: an option is never accepted and ignored.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function refuseUnknownKeys(where: string, options: unknown, known: readonly string[]): void {
  checkArgument(where, 'options', options, record);
  const unknown = Object.keys(options as object).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${where}: unknown option ${unknown.map((key) => `'${key}'`).join(', ')}. Known: ${known.join(', ')}.`,
    );
  }
}
