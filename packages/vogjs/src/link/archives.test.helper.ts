// Writes the archives that the readers are tested on.
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

export interface Packed {
  readonly name: string;
  readonly content: Buffer;
  readonly stored?: boolean;
  /** Write sizes and offset into a zip64 extra field. */
  readonly zip64?: boolean;
  /** A size to claim in place of the true one. */
  readonly claim?: number;
  /** Bits of a Unix mode, such as 0o120777 for a symbolic link. */
  readonly mode?: number;
  /** Packed bytes in place of the true ones. */
  readonly packed?: Buffer;
  /** The name in the local header, in place of the true one. */
  readonly localName?: string;
  readonly encrypted?: boolean;
}

/** A zip archive; with `zip64`, its end is a zip64 end as well. */
export function zipOf(files: readonly Packed[], zip64End = false): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false, zip64 = false, claim, mode = 0, ...more } of files) {
    const packed = more.packed ?? (stored ? content : deflateRawSync(content));
    const localName = more.localName ?? name;
    const size = claim ?? content.length;
    const common = Buffer.alloc(24);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(more.encrypted === true ? 1 : 0, 2);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(zip64 ? 0xffffffff : packed.length, 14);
    common.writeUInt32LE(zip64 ? 0xffffffff : size, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const extra = zip64 ? Buffer.alloc(28) : Buffer.alloc(0);
    if (zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(size), 4);
      extra.writeBigUInt64LE(BigInt(packed.length), 12);
      extra.writeBigUInt64LE(BigInt(offset), 20);
    }
    // The local header has another extra field than the central one, as real archives have.
    const localExtra = Buffer.from([0xff, 0xff, 2, 0, 7, 7]);
    const local = Buffer.concat([uint32(0x04034b50), common, uint16(localExtra.length)]);
    local.writeUInt16LE(Buffer.byteLength(localName), 26);
    parts.push(local, Buffer.from(localName), localExtra, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(zip64 ? 0xffffffff : offset, 10);
    central.push(
      Buffer.concat([uint32(0x02014b50), uint16(20), common, uint16(extra.length), uint16(0), rest.subarray(2)]),
      Buffer.from(name),
      extra,
    );
    offset += 30 + Buffer.byteLength(localName) + localExtra.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip64End ? 0xffff : files.length, 10);
  end.writeUInt32LE(zip64End ? 0xffffffff : directory.length, 12);
  end.writeUInt32LE(zip64End ? 0xffffffff : offset, 16);
  const wide = zip64End ? zip64Tail(files.length, directory.length, offset) : Buffer.alloc(0);
  return Buffer.concat([...parts, directory, wide, end]);
}

function zip64Tail(count: number, size: number, offset: number): Buffer {
  const tail = Buffer.alloc(76);
  tail.writeUInt32LE(0x06064b50, 0);
  tail.writeBigUInt64LE(44n, 4);
  tail.writeBigUInt64LE(BigInt(count), 32);
  tail.writeBigUInt64LE(BigInt(size), 40);
  tail.writeBigUInt64LE(BigInt(offset), 48);
  tail.writeUInt32LE(0x07064b50, 56);
  tail.writeBigUInt64LE(BigInt(offset + size), 64);
  return tail;
}

export interface Tarred {
  readonly name: string;
  readonly content?: Buffer;
  readonly link?: string;
  /** How to write a name of more than 100 bytes. */
  readonly long?: 'gnu' | 'pax';
  /** The type, where it is neither a file nor a symbolic link. */
  readonly type?: string;
  /** A size to claim in place of the true one. */
  readonly claim?: number;
}

export function tarOf(files: readonly Tarred[]): Buffer {
  const blocks: Buffer[] = [];
  const add = (name: string, type: string, content: Buffer, link = '', claim = content.length): void => {
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0);
    header.write('0000644\0', 100);
    header.write(`${claim.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(type, 156);
    header.write(link, 157);
    header.write('ustar\0', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(header, content, Buffer.alloc((512 - (content.length % 512)) % 512));
  };
  for (const { name, content = Buffer.alloc(0), link, long, type, claim } of files) {
    if (long === 'gnu') add('././@LongLink', 'L', Buffer.from(`${name}\0`));
    if (long === 'pax') {
      const record = ` path=${name}\n`;
      const length = [2, 3, 4].map((digits) => record.length + digits).find((n, i) => String(n).length === i + 2) ?? 0;
      add('pax', 'x', Buffer.from(`${length}${record}`));
    }
    add(name, type ?? (link === undefined ? '0' : '2'), content, link, claim);
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
