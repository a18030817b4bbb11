import { UsageError } from '../usage-error.js';
import { LINKABLE, type LinkablePackage } from './package.js';

export interface LinkOptions {
  /** Null for the TensorFlow of python3. */
  readonly path: string | null;
  readonly package: LinkablePackage | null;
  readonly undo: boolean;
  readonly json: boolean;
}

export function readLinkOptions(path: unknown, raw: Readonly<Record<string, unknown>>): LinkOptions {
  const asked = raw['package'] ?? null;
  if (asked !== null && !LINKABLE.includes(asked as LinkablePackage)) {
    throw new UsageError(`--package must be one of ${LINKABLE.join(', ')}; got '${String(asked)}'.`);
  }
  const undo = raw['undo'] === true;
  if (undo && path !== undefined) throw new UsageError('--undo takes no path: it puts back what was there.');
  return {
    path: path === undefined ? null : String(path),
    package: asked as LinkablePackage | null,
    undo,
    json: raw['json'] === true,
  };
}
