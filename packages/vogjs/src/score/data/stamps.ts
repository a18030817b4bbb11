import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Tells files from what they were before, by size and time of change: reading every byte again would take minutes. Of a
 * folder, such as a saved model's, the files in it.
 */
export async function stampsOf(paths: readonly string[]): Promise<string[]> {
  const stamps: string[] = [];
  for (const path of paths) {
    const found = await stat(path);
    if (!found.isDirectory()) stamps.push(`${found.size} ${found.mtimeMs}`);
    else stamps.push(...(await stampsOf((await readdir(path)).toSorted().map((name) => join(path, name)))));
  }
  return stamps;
}
