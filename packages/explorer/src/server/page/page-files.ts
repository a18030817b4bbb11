import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Answer } from '../http/answer.js';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Files of the page by address, `/` and `/assets/….js`: read once, so that no request ever names a path. */
export type PageFiles = ReadonlyMap<string, Answer>;

export async function readPageFiles(folder: string): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && extname(entry.name) in TYPES);
  const read = files.map(async (entry): Promise<[string, Answer]> => {
    const path = join(entry.parentPath, entry.name);
    const address = `/${relative(folder, path).split(sep).join('/')}`;
    const type = TYPES[extname(entry.name)] as string;
    // Names of built files hold a hash of their content.
    const headers = address.startsWith('/assets/') ? { 'cache-control': 'private, max-age=31536000, immutable' } : {};
    return [address === '/index.html' ? '/' : address, { type, body: await readFile(path), headers }];
  });
  return new Map(await Promise.all(read));
}
