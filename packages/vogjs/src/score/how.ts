import { kebab } from '../command/flags.js';
import { UsageError } from '../usage-error.js';
import { QUEUE_OPTIONS } from './config/queue-options.js';

/** Refuses what was typed of how to run, where one thing makes nonsense of another. */
export function refuseContradictoryWays(given: Readonly<Record<string, unknown>>): void {
  const has = (name: string): boolean => given[name] !== undefined && given[name] !== false;
  if (has('resume') && has('plan')) {
    throw new UsageError('--plan writes nothing, so there is nothing for it to resume.');
  }
  if (has('resume') && has('config')) {
    throw new UsageError('--resume goes on with what the run was begun with: leave out --config.');
  }
  if (has('shard') && has('workers')) {
    throw new UsageError('--workers scores all shards, and --shard one. Leave one of them out.');
  }
  if (has('by') && !['shard', 'workers', 'queue'].some(has)) {
    throw new UsageError('--by says what is split: give --shard i/n, --workers n or --queue with it.');
  }
  if (has('shard') && has('resume')) {
    throw new UsageError('A shard goes on by itself: give the same command again, without --resume.');
  }
  if (has('shard') && has('failAbove')) {
    throw new UsageError('What was found is known when all shards are: give --fail-above to vogjs merge.');
  }
  if (has('port') && !has('live')) throw new UsageError('--port is the port of --live: give both, or none.');
  if (has('live') && ['plan', 'shard', 'workers', 'queue'].some(has)) {
    throw new UsageError(
      '--live shows what this process scores, whole: leave out --plan, --shard, --workers and --queue.',
    );
  }
  const ofQueue = Object.keys(QUEUE_OPTIONS).filter((name) => name !== 'queue');
  if (!has('queue')) {
    const stray = ofQueue.find(has);
    if (stray !== undefined) throw new UsageError(`--${kebab(stray)} is for --queue. Leave it out.`);
    return;
  }
  const other = ['shard', 'workers', 'resume', 'plan'].find(has);
  if (other !== undefined) {
    throw new UsageError(
      `--queue leaves the work to workers elsewhere, who know no --${other}. Leave one of them out.`,
    );
  }
  if (!has('shards')) {
    throw new UsageError(
      '--queue needs --shards: in how many parts workers are to do it, such as four for each worker.',
    );
  }
}
