// Reads zip archives as wheels are: stored and deflated entries, zip64, any size, one entry at a time.
// Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.6 to 4.3.16 and 4.5.3.
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { VogError } from '@vogjs/base';
import { safeName } from './archive-names.js';

export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  readonly compressedSize: number;
  /** 0 is stored, 8 is deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  /** Position of the entry's local header. */
  readonly offset: number;
}

export interface ZipFile {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** The unpacked bytes, never more than the entry claims, and checked against its CRC-32 as they end. */
  stream(entry: ZipEntry): Promise<Readable>;
  /** All of them at once, for entries that claim at most 16 MiB. */
  read(entry: ZipEntry): Promise<Buffer>;
  close(): Promise<void>;
}

const END = 0x06054b50;
const END_64_LOCATOR = 0x07064b50;
const END_64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const PIECE = 2 ** 20;
const LONGEST_COMMENT = 0xffff;
/** TensorFlow's wheels have some 20,000 entries, whose directory takes 3 MB. */
const LARGEST_DIRECTORY = 2 ** 24;
const MOST_ENTRIES = 100_000;
const LARGEST_READ = 2 ** 24;
/** Bit of the flags: the content is encrypted. */
const ENCRYPTED = 1;
/** The kind of file in the mode that Unix keeps in the upper half of the external attributes, and a symbolic link. */
const [KIND, LINK] = [0o170000, 0o120000];
/** What a 32-bit field holds when the number stands in the zip64 extra field. */
const ELSEWHERE = 0xffffffff;

/**
 * Opens an archive and reads its directory. Refused as a whole is one with names that lead out of a folder, names that
 * stand there twice, or symbolic links: no wheel has them.
 *
 * @throws VogError FORMAT_INVALID, FORMAT_TRUNCATED, FORMAT_UNSUPPORTED; the same from `stream` and what it gives
 */
