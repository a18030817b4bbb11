// Reads zip archives as wheels are: stored and deflated entries, zip64, any size, one entry at a time.
// Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.6 to 4.3.16 and 4.5.3.
import { open, type FileHandle } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { VogError } from '@vogjs/base';

export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  readonly compressedSize: number;
  /** 0 is stored, 8 is deflated. */
  readonly method: number;
  readonly crc: number;
  /** Position of the entry's local header. */
  readonly offset: number;
}

export interface ZipFile {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** The unpacked bytes, checked against the entry's size and CRC-32 as they end. */
  stream(entry: ZipEntry): Promise<Readable>;
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
/** What a 32-bit field holds when the number stands in the zip64 extra field. */
const ELSEWHERE = 0xffffffff;

/** @throws VogError FORMAT_INVALID, FORMAT_TRUNCATED; and from `stream`, FORMAT_UNSUPPORTED */
export async function openZip(path: string): Promise<ZipFile> {
  const file = await open(path, 'r');
  try {
    const entries = await readDirectory(file, path);
    return {
      entries,
      stream: (entry) => streamEntry(file, path, entry),
      async read(entry) {
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
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
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
  const directory = await readAt(file, path, offset, directorySize);
  const entries = new Map<string, ZipEntry>();
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
    entries.set(name, {
      name,
      size: entrySize,
      compressedSize,
      offset: entryOffset,
      method: directory.readUInt16LE(position + 10),
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
  if (entry.method !== 0 && entry.method !== 8) {
    throw new VogError('FORMAT_UNSUPPORTED', `${entry.name} in ${path} is packed by method ${entry.method}.`);
  }
  const header = await readAt(file, path, entry.offset, 30);
  if (header.readUInt32LE(0) !== LOCAL) throw damaged(path);
  // The local extra field may be longer than the central one.
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (entry.compressedSize === 0) return Readable.from([]);
  const packed = Readable.from(piecesOf(file, path, start, entry.compressedSize));
  const checked = checksum(path, entry);
  // Failures reach the reader through the last stream.
  pipeline(entry.method === 8 ? [packed, createInflateRaw(), checked] : [packed, checked]).catch(() => {});
  return checked;
}

/** A FileHandle's own stream would close the file when a reader stops early, and the other entries with it. */
async function* piecesOf(file: FileHandle, path: string, start: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length; done += PIECE) {
    yield await readAt(file, path, start + done, Math.min(PIECE, length - done));
  }
}

function checksum(path: string, { name, size, crc }: ZipEntry): Transform {
  let length = 0;
  let sum = 0;
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      length += part.length;
      sum = crc32(part, sum);
      done(null, part);
    },
    flush(done) {
      const whole = length === size && sum === crc;
      done(whole ? null : new VogError('FORMAT_INVALID', `${name} in ${path} is damaged: download the file again.`));
    },
  });
}

function damaged(path: string): VogError {
  return new VogError('FORMAT_INVALID', `${path} is a damaged zip archive: download it again.`);
}
