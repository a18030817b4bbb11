import { VogError } from '@vogjs/base';
import type { StoredFile } from '../bucket.js';
import { absent, checkName, type RunStorage } from '../storage.js';
import { parseS3 } from './address.js';
import { type Called, S3Client } from './client.js';
import { S3Files } from './files.js';
import { listFiles } from './list.js';
import { putInParts } from './multipart.js';
import type { Environment } from './profile.js';
import { WAITS, type Waits } from './waits.js';

/** How a store is talked to; tests have ways of their own. */
export interface S3Ways {
  readonly environment?: Environment;
  readonly waits?: Waits;
  /** Bytes that are read or written at once. */
  readonly pieceBytes?: number;
}

/** At least 5 MiB, which stores demand of parts. */
const PIECE = 2 ** 24;
/** Times that a file which is changed by somebody else is read, or added to, again. */
const TURNS = 50;

/**
 * A run in an S3-compatible store. Keys, region and endpoint come from the environment or AWS's shared files, each time
 * that they are needed.
 *
 * @param place `s3://bucket/prefix`
 * @throws VogError STORAGE_ADDRESS
 */
export function s3Storage(place: string, ways: S3Ways = {}): Required<RunStorage> {
  const { environment = globalThis.process?.env ?? {}, waits = WAITS, pieceBytes = PIECE } = ways;
  const address = parseS3(place);
  const client = new S3Client(address, environment, waits);
  const keyOf = (name: string): string => address.prefix + checkName(name);
  const whatOf = (name: string, what: string): string => `${address.shown}/${name} cannot be ${what}`;
  const files = new S3Files(client);
  const head = (name: string): Promise<StoredFile | null> => files.find(keyOf(name), whatOf(name, 'read'));

  /** Bytes of a file as it was; null where it has changed since. */
  const readPieces = async (name: string, file: StoredFile, start: number, end: number): Promise<Uint8Array | null> => {
    const whole = new Uint8Array(Math.max(0, end - start));
    for (let from = start; from < end; from += pieceBytes) {
      const part = await files.part(file, from, Math.min(end, from + pieceBytes), whatOf(name, 'read'));
      if (part === null) return null;
      whole.set(part.bytes, from - start);
    }
    return whole;
  };

  const readAt = async (
    name: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<{ readonly bytes: Uint8Array; readonly version: string } | null> => {
    for (let turn = 0; turn < TURNS; turn++) {
      const found = await head(name);
      if (found === null) return null;
      const end = Math.min(found.size, range?.end ?? found.size);
      const bytes = await readPieces(name, found, range?.start ?? 0, end);
      if (bytes !== null) return { bytes, version: found.version };
    }
    throw busy(whatOf(name, 'read'));
  };

  /** Gives the number of the answer, 200, or 409 or 412 where the conditions do not hold, and how often it was asked before. */
  const put = async (
    name: string,
    content: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Pick<Called, 'status' | 'before'>> => {
    const [key, what] = [keyOf(name), whatOf(name, 'written')];
    if (content.length > pieceBytes) {
      return { status: await putInParts(client, { key, content, partBytes: pieceBytes, headers, what }), before: 0 };
    }
    const conditions = Object.keys(headers).length > 0 ? [409, 412] : [];
    return client.call({ method: 'PUT', key, headers, body: content, accepts: conditions, what });
  };

  return {
    place: address.shown,
    async list(prefix) {
      const what = `The files of ${address.shown} cannot be listed`;
      const { files: listed } = await listFiles(client, address.prefix + prefix, what);
      return listed
        .map(({ key }) => key.slice(address.prefix.length))
        .filter((name) => name !== '' && !name.endsWith('/'))
        .toSorted((a, b) => Number(a > b) - Number(a < b));
    },
    size: async (name) => (await head(name))?.size ?? null,
    async read(name, range) {
      const found = await readAt(name, range);
      if (found === null) throw absent(address.shown, name);
      return found.bytes;
    },
    async write(name, content) {
      await put(name, content);
    },
    async create(name, content) {
      for (let turn = 0; turn < TURNS; turn++) {
        const { status } = await put(name, content, { 'if-none-match': '*' });
        if (status < 300) return true;
        if (status === 412) return false;
        // 409: somebody is at it in this moment.
      }
      throw busy(whatOf(name, 'written'));
    },
    async append(name, content) {
      let written: Uint8Array | null = null;
      for (let turn = 0; turn < TURNS; turn++) {
        const found = await readAt(name);
        // An answer that was lost on its way: what was written is there, and perhaps more behind it.
        if (written !== null && found !== null && beginsWith(found.bytes, written)) return;
        const next = joined(found?.bytes ?? new Uint8Array(), content);
        const condition = found === null ? { 'if-none-match': '*' } : { 'if-match': found.version || '*' };
        const { status } = await put(name, next, condition as Readonly<Record<string, string>>);
        if (status < 300) return;
        written = next;
      }
      throw busy(whatOf(name, 'written'));
    },
    async remove(name) {
      await client.call({ method: 'DELETE', key: keyOf(name), accepts: [404], what: whatOf(name, 'removed') });
    },
  };
}

function busy(what: string): VogError {
  return new VogError(
    'STORAGE_UNREACHABLE',
    `${what}: other processes changed it ${TURNS} times meanwhile. Give the same command again when fewer of them write.`,
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function beginsWith(whole: Uint8Array, first: Uint8Array): boolean {
  return whole.length >= first.length && first.every((byte, at) => whole[at] === byte);
}