export async function openZip(path: string): Promise<ZipFile> {
  const file = await open(path, 'r');
  try {
    const entries = await readDirectory(file, path);
    return {
      entries,
      stream: (entry) => streamEntry(file, path, entry),
      async read(entry) {
        if (entry.size > LARGEST_READ) {
          throw invalid(`${entry.name} in ${path} claims ${entry.size} bytes, of at most ${LARGEST_READ}`);
        }
        const parts: Buffer[] = [];
        for await (const part of await streamEntry(file, path, entry)) parts.push(part as Buffer);
        return Buffer.concat(parts);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readAt(file: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  // What a 64-bit field claims may be no position at all.
  if (!Number.isSafeInteger(position + length) || position < 0) throw damaged(path);
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead < length) {
    throw new VogError('FORMAT_TRUNCATED', `${path} ends before its contents do: download it again.`);
  }
  return buffer;
}

async function readDirectory(file: FileHandle, path: string): Promise<ReadonlyMap<string, ZipEntry>> {
  const { size } = await file.stat();
  const length = Math.min(size, END_SIZE + LONGEST_COMMENT);
  const tail = await readAt(file, path, size - length, length);
  let end = tail.length - END_SIZE;
  // The end says how long the comment behind it is: what only looks like one inside a comment does not fit.
  const isEnd = (at: number): boolean =>
    tail.readUInt32LE(at) === END && at + END_SIZE + tail.readUInt16LE(at + 20) === tail.length;
  while (end >= 0 && !isEnd(end)) end--;
  if (end < 0) {
    throw new VogError('FORMAT_TRUNCATED', `${path} has no end of a zip archive: it is cut off, or no wheel.`);
  }
  let count = tail.readUInt16LE(end + 10);
  let directorySize = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  const locator = end - 20;
  if (locator >= 0 && tail.readUInt32LE(locator) === END_64_LOCATOR) {
    const record = await readAt(file, path, Number(tail.readBigUInt64LE(locator + 8)), 56);
    if (record.readUInt32LE(0) !== END_64) throw damaged(path);
    count = Number(record.readBigUInt64LE(32));
    directorySize = Number(record.readBigUInt64LE(40));
    offset = Number(record.readBigUInt64LE(48));
  }
  if (offset + directorySize > size) throw damaged(path);
  if (directorySize > LARGEST_DIRECTORY || count > MOST_ENTRIES) {
    throw invalid(`${path} has a directory of ${count} entries in ${directorySize} bytes, far more than any wheel`);
  }
  const directory = await readAt(file, path, offset, directorySize);
  const entries = new Map<string, ZipEntry>();
  const places = new Set<string>();
  for (let i = 0, position = 0; i < count; i++) {
    if (position + 46 > directory.length || directory.readUInt32LE(position) !== CENTRAL) throw damaged(path);
    const nameEnd = position + 46 + directory.readUInt16LE(position + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(position + 30);
    const [entrySize, compressedSize, entryOffset] = large(directory.subarray(nameEnd, extraEnd), [
      directory.readUInt32LE(position + 24),
      directory.readUInt32LE(position + 20),
      directory.readUInt32LE(position + 42),
    ]);
    const name = directory.toString('utf8', position + 46, nameEnd);
    const place = safeName(name, path);
    if (places.has(place)) throw invalid(`${path} has two entries named ${name}`);
    if (((directory.readUInt32LE(position + 38) >>> 16) & KIND) === LINK) {
      throw invalid(`${name} in ${path} is a symbolic link, which no wheel has`);
    }
    places.add(place);
    entries.set(name, {
      name,
      size: entrySize,
      compressedSize,
      offset: entryOffset,
      method: directory.readUInt16LE(position + 10),
      isEncrypted: (directory.readUInt16LE(position + 8) & ENCRYPTED) !== 0,
      crc: directory.readUInt32LE(position + 16),
    });
    position = extraEnd + directory.readUInt16LE(position + 32);
  }
  return entries;
}

/** The numbers, with those that did not fit taken from the zip64 extra field, where they stand in the same order. */
function large(extra: Buffer, fields: readonly [number, number, number]): [number, number, number] {
  let wide: Buffer | undefined;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) wide = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  let next = 0;
  return fields.map((field) => {
    if (field !== ELSEWHERE || wide === undefined || next + 8 > wide.length) return field;
    next += 8;
    return Number(wide.readBigUInt64LE(next - 8));
  }) as [number, number, number];
}

async function streamEntry(file: FileHandle, path: string, entry: ZipEntry): Promise<Readable> {
  if ((entry.method !== 0 && entry.method !== 8) || entry.isEncrypted) {
    const how = entry.isEncrypted ? 'encrypted' : `packed by method ${entry.method}`;
    throw new VogError('FORMAT_UNSUPPORTED', `${entry.name} in ${path} is ${how}: take a wheel from its publisher.`);
  }
  const header = await readAt(file, path, entry.offset, 30);
  if (header.readUInt32LE(0) !== LOCAL) throw damaged(path);
  const nameLength = header.readUInt16LE(26);
  const name = await readAt(file, path, entry.offset + 30, nameLength);
  if (name.toString('utf8') !== entry.name) throw damaged(path);
  // The local extra field may be longer than the central one.
  const start = entry.offset + 30 + nameLength + header.readUInt16LE(28);
  const packed = piecesOf(file, path, start, entry.compressedSize);
  return Readable.from(checked(entry.method === 8 ? inflated(packed, path, entry) : packed, path, entry));
}

async function* inflated(packed: AsyncIterable<Buffer>, path: string, { name }: ZipEntry): AsyncGenerator<Buffer> {
  const source = Readable.from(packed);
  const inflate = createInflateRaw();
  source.on('error', (error) => inflate.destroy(error)).pipe(inflate);
  try {
    for await (const part of inflate) yield part as Buffer;
  } catch (error) {
    if (error instanceof VogError) throw error;
    throw invalid(`${name} in ${path} cannot be unpacked (${(error as Error).message})`, error);
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

/** Passes on no byte beyond what the entry claims: a bomb ends where it shows. */
async function* checked(
  parts: AsyncIterable<Buffer>,
  path: string,
  { name, size, crc }: ZipEntry,
): AsyncGenerator<Buffer> {
  let length = 0;
  let sum = 0;
  for await (const part of parts) {
    length += part.length;
    if (length > size) throw invalid(`${name} in ${path} is longer than the ${size} bytes that it claims`);
    sum = crc32(part, sum);
    yield part;
  }
  if (length !== size || sum !== crc) throw invalid(`${name} in ${path} is damaged`);
}

/** A FileHandle's own stream would close the file when a reader stops early, and the other entries with it. */
async function* piecesOf(file: FileHandle, path: string, start: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length; done += PIECE) {
    yield await readAt(file, path, start + done, Math.min(PIECE, length - done));
  }
}

function damaged(path: string): VogError {
  return invalid(`${path} is a damaged zip archive`);
}

function invalid(what: string, cause?: unknown): VogError {
  const origin = cause === undefined ? {} : { cause };
  return new VogError('FORMAT_INVALID', `${what}: download it again.`, origin);
}
