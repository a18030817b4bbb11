// A worker of the simulation: takes shards from the queue, and does nothing for a while with each. Killed at any time.
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { serveShards } from '@vogjs/queue';
import type { Said } from './simulate.js';

const { VOGJS_QUEUE: url = '', AT_ONCE = '1', SHARD_MS = '100', LEASE_MS = '2000' } = process.env;
const tell = (said: Said): void => void process.send?.(said);
// Whoever started it is gone, now or while this program was loaded.
process.on('disconnect', () => process.exit(1));
if (!process.connected) process.exit(1);

await serveShards(url, {
  work: async ({ index }, { signal }) => {
    tell({ kind: 'begun', index });
    await wait(Number(SHARD_MS), undefined, { signal }).catch(() => {});
    if (signal.aborted) return { kind: 'failed', why: 'left', again: true };
    tell({ kind: 'done', index });
    return { kind: 'done', made: `made ${index}` };
  },
  concurrency: Number(AT_ONCE),
  lease: Number(LEASE_MS),
  idle: 60_000,
  patience: 60_000,
  tell: () => {},
  beat: 1000,
});
process.exit(0);
