import { readFile } from 'node:fs/promises';
import { VogError } from '@vogjs/base';
import { fileStep } from '@vogjs/formats/files';

/**
 * What a file holds. A reader of a format sees bytes alone: what it refuses gets the name of the file in front.
 *
 * @throws VogError FILE_FAILED, and those of `parse`
 */
export async function parsedFile<T>(path: string, parse: (bytes: Uint8Array) => T | Promise<T>): Promise<T> {
  const bytes = await fileStep('read', path, () => readFile(path));
  try {
    return await parse(bytes);
  } catch (error) {
    if (!(error instanceof VogError)) throw error;
    throw new VogError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
