import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileStep } from '@vogjs/formats/files';
import { stampsOf } from './stamps.js';

/** SHA-256 of texts, in hexadecimal; where one ends counts. */
export function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

/** Hash of what files hold, and all files of folders, by their names: the same on every machine that has a copy. */
async function contentOf(paths: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const path of paths) found.push(...(await namedContent(path)));
  return hashOf(found);
}

/**
 * A hash that is worked out again when stamps have changed: a worker asks for it with every shard, and what is hashed may
 * be large.
 */
export function whenChanged(stampsNow: () => Promise<string[]>, hash: () => Promise<string>): () => Promise<string> {
  let known: { readonly stamps: string; readonly content: string } | null = null;
  return async () => {
    const stamps = JSON.stringify(await stampsNow());
    if (known?.stamps !== stamps) known = { stamps, content: await hash() };
    return known.content;
  };
}

/** `contentOf` of files that may change. */
export function contentOfFiles(paths: readonly string[]): () => Promise<string> {
  return whenChanged(
    () => fileStep('read', paths[0] ?? '', () => stampsOf(paths)),
    () => contentOf(paths),
  );
}

/** The name of a file or a folder, and the hash of what it holds. */
export async function namedContent(path: string): Promise<[name: string, hash: string]> {
  const isFolder = (await fileStep('read', path, () => stat(path))).isDirectory();
  const names = isFolder ? (await readdir(path)).toSorted() : [];
  const hash = await (isFolder ? contentOf(names.map((name) => join(path, name))) : fileHash(path));
  return [basename(path), hash];
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await fileStep('read', path, () => pipeline(createReadStream(path), hash));
  return hash.digest('hex');
}
