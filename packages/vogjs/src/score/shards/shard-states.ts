import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Tracker } from '@vogjs/core';
import { checkSavedStates } from '@vogjs/core/engine';
import { fileStep, PIECE_BYTES, replaceFile, withFile } from '@vogjs/formats/files';
import { isStored } from '../../stored.js';
import { putFile, type ShardFile, statesOf } from './place.js';
import { damaged, undamaged } from './shard-file.js';

/**
 * Saves the states of a shard by checkpoints, whole or not at all. To a store they go by way of a file, so that there is
 * one copy of them in memory beside the tensors.
 *
 * @param work folder for that file, whose owner removes it
 * @param isDamaged whether what a store has is to be replaced
 * @throws VogError FILE_FAILED, DISK_FULL, and those of the storage
 */
export async function saveStates(tracker: Tracker, states: ShardFile, work: string, isDamaged: boolean): Promise<void> {
  if (!isStored(states.path)) return tracker.save(states.path);
  const here = join(work, basename(states.name));
  await tracker.save(here);
  const bytes = await withFile(here, async (source) => {
    const all = new Uint8Array(source.size);
    await source.read(0, all);
    return all;
  });
  await putFile(states, bytes, isDamaged);
}

/**
 * Has `use` read the states of shards by checkpoints as files: of those in a store there are copies meanwhile. Every byte
 * of them has been checked.
 *
 * @param work folder for copies
 * @throws VogError SHARD_DAMAGED, FILE_FAILED, DISK_FULL, and those of the storage
 */
export async function withStates<T>(
  shards: readonly ShardFile[],
  work: string,
  use: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const copies: string[] = [];
  try {
    const paths: string[] = [];
    for (const states of shards.map(statesOf)) {
      const { storage, name, path } = states;
      const size = await storage.size(name);
      if (size === null) throw damaged(path, 'it is not there, and its shard is');
      const here = isStored(path) ? join(work, basename(name)) : path;
      if (here !== path) {
        copies.push(here);
        await copy(states, size, here);
      }
      await undamaged(path, () => checkSavedStates(here));
      paths.push(here);
    }
    return await use(paths);
  } finally {
    for (const path of copies) await rm(path, { force: true });
  }
}

/** A piece at a time. One that changes meanwhile does not match its checksum. */
async function copy({ storage, name }: ShardFile, size: number, here: string): Promise<void> {
  const folder = join(here, '..');
  await fileStep('written', folder, () => mkdir(folder, { recursive: true }));
  await replaceFile(here, async (sink) => {
    for (let start = 0; start < size; start += PIECE_BYTES) {
      const end = Math.min(size, start + PIECE_BYTES);
      await sink.write(start, await storage.read(name, { start, end }));
    }
  });
}
