import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunStorage } from '@vogjs/run';
import { isStored } from '../../stored.js';

/** What is kept in `states/` until the run is complete. */
const OURS =
  /^((tracker|joined)\.safetensors|writable|fold-\d+\.npy|ood-[0-9a-f]+-\d+-\d+\.safetensors|shard-(checkpoints-)?\d+-\d+-[0-9a-f]{16}(\.state)?(\.safetensors)?)$/;

/** Takes away what a run that is complete needs no more; whatever else is in there is not ours. */
export async function removeStates(storage: RunStorage, folder: string): Promise<void> {
  if (isStored(folder)) {
    const names = await storage.list('states/');
    for (const name of names) if (OURS.test(name.slice('states/'.length))) await storage.remove(name);
    return;
  }
  const states = join(folder, 'states');
  const kept = await readdir(states).catch(() => []);
  for (const name of kept) if (OURS.test(name)) await rm(join(states, name), { recursive: true, force: true });
  await rmdir(states).catch(() => {});
}
