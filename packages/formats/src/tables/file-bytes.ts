import { requireBytes, VogError } from '@vogjs/base';
import { fileStep, nodeFiles } from '../files/files.js';

/** A file by its path (in Node), or its bytes. */
export type FileOrBytes = string | Uint8Array;

/** The bytes, and what to call them in messages. */
export async function bytesOfFile(where: string, file: FileOrBytes): Promise<{ bytes: Uint8Array; name: string }> {
  if (typeof file !== 'string') return { bytes: requireBytes(where, file), name: 'The file' };
  if (file === '') throw new VogError('ARGUMENT_INVALID', `${where}: the path is empty. Give the path of a file.`);
  const bytes = await fileStep('read', file, () => nodeFiles().readFile(file));
  return { bytes, name: `'${file}'` };
}
