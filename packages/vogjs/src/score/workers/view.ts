import process from 'node:process';

/** One line for all workers; it is silent where there is no terminal. */
export interface View {
  /** Passes of examples that a worker has done. */
  readonly progress: (worker: number, done: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

const EVERY = 100;
const CLEAR = '\r\u001B[K';

/**
 * @param total passes of examples of all workers together
 * @param what they are called
 */
export function viewOf(
  workers: number,
  total: number,
  what = 'workers',
  stream: NodeJS.WriteStream = process.stderr,
): View {
  const done = new Map<number, number>();
  const started = performance.now();
  let before = 0;
  let drawn = 0;
  return {
    progress(worker, of) {
      // What was done before is no speed.
      if (!done.has(worker)) before += of;
      done.set(worker, of);
      const sum = [...done.values()].reduce((all, each) => all + each, 0);
      const now = performance.now();
      if (!stream.isTTY || now - drawn < EVERY) return;
      drawn = now;
      const rate = (sum - before) / ((now - started) / 1000);
      const left = rate > 0 ? `, ${Math.ceil((total - sum) / rate)} s left` : '';
      const share = ((100 * sum) / Math.max(1, total)).toFixed(1);
      stream.write(`${CLEAR}${workers} ${what}: ${share} %, ${Math.round(rate)} examples/s${left}`);
    },
    end: () => void (stream.isTTY && stream.write(CLEAR)),
  };
}
