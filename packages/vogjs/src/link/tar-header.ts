// The 512-byte headers of a tar archive.
// Source: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Extended Header"; GNU tar manual, "Basic Tar Format".
import { VogError } from '@vogjs/base';

export const BLOCK = 512;
/** Types of the entries that say the next one's name, the name it links to, or both. */
export const LONG_NAME = 'L';
export const LONG_LINK = 'K';
export const PAX = 'x';

export interface TarHeader {
  readonly name: string;
  readonly type: string;
  /** Name that a link leads to. */
  readonly link: string;
  /** Bytes of the content, and with what fills its last block. */
  readonly size: number;
  readonly padded: number;
}

/** Whether a block is of zeros alone, as those at the end are. */
export function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** @throws VogError FORMAT_INVALID */
export function readHeader(block: Buffer, path: string): TarHeader {
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (octal(block, 148, 8) !== sum) throw invalid(path, 'a header does not match its checksum');
  const size = octal(block, 124, 12);
  // GNU's base-256 form, for files of 8 GiB and more, is not expected of a library.
  if (size === null) throw invalid(path, 'a header has no size');
  const prefix = block.toString('latin1', 257, 262) === 'ustar' ? textOf(block.subarray(345, 500)) : '';
  const name = textOf(block.subarray(0, 100));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: String.fromCharCode(block[156] ?? 0),
    link: textOf(block.subarray(157, 257)),
    size,
    padded: Math.ceil(size / BLOCK) * BLOCK,
  };
}

/** Text up to its first NUL. */
export function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/**
 * Records of a pax header, `LENGTH KEY=VALUE\n` each, the length counting all of it in bytes. Walked by their lengths
 * and not searched: a value may hold what looks like a record.
 *
 * @throws VogError FORMAT_INVALID
 */
export function readPax(bytes: Buffer, path: string): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    const space = bytes.indexOf(0x20, at);
    const digits = bytes.toString('latin1', at, Math.min(Math.max(space, at), at + 8));
    const length = /^\d+$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    if (space < 0 || end > bytes.length || space >= end || bytes[end - 1] !== 0x0a) {
      throw invalid(path, 'a pax header is damaged');
    }
    const equals = bytes.indexOf(0x3d, space);
    if (equals < 0 || equals >= end) throw invalid(path, 'a pax header is damaged');
    records.set(bytes.toString('utf8', space + 1, equals), textOf(bytes.subarray(equals + 1, end - 1)));
    at = end;
  }
  return records;
}

/** A number in octal digits; 0 where there are none, null for what is not a number. */
function octal(block: Buffer, start: number, length: number): number | null {
  const text = textOf(block.subarray(start, start + length)).trim();
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || '0', 8) : null;
}

function invalid(path: string, why: string): VogError {
  return new VogError('FORMAT_INVALID', `${path} cannot be unpacked (${why}): download it again.`);
}
