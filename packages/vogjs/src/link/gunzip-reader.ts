import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { VogError } from '@vogjs/base';

/** Reads a gzipped file from its start to its end, in the pieces that are asked for. */
export interface ByteReader {
  /** The most bytes that there can be. */
  readonly most: number;
  /** The next bytes; null at the end. For short pieces: they are held in memory. */
  take(length: number): Promise<Buffer | null>;
  /** The same where there must be some. */
  need(length: number): Promise<Buffer>;
  skip(length: number): Promise<void>;
  /** The next bytes in the pieces they come in. */
  parts(length: number): AsyncGenerator<Buffer>;
  /** Reads what is left, to the checksum at the end. */
  finish(): Promise<void>;
  close(): void;
}

/** TensorFlow's archives unpack to about four times their size; fifty times is no archive of libraries. */
const MOST_EXPANSION = 50;
const ALWAYS_ALLOWED = 2 ** 26;

/** @throws VogError FORMAT_INVALID (damaged, or a bomb), FORMAT_TRUNCATED; from every method */
export async function gunzipReader(path: string): Promise<ByteReader> {
  const { size } = await stat(path);
  const most = ALWAYS_ALLOWED + MOST_EXPANSION * size;
  const file = createReadStream(path);
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error)).pipe(unpacked);
  const incoming = unpacked[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Buffer = Buffer.alloc(0);
  let total = 0;

  const next = async (): Promise<Buffer | null> => {
    try {
      const { done, value } = await incoming.next();
      if (done === true) return null;
      total += value.length;
      if (total <= most) return value;
    } catch (error) {
      throw broken(path, error);
    }
    throw new VogError(
      'FORMAT_INVALID',
      `${path} unpacks to more than ${MOST_EXPANSION} times its size, as no archive of libraries does: it is not read on.`,
    );
  };
  const take = async (length: number): Promise<Buffer | null> => {
    const parts = [held];
    let available = held.length;
    while (available < length) {
      const part = await next();
      if (part === null) {
        if (available === 0) return null;
        throw ended(path);
      }
      parts.push(part);
      available += part.length;
    }
    const all = parts.length === 1 ? held : Buffer.concat(parts);
    held = all.subarray(length);
    return all.subarray(0, length);
  };
  async function* parts(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      if (held.length === 0) held = (await next()) ?? held;
      if (held.length === 0) throw ended(path);
      const part = held.subarray(0, left);
      held = held.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
  return {
    most,
    take,
    parts,
    async need(length) {
      const bytes = length === 0 ? Buffer.alloc(0) : await take(length);
      if (bytes === null) throw ended(path);
      return bytes;
    },
    async skip(length) {
      for await (const part of parts(length)) void part;
    },
    async finish() {
      while ((await next()) !== null);
    },
    close() {
      file.destroy();
      unpacked.destroy();
    },
  };
}

function ended(path: string): VogError {
  return new VogError('FORMAT_TRUNCATED', `${path} ends before its contents do: download it again.`);
}

function broken(path: string, error: unknown): VogError {
  const reason = error instanceof Error ? error.message : String(error);
  return new VogError('FORMAT_INVALID', `${path} cannot be unpacked (${reason}): download it again.`, { cause: error });
}
