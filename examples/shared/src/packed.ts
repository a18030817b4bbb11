import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where this project's own tests look for data that may not be shipped: beside the repository. */
export const SHARED = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** Full path of a file beside the repository, by its path in there. */
export const sharedFile = (path: string): string => join(SHARED, path);

/** Whether a set of images, packed, lies beside the repository; `path` such as `cifar10/test_batch`. */
export const isPacked = (path: string): boolean => existsSync(sharedFile(`${path}.rgb32.gz`));

/** The standard binary file of a set that is packed beside the repository, unpacked with its own tool. */
export async function readPacked(path: string): Promise<Uint8Array> {
  const scratch = await mkdtemp(join(tmpdir(), 'vogjs-unpacked-'));
  try {
    const unpacked = join(scratch, 'records.bin');
    // Behind a link the tool would not see that it is the program that runs.
    const tool = await realpath(sharedFile('tools/rgb32.mjs'));
    await run(process.execPath, [tool, sharedFile(`${path}.rgb32.gz`), unpacked]);
    return await readFile(unpacked);
  } finally {
    await rm(scratch, { recursive: true });
  }
}
