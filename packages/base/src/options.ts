import { VogError } from './errors.js';

/** Refuses an options object with a key that nothing reads: an option is never accepted and ignored. */
export function refuseUnknownKeys(where: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${where}: unknown option ${unknown.map((key) => `'${key}'`).join(', ')}. Known: ${known.join(', ')}.`,
    );
  }
}
