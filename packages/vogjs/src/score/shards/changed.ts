import { basename } from 'node:path';
import { VogError } from '@vogjs/base';
import type { Scoring } from '../follow/work.js';
import { rowsContent } from './contents.js';
import { gridOf } from './cut.js';
import { difference, factsOf, nameOf, shardName } from './facts.js';
import type { FoundShard } from './gather.js';

/**
 * Refuses shards of something else than there is now: other options, names, labels or checkpoints, and other numbers in
 * their rows, which are read once more for it.
 *
 * @throws VogError SHARDS_STRANGE
 */
export async function refuseChanged(
  found: readonly FoundShard[],
  scoring: Scoring,
  { chunkSize, layout }: { readonly chunkSize?: number | undefined; readonly layout: string },
): Promise<void> {
  const { dataset } = scoring.following;
  const { facts } = (found[0] as FoundShard).head;
  const grid = gridOf(dataset, chunkSize);
  const ours = await factsOf(scoring, grid, facts.backend, layout, facts.by);
  // Shards by checkpoints have all rows, each of them.
  const all = facts.by === 'rows' ? null : await rowsContent(dataset, { start: 0, end: grid.examples }, grid);
  const refuse = (path: string, what: string): never => {
    throw new VogError(
      'SHARDS_STRANGE',
      `${path} is of ${what} than there is now. Bring back what it was made of, or score that shard again.`,
    );
  };
  for (const { path, head } of found) {
    const other = difference(head.facts, ours);
    if (other !== null) refuse(path, other);
    const name = all === null ? await shardName(dataset, facts, head, grid) : nameOf(facts, head, all);
    if (`${name}.safetensors` !== basename(path)) {
      refuse(path, 'other numbers in its examples');
    }
  }
}
