import { VogError } from '@vogjs/base';
import { difference } from './facts.js';
import { type ShardFile, shardsOf } from './place.js';
import { readShardHead, type ShardHead } from './shard-file.js';

/** A shard that is done, as its head says. */
export interface FoundShard extends ShardFile {
  readonly head: ShardHead;
}

/** Most ranges that a message names. */
const SHOWN = 5;

/**
 * Finds the shards of a run, and checks that they are one run's and leave nothing out.
 *
 * @param only names of these alone; default all that are there
 * @throws VogError SHARDS_MISSING, SHARDS_OVERLAP, SHARDS_STRANGE, SHARD_DAMAGED, SHARD_VERSION
 */
export async function gatherShards(run: string, only?: readonly string[]): Promise<FoundShard[]> {
  const place = await shardsOf(run);
  const files = only?.map((name) => place.file(name)) ?? (await place.done());
  if (files.length === 0) {
    throw new VogError(
      'SHARDS_MISSING',
      `There are no shards in '${run}'. Make them with vogjs score … --out ${run} --shard 1/4 to 4/4, and bring all of them here.`,
    );
  }
  const found: FoundShard[] = [];
  for (const file of files) found.push({ ...file, head: await readShardHead(file) });
  refuseStrangers(found);
  found.sort((a, b) => spanOf(a).start - spanOf(b).start || spanOf(a).end - spanOf(b).end);
  refuseOverlaps(found);
  refuseGaps(run, found);
  return found;
}

function refuseStrangers(found: readonly FoundShard[]): void {
  // What most of them are is the run; of two that differ the first is.
  const groups = new Map<string, FoundShard[]>();
  for (const each of found) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  if (groups.size < 2) return;
  const [main = [], ...others] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  const ours = main[0] as FoundShard;
  const strangers = others.flat();
  const list = strangers
    .slice(0, SHOWN)
    .map(({ path, head }) => `${path} (${difference(head.facts, ours.head.facts)})`);
  throw new VogError(
    'SHARDS_STRANGE',
    `Shards of another run than ${ours.path}: ${list.join('; ')}${more(strangers.length)}. ` +
      'Remove them, or score these shards again with the same options, data, checkpoints, backend and version.',
  );
}

function keyOf({ head }: FoundShard): string {
  return JSON.stringify(Object.entries(head.facts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function refuseOverlaps(found: readonly FoundShard[]): void {
  const at = found.findIndex((each, i) => i > 0 && spanOf(each).start < spanOf(found[i - 1] as FoundShard).end);
  if (at === -1) return;
  const [first, second] = [found[at - 1], found[at]] as [FoundShard, FoundShard];
  const [before, after] = [spanOf(first), spanOf(second)];
  const isSame = before.start === after.start && before.end === after.end;
  const { noun } = after;
  throw new VogError(
    'SHARDS_OVERLAP',
    `${first.path} and ${second.path} both hold ${isSame ? `these ${noun}s, and not of the same content` : `${noun} ${after.start}`}. ` +
      (isSame
        ? 'Remove the one that is older than the data.'
        : 'Shards of one run are all i/n of one n: remove those of another.'),
  );
}

function refuseGaps(run: string, found: readonly FoundShard[]): void {
  const { of, noun } = spanOf(found[0] as FoundShard);
  const gaps: string[] = [];
  let last = 0;
  for (const { start, end } of [...found.map(spanOf), { start: of, end: of }]) {
    if (start > last) gaps.push(`${last} to ${start - 1}`);
    last = end;
  }
  if (gaps.length === 0) return;
  throw new VogError(
    'SHARDS_MISSING',
    `No shard in '${run}' holds the ${noun}s ${gaps.slice(0, SHOWN).join(', ')}${more(gaps.length)} of ${of}. ` +
      'Score the missing shards, and merge again: what is done stays.',
  );
}

/** What a shard holds of the whole run. */
interface Span {
  readonly noun: 'example' | 'checkpoint';
  readonly start: number;
  readonly end: number;
  readonly of: number;
}

function spanOf(shard: FoundShard): Span {
  const { rows, stretch } = shard.head;
  return stretch === undefined
    ? { noun: 'example', ...rows, of: examplesOf(shard) }
    : { noun: 'checkpoint', ...stretch };
}

/** Number of examples of the whole run. */
export function examplesOf({ head }: FoundShard): number {
  return Number.parseInt(head.facts.grid, 10);
}

function more(count: number): string {
  return count > SHOWN ? ` and ${count - SHOWN} more` : '';
}
