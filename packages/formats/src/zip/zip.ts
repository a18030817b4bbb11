// ZIP archives, of which .npz is one. Source: PKWARE's APPNOTE 6.3.10.
import { VogError } from '@vogjs/base';
import { joined } from '../bytes/joined.js';
import { crc32 } from './crc32.js';
import { deflate, inflate } from './deflate.js';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const MOST_32 = 0xffffffff;
/** Deflate's greatest expansion (RFC 1951, section 3.2.5). */
const MOST_EXPANSION = 1032;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Place {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const invalid = (what: string): VogError =>
  new VogError('FORMAT_INVALID', `The ZIP archive ${what}. It is damaged: write or download it again.`);

/**
 * The files of an archive, stored or deflated, their check sums verified. ZIP64 is read.
 *
 * @throws VogError FORMAT_INVALID (no archive, damaged), FORMAT_TRUNCATED (its directory, which stands at the end, is
 * missing), FORMAT_UNSUPPORTED (encrypted, or packed in another way)
 */
export async function readZip(bytes: Uint8Array): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  for (const place of directoryOf(bytes)) entries.push({ name: place.name, bytes: await contentOf(bytes, place) });
  return entries;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function directoryOf(bytes: Uint8Array): Place[] {
  const view = viewOf(bytes);
  if (bytes.length < 4 || (view.getUint32(0, true) !== LOCAL && view.getUint32(0, true) !== END)) {
    throw new VogError(
      'FORMAT_INVALID',
      `It is not a ZIP archive: it begins with ${[...bytes.subarray(0, 4)].join(' ')}, expected 80 75 3 4.`,
    );
  }
  let end = bytes.length - END_BYTES;
  const least = Math.max(0, end - LONGEST_COMMENT);
  while (end >= least && view.getUint32(end, true) !== END) end--;
  if (end < least) {
    throw new VogError(
      'FORMAT_TRUNCATED',
      'The ZIP archive has no directory at its end: it was cut short. Write or download it again.',
    );
  }
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const locator = end - 20;
  if ((count === 0xffff || at === MOST_32) && locator >= 0 && view.getUint32(locator, true) === LOCATOR_64) {
    const far = Number(view.getBigUint64(locator + 8, true));
    if (far + 56 > end || view.getUint32(far, true) !== END_64) throw invalid('has a directory that cannot be found');
    count = Number(view.getBigUint64(far + 32, true));
    at = Number(view.getBigUint64(far + 48, true));
  }
  const places: Place[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL)
      throw invalid(`has no entry ${i} of ${count} in its directory`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > end) throw invalid(`has a directory that ends inside entry ${i}`);
    const name = new TextDecoder().decode(new Uint8Array(bytes.subarray(at + 46, at + 46 + nameLength)));
    if ((view.getUint16(at + 8, true) & 1) !== 0) {
      throw new VogError(
        'FORMAT_UNSUPPORTED',
        `'${name}' in the ZIP archive is encrypted. Write it without a password.`,
      );
    }
    const sizes = {
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    places.push({
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...withZip64(sizes, extra),
    });
    at = next;
  }
  return places;
}

/** What does not fit in 32 bits stands in an extra field, in this order. */
function withZip64(
  sizes: { packed: number; size: number; offset: number },
  extra: Uint8Array,
): { packed: number; size: number; offset: number } {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const wide = { ...sizes };
    let field = at + 4;
    for (const key of ['size', 'packed', 'offset'] as const) {
      if (sizes[key] !== MOST_32 || field + 8 > extra.length) continue;
      wide[key] = Number(view.getBigUint64(field, true));
      field += 8;
    }
    return wide;
  }
  return sizes;
}

async function contentOf(bytes: Uint8Array, { name, method, crc, packed, size, offset }: Place): Promise<Uint8Array> {
  const view = viewOf(bytes);
  const isThere = offset + 30 <= bytes.length && view.getUint32(offset, true) === LOCAL;
  const start = isThere ? offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true) : 0;
  if (!isThere || start + packed > bytes.length) throw invalid(`has no bytes for '${name}'`);
  const content = bytes.subarray(start, start + packed);
  if (method !== 0 && method !== 8) {
    throw new VogError(
      'FORMAT_UNSUPPORTED',
      `'${name}' in the ZIP archive is packed by method ${method}; stored and deflated files are read. Pack it again.`,
    );
  }
  if (method === 0 ? packed !== size : size > packed * MOST_EXPANSION + MOST_EXPANSION)
    throw invalid(`gives an impossible size for '${name}'`);
  const whole = method === 0 ? content : await inflate(content, size);
  if (whole === null || crc32(whole) !== crc) throw invalid(`has bytes for '${name}' that do not match their checksum`);
  return whole;
}

/** Writes an archive, deflated or stored; files of up to 4 GB in all. @throws VogError ARGUMENT_INVALID for more */
export async function writeZip(entries: readonly ZipEntry[], compress: boolean): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const content = compress ? await deflate(bytes) : bytes;
    const encoded = new TextEncoder().encode(name);
    // Version 2.0; names in UTF-8; 1980-01-01, so that equal files have equal bytes.
    const common = new Uint8Array(26);
    const view = viewOf(common);
    for (const [at, value] of [
      [0, 20],
      [2, 0x800],
      [4, compress ? 8 : 0],
      [6, 0],
      [8, 0x21],
      [22, encoded.length],
    ] as const)
      view.setUint16(at, value, true);
    for (const [at, value] of [
      [10, crc32(bytes)],
      [14, content.length],
      [18, bytes.length],
    ] as const)
      view.setUint32(at, value, true);
    const local = joined([uint32(LOCAL), common, encoded]);
    directory.push(
      joined([uint32(CENTRAL), Uint8Array.of(20, 0), common, new Uint8Array(10), uint32(offset), encoded]),
    );
    parts.push(local, content);
    offset += local.length + content.length;
    if (offset > MOST_32 || bytes.length > MOST_32 || directory.length >= 0xffff) {
      throw new VogError(
        'ARGUMENT_INVALID',
        'The arrays are more than one ZIP archive holds (4 GB, 65,534 files). Write several.',
      );
    }
  }
  const central = joined(directory);
  const end = new Uint8Array(END_BYTES);
  const view = viewOf(end);
  view.setUint32(0, END, true);
  view.setUint16(8, directory.length, true);
  view.setUint16(10, directory.length, true);
  view.setUint32(12, central.length, true);
  view.setUint32(16, offset, true);
  return joined([...parts, central, end]);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
}
