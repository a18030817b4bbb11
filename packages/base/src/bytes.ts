import { VogError } from './errors.js';
import { shown } from './shown.js';

/**
 * Throws `ARGUMENT_INVALID` unless `value` is a `Uint8Array` (a Node `Buffer` is one), with the way from what was given.
 * Returns a plain view over the same memory: a Buffer's own `slice` does not copy, a Uint8Array's does.
 */
export function requireBytes(where: string, value: unknown): Uint8Array {
  if (isBytes(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw new VogError(
    'ARGUMENT_INVALID',
    `${where}: expected the bytes of a file as a Uint8Array, got ${shown(value)}. ${wayFrom(value)}`,
  );
}

/** By its tag and not by `instanceof`: bytes may come from another realm, as a worker's or a test runner's. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array';
}

function wayFrom(value: unknown): string {
  if (typeof value === 'string') return 'Read the file first: await readFile(path).';
  if (ArrayBuffer.isView(value)) return 'Pass new Uint8Array(data.buffer, data.byteOffset, data.byteLength).';
  if (value instanceof ArrayBuffer) return 'Pass new Uint8Array(buffer).';
  if (value instanceof Promise) return 'Await it first.';
  return 'In Node: await readFile(path); in a browser: new Uint8Array(await file.arrayBuffer()).';
}
