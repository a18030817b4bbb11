import { excerpt } from './excerpt.js';

/**
 * What a value is, in a few words, for a message: never throws, whatever the value (BigInts, circles, deep nests), and
 * never repeats more than `most` characters of it.
 */
export function shown(value: unknown, most = 60): string {
  if (typeof value === 'string') {
    return JSON.stringify(excerpt(value, most));
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
  return excerpt(text, most);
}
