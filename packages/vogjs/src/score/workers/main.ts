// A worker of `vogjs score --workers`: scores one shard, and tells the process that started it how far it is.
import process from 'node:process';
import { VogError } from '@vogjs/base';
import type { Tracker } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { prepare } from '../prepare.js';
import { scorePart } from '../score-part.js';
import type { Rows } from '../shards/cut.js';
import type { WorkerJob, WorkerMessage } from './messages.js';

const HEARTBEAT = 5000;

// Whoever started it is gone: nobody would read what it finds, and what is done is on the disk.
process.on('disconnect', () => process.exit(1));
const heart = setInterval(() => void tell({ kind: 'alive' }), HEARTBEAT);
const job = await new Promise<WorkerJob>((resolve) => process.once('message', (given) => resolve(given as WorkerJob)));
await tell(await work(job));
clearInterval(heart);
// A backend's threads and handles would keep the process.
process.exit(0);

async function work({ config, folder, shard, backend: name }: WorkerJob): Promise<WorkerMessage> {
  try {
    const backend = await selectBackend(name);
    const done = await scorePart({ config, work: await prepare(config), folder, shard, backend, watch });
    if (done === null) return { kind: 'failed', code: null, message: 'The run was completed by somebody else.' };
    return { kind: 'done', path: done.path };
  } catch (error) {
    if (!(error instanceof VogError)) throw error;
    return { kind: 'failed', code: error.code, message: error.message };
  }
}

function watch(tracker: Tracker, { start, end }: Rows): () => void {
  return tracker.on('progress', ({ done }) => {
    const before = (tracker.observed?.epoch ?? -1) + 1;
    void tell({ kind: 'progress', done: before * (end - start) + done });
  });
}

/** Resolves when it has left; to nobody it is no error. */
function tell(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}
