import { isRecord, parseJson } from '@vogjs/base';
import type { Bucket, StoredFile } from '@vogjs/run';

/** A model.json of more bytes is none. */
const MOST = 2 ** 28;

/** Names of the files, beside a model.json, that hold its weights; none where it is no such file: its loader says why. */
export async function weightFilesOf(bucket: Bucket, file: StoredFile): Promise<string[]> {
  const part = file.size > MOST || file.size === 0 ? null : await bucket.read(file, { start: 0, end: file.size });
  if (part === null) return [];
  try {
    const { weightsManifest } = parseJson(new TextDecoder().decode(part.bytes)) as Record<string, unknown>;
    const groups = Array.isArray(weightsManifest) ? weightsManifest : [];
    return groups
      .flatMap((group: unknown) => (isRecord(group) && Array.isArray(group['paths']) ? group['paths'] : []))
      .filter((path): path is string => typeof path === 'string');
  } catch {
    return [];
  }
}
