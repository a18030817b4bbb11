import type { Scoring } from '../follow/work.js';
import type { FoundShard } from './gather.js';
import { type Joined, joinShards } from './join.js';
import { joinStretches } from './join-stretches.js';

/**
 * Joins the shards of a run, whatever they are parts of.
 *
 * @throws VogError SHARD_DAMAGED, SHARDS_STRANGE, SHARD_UNFIT, FILE_FAILED, DISK_FULL, and those of the storage
 */
export async function joinFound(found: readonly FoundShard[], scoring: Scoring, folder: string): Promise<Joined> {
  const isByRows = (found[0] as FoundShard).head.facts.by === 'rows';
  return isByRows ? joinShards(found) : joinStretches(found, scoring, folder);
}
