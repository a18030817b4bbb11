// Unpacks what is wanted of a .tar.gz, as libtensorflow comes: ustar with GNU long names and pax paths.
// Source: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { VogError } from '@vogjs/base';

const BLOCK = 512;

/**
 * Unpacks files and symbolic links below `include/` and `lib/` into `target`. Names that lead out of it are refused.
 *
 * @throws VogError FORMAT_INVALID, FORMAT_TRUNCATED
 */
export async function unpackTar(path: string, target: string): Promise<void> {
  const bytes = byteReader(path);
  let longName: string | undefined;
  for (;;) {
    const header = await bytes.take(BLOCK);
    if (header === null || header.every((byte) => byte === 0)) break;
    checkHeader(header, path);
    const size = octal(header, 124, 12);
    const type = String.fromCharCode(header[156] ?? 0);
    const padded = Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'L' || type === 'x') {
      const text = (await bytes.need(padded)).subarray(0, size).toString('utf8');
      longName = type === 'L' ? text.replace(/\0+$/, '') : (/(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? longName);
      continue;
    }
    const prefix = header.toString('latin1', 257, 262) === 'ustar' ? textAt(header, 345, 155) : '';
    const name = normalize(
      longName ?? (prefix === '' ? textAt(header, 0, 100) : `${prefix}/${textAt(header, 0, 100)}`),
    );
    longName = undefined;
    const wanted = /^(include|lib)\//.test(name);
    if (wanted && type === '2') {
      const to = textAt(header, 157, 100);
      if (!/^[^/]+$/.test(to)) throw invalid(path, `${name} links to ${to}`);
      await mkdir(dirname(join(target, name)), { recursive: true });
      await symlink(to, join(target, name));
    } else if (wanted && (type === '0' || type === '\0') && !name.endsWith('/')) {
      await mkdir(dirname(join(target, name)), { recursive: true });
      const file = createWriteStream(join(target, name), { flags: 'wx' });
      await pipeline(Readable.from(bytes.parts(size)), file);
      await bytes.skip(padded - size);
      continue;
    }
    await bytes.skip(padded);
  }
  await bytes.close();
}

interface ByteReader {
  /** The next bytes; null at the end. */
  take(length: number): Promise<Buffer | null>;
  need(length: number): Promise<Buffer>;
  skip(length: number): Promise<void>;
  /** The next bytes in the pieces they come in. */
  parts(length: number): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

function byteReader(path: string): ByteReader {
  const unpacked = createReadStream(path)
    .on('error', (error) => unpacked.destroy(error))
    .pipe(createGunzip());
  const incoming = unpacked[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    try {
      const { done, value } = await incoming.next();
      if (done === true) return false;
      held = held.length === 0 ? value : Buffer.concat([held, value]);
      return true;
    } catch (error) {
      throw invalid(path, error instanceof Error ? error.message : String(error));
    }
  };
  const take = async (length: number): Promise<Buffer | null> => {
    while (held.length < length) {
      if (!(await more())) {
        if (held.length === 0) return null;
        throw new VogError('FORMAT_TRUNCATED', `${path} ends before its contents do: download it again.`);
      }
    }
    const bytes = held.subarray(0, length);
    held = held.subarray(length);
    return bytes;
  };
  const need = async (length: number): Promise<Buffer> => {
    const bytes = length === 0 ? Buffer.alloc(0) : await take(length);
    if (bytes === null) throw new VogError('FORMAT_TRUNCATED', `${path} ends before its contents do.`);
    return bytes;
  };
  async function* parts(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      if (held.length === 0 && !(await more())) await need(1);
      const part = held.subarray(0, left);
      held = held.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
  return {
    take,
    need,
    parts,
    async skip(length) {
      for await (const part of parts(length)) void part;
    },
    async close() {
      await incoming.return?.();
    },
  };
}

function textAt(header: Buffer, start: number, length: number): string {
  const text = header.toString('utf8', start, start + length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function octal(header: Buffer, start: number, length: number): number {
  // GNU's base-256 form, for files of 8 GiB and more, is not expected of a library.
  return Number.parseInt(textAt(header, start, length).trim() || '0', 8);
}

function checkHeader(header: Buffer, path: string): void {
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (octal(header, 148, 8) !== sum) throw invalid(path, 'a header does not match its checksum');
}

function invalid(path: string, why: string): VogError {
  return new VogError('FORMAT_INVALID', `${path} cannot be unpacked (${why}): download it again.`);
}
