import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = /^shard-(checkpoints-)?\d+-\d+-[0-9a-f]{16}\.safetensors$/;

/** Folder of shards in the folder of a run. */
export function shardsFolder(run: string): string {
  return join(run, 'states');
}

/** Where the states of a shard by checkpoints are, beside its file. */
export function statesOf(shard: string): string {
  return shard.replace(/\.safetensors$/, '.state.safetensors');
}

/** File of the joined states, while shards by checkpoints are merged. */
export function joinedStates(run: string): string {
  return join(shardsFolder(run), 'joined.safetensors');
}

/** Paths of the shards that are done, in the order of their names. */
export async function shardFiles(run: string): Promise<string[]> {
  const folder = shardsFolder(run);
  const names = await readdir(folder).catch(() => [] as string[]);
  return names
    .filter((name) => FILE.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}
