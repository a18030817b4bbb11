import { VogError } from '@vogjs/base';

/**
 * Node's files, without an import of `node:` that a browser bundle would trip over.
 */
function nodeFiles(): typeof import('node:fs/promises') {
  const files = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  if (files === undefined) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'There are no files here to save to or load from. In a browser use serialise(), which gives bytes, and load(bytes).',
    );
  }
  return files;
}

let saves = 0;

/**
 * Writes a file so that a crash at any moment leaves either the old content or the new, never a part: to a temporary
 * name in the same folder, flushed to the disk, then renamed.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const { open, rename, rm } = nodeFiles();
  // Two saves to the same path may be under way in one process.
  const temporary = `${path}.${globalThis.process.pid}.${++saves}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export async function readFileBytes(path: string): Promise<Uint8Array> {
  // A fresh buffer: small reads from Node's pool are not aligned for float views.
  return Uint8Array.from(await nodeFiles().readFile(path));
}
