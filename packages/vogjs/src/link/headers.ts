import { readFile, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { VogError } from '@vogjs/base';

/** Reads a header below `include/`; null when there is none of that name. */
export type HeaderReader = (path: string) => Promise<Buffer | null>;

/** No part of it matches a line's end: a line is gone over once. */
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*["<]([^">\r\n]+)[">]/gm;

/** Bytes of all headers together; those of TensorFlow's C interface are not a hundredth of it. */
const MOST_BYTES = 2 ** 24;

/** The TensorFlow headers that an add-on's sources include by name. */
export async function includedHeaders(sources: string): Promise<string[]> {
  const roots = new Set<string>();
  for (const name of await readdir(sources)) {
    if (!name.endsWith('.cc') && !name.endsWith('.h')) continue;
    const text = await readFile(join(sources, name), 'utf8');
    for (const [, path = ''] of text.matchAll(INCLUDE)) if (path.startsWith('tensorflow/')) roots.add(path);
  }
  return [...roots].sort();
}

/**
 * The roots and all that they include in turn: which files these are differs from version to version of TensorFlow.
 * What an include names and is not there belongs to the system, or to another platform. So does what it names outside
 * of `include/`: a path that leads there is neither read nor copied.
 *
 * @returns contents by their path below `include/`, none of which leaves it
 * @throws VogError TENSORFLOW_HEADERS_MISSING when a root is not there, FORMAT_INVALID when they are too large together
 */
export async function collectHeaders(
  roots: readonly string[],
  read: HeaderReader,
  source: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const headers = new Map<string, Buffer>();
  const missing = new Set<string>();
  let bytes = 0;
  /** Whether there is such a header, which is then among `headers`. */
  const find = async (named: string): Promise<boolean> => {
    const path = insidePath(named);
    if (path === null || missing.has(path)) return false;
    if (headers.has(path)) return true;
    const content = await read(path);
    if (content === null) {
      missing.add(path);
      return false;
    }
    bytes += content.length;
    if (bytes > MOST_BYTES) {
      throw new VogError('FORMAT_INVALID', `${source} has headers of more than ${MOST_BYTES} bytes: is it TensorFlow?`);
    }
    headers.set(path, content);
    return true;
  };
  for (const root of roots) {
    if (await find(root)) continue;
    throw new VogError(
      'TENSORFLOW_HEADERS_MISSING',
      `${source} lacks the header ${root}, which the add-on is built with: take a TensorFlow with its include folder, such as the tensorflow or tensorflow-cpu wheel for Linux.`,
    );
  }
  // The map grows while it is gone through, by what its headers include.
  for (const [path, content] of headers) {
    for (const [, included = ''] of content.toString('latin1').matchAll(INCLUDE)) {
      if (!(await find(included))) await find(posix.join(posix.dirname(path), included));
    }
  }
  return headers;
}

/** The path below `include/` without `.` and `..`; null when it is absolute or leads out. */
function insidePath(path: string): string | null {
  const normal = posix.normalize(path);
  const leaves = normal === '.' || normal === '..' || normal.startsWith('../') || posix.isAbsolute(normal);
  return leaves || path.includes('\\') || path.includes('\0') ? null : normal;
}
