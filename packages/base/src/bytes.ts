import { VogError } from './errors.js';

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

/**
 * What a value is, in a few words, for a message: never throws, whatever the value (BigInts, circles, deep nests), and
 * never repeats more than `most` characters of it.
 */
export function shown(value: unknown, most = 60): string {
  if (typeof value === 'string') {
    return value.length <= most ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, most))}…`;
  }
  if (typeof value === 'bigint') return `${clipped(String(value), most)}n`;
  if (typeof value === 'symbol' || typeof value === 'function') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Promise) return 'a promise';
  if (Array.isArray(value)) return listed(value, most);
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === 'Object' ? 'an object' : `${/^[AEIO]/.test(tag) ? 'an' : 'a'} ${clipped(tag, most)}`;
}

/** A short list in full, of numbers and words; of another its length. */
function listed(list: readonly unknown[], most: number): string {
  if (list.length <= 16) {
    const items = list.map((item) => (typeof item === 'object' && item !== null ? '…' : shown(item, 16)));
    const text = `[${items.join(', ')}]`;
    if (text.length <= most) return text;
  }
  return `a list of ${list.length}`;
}

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}
