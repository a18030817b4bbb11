import { readFile, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { VogError } from '@vogjs/base';

/** Reads a header below `include/`; null when there is none of that name. */
export type HeaderReader = (path: string) => Promise<Buffer | null>;

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]/gm;

/** The TensorFlow headers that an add-on's sources include by name. */
export async function includedHeaders(sources: string): Promise<string[]> {
  const roots = new Set<string>();
  for (const name of await readdir(sources)) {
    if (!/\.(cc|h)$/.test(name)) continue;
    const text = await readFile(join(sources, name), 'utf8');
    for (const [, path = ''] of text.matchAll(INCLUDE)) if (path.startsWith('tensorflow/')) roots.add(path);
  }
  return [...roots].sort();
}

/**
 * The roots and all that they include in turn: which files these are differs from version to version of TensorFlow.
 * What an include names and is not there belongs to the system, or to another platform.
 *
 * @throws VogError TENSORFLOW_HEADERS_MISSING when a root is not there
 */
export async function collectHeaders(
  roots: readonly string[],
  read: HeaderReader,
  source: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const headers = new Map<string, Buffer>();
  const visit = async (path: string): Promise<boolean> => {
    if (headers.has(path)) return true;
    const content = await read(path);
    if (content === null) return false;
    headers.set(path, content);
    for (const [, included = ''] of content.toString('latin1').matchAll(INCLUDE)) {
      const beside = posix.join(posix.dirname(path), included);
      if (!(await visit(included)) && !beside.startsWith('..')) await visit(beside);
    }
    return true;
  };
  for (const root of roots) {
    if (await visit(root)) continue;
    throw new VogError(
      'TENSORFLOW_HEADERS_MISSING',
      `${source} lacks the header ${root}, which the add-on is built with: take a TensorFlow with its include folder, such as the tensorflow or tensorflow-cpu wheel for Linux.`,
    );
  }
  return headers;
}
