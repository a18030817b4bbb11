import { VogError } from './errors.js';

/**
 * Refuses an options object with a key that nothing reads: an option is never accepted and ignored.
 *
 * @throws VogError ARGUMENT_INVALID, also for what is no object of options
 */
export function refuseUnknownKeys(where: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const given = Array.isArray(options) ? 'an array' : String(options);
    throw new VogError(
      'ARGUMENT_INVALID',
      `${where}: the options are ${given}; expected an object such as { ${known[0] ?? ''} }.`,
    );
  }
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${where}: unknown option ${unknown.map((key) => `'${key}'`).join(', ')}. Known: ${known.join(', ')}.`,
    );
  }
}
