import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = /^shard-\d+-\d+-[0-9a-f]{16}\.safetensors$/;

/** Folder of shards in the folder of a run. */
export function shardsFolder(run: string): string {
  return join(run, 'states');
}

/** Paths of the shards that are done, in the order of their rows. */
export async function shardFiles(run: string): Promise<string[]> {
  const folder = shardsFolder(run);
  const names = await readdir(folder).catch(() => [] as string[]);
  return names
    .filter((name) => FILE.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}
