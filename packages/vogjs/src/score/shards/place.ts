import { openStorage, type RunStorage } from '@vogjs/run';
import { pathIn } from '../../stored.js';

const FILE = /^states\/(shard-(checkpoints-)?\d+-\d+-[0-9a-f]{16}\.safetensors)$/;

/** Where a file of a shard is, or will be. */
export interface ShardFile {
  readonly storage: RunStorage;
  /** In the run. */
  readonly name: string;
  /** For people. */
  readonly path: string;
}

/** Where the states of a shard by checkpoints are, beside its file. */
export function statesOf({ storage, name, path }: ShardFile): ShardFile {
  const beside = (shard: string): string => shard.replace(/\.safetensors$/, '.state.safetensors');
  return { storage, name: beside(name), path: beside(path) };
}

/**
 * Writes a file of a shard whole, or not at all.
 *
 * @param isDamaged whether what is there is to be replaced; else the first writer wins, where a storage can tell
 */
export async function putFile({ storage, name }: ShardFile, bytes: Uint8Array, isDamaged: boolean): Promise<void> {
  if (isDamaged || storage.create === undefined) await storage.write(name, bytes);
  // Who was faster has written the same: the name says what is in it.
  else await storage.create(name, bytes);
}

/** Where the shards of a run are. */
export interface ShardPlace {
  readonly storage: RunStorage;
  file(name: string): ShardFile;
  /** The shards that are done, in the order of their names. */
  done(): Promise<ShardFile[]>;
}

/** @throws VogError STORAGE_ADDRESS */
export async function shardsOf(run: string): Promise<ShardPlace> {
  const storage = await openStorage(run);
  const file = (name: string): ShardFile => ({
    storage,
    name: `states/${name}`,
    path: pathIn(run, 'states', name),
  });
  return {
    storage,
    file,
    async done() {
      const names = await storage.list('states/shard-');
      return names.map((name) => FILE.exec(name)?.[1]).flatMap((name) => (name === undefined ? [] : [file(name)]));
    },
  };
}
