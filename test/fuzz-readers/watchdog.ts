import { Worker } from 'node:worker_threads';

/** Says what runs, so that a hang can be told from outside of the thread that hangs. */
export interface Watchdog {
  starts(what: string): void;
  stop(): Promise<void>;
}

const LONGEST = 8192;

/**
 * A hung reader cannot be stopped from inside: the process ends, and says at which input. Seconds of the processor, which
 * other processes do not change; and by the clock, for one that waits for ever.
 */
const MOST_BUSY = 30;
const MOST_WAITED = 240;

/** In a thread of its own: the same start for too long ends the process, which then fails its tests with this text. */
const SCRIPT = `
const { workerData: { shared, what } } = require('node:worker_threads');
const [starts] = [new Int32Array(shared, 0, 2)];
let last = -1;
let since = Date.now();
let used = process.cpuUsage();
setInterval(() => {
  const now = Atomics.load(starts, 0);
  const { user, system } = process.cpuUsage(used);
  const waited = (Date.now() - since) / 1000;
  if (now !== last) {
    last = now;
    since = Date.now();
    used = process.cpuUsage();
  } else if (user + system > ${MOST_BUSY * 1e6} || waited > ${MOST_WAITED}) {
    const text = Buffer.from(new Uint8Array(shared, 8, Atomics.load(starts, 1))).toString();
    require('node:fs').writeSync(2, what + ' hung for ' + Math.round(waited) + ' s at ' + text + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, 250);
`;

export function watch(what: string): Watchdog {
  const shared = new SharedArrayBuffer(8 + LONGEST);
  const starts = new Int32Array(shared, 0, 2);
  const text = new Uint8Array(shared, 8);
  const worker = new Worker(SCRIPT, { eval: true, execArgv: [], workerData: { shared, what } });
  worker.unref();
  return {
    starts(now) {
      const bytes = new TextEncoder().encode(now).subarray(0, LONGEST);
      text.set(bytes);
      Atomics.store(starts, 1, bytes.length);
      Atomics.add(starts, 0, 1);
    },
    async stop() {
      await worker.terminate();
    },
  };
}
