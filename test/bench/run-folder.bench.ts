// The run folder at 100,000 and 1,000,000 examples by 40 columns: written, opened, a column read, and the memory it takes.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRun, openRun, type ScoresToWrite } from '@vogjs/run';
import { seededRandom } from '@vogjs/base';
import { machineLine, roundsOr, spreadOf, table } from './harness.js';

const COLUMNS = 40;

interface Setting {
  readonly examples: number;
  readonly rounds: number;
  /** Milliseconds and MiB that must not be passed by the best round; a busy machine slows the others. */
  readonly limits?: { readonly write: number; readonly open: number; readonly memory: number };
}

/** Milliseconds of one piece of work. */
async function timed<T>(work: () => Promise<T>): Promise<{ readonly milliseconds: number; readonly result: T }> {
  const begun = performance.now();
  const result = await work();
  return { milliseconds: performance.now() - begun, result };
}

/** MiB above the resident size before, at most, while something is done. */
async function peakOf(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage().rss);
  };
  const timer = setInterval(look, 5);
  await work();
  look();
  clearInterval(timer);
  return (peak - before) / 2 ** 20;
}

async function measure({ examples, rounds, limits }: Setting): Promise<void> {
  const random = seededRandom(1);
  const scores = Array.from({ length: COLUMNS }, (_, at): ScoresToWrite => {
    const values = Float32Array.from({ length: examples }, () => random.uniform());
    return { metric: `m${at}`, column: `m${at}`, window: 'complete', hardDirection: 'high', checkpoints: 5, values };
  });
  const ids = Array.from({ length: examples }, (_, i) => `class-${i % 10}/image-${i}.png`);
  const labels = Int32Array.from({ length: examples }, (_, i) => i % 10);
  const times: Record<'write' | 'write, of the processor' | 'open' | 'column' | 'ids', number[]> = {
    write: [],
    'write, of the processor': [],
    open: [],
    column: [],
    ids: [],
  };
  let memory = 0;
  let bytes = 0;
  for (let round = 0; round < rounds; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'vogjs-bench-run-'));
    try {
      const peak = await peakOf(async () => {
        const begun = process.cpuUsage();
        const { milliseconds } = await timed(async () => {
          const run = await createRun(folder, { examples });
          await run.scores({ ids, paths: ids, labels, predicted: labels, scores });
          await run.finish();
        });
        times.write.push(milliseconds);
        const { user, system } = process.cpuUsage(begun);
        times['write, of the processor'].push((user + system) / 1000);
      });
      // Later rounds reuse what the first one took.
      if (round === 0) memory = peak;
      bytes = (await stat(join(folder, 'scores.parquet'))).size;
      const opened = await timed(async () => (await openRun(folder)).scores());
      times.open.push(opened.milliseconds);
      times.column.push((await timed(() => opened.result.values('m7'))).milliseconds);
      times.ids.push((await timed(() => opened.result.ids())).milliseconds);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const rows = Object.entries(times).map(([name, list]) => {
    const { median, min, max } = spreadOf(list);
    const limit = name === 'write' || name === 'open' ? limits?.[name] : undefined;
    return [name, median.toFixed(0), `${min.toFixed(0)} - ${max.toFixed(0)}`, verdict(min, limit)];
  });
  rows.push(['MiB more, writing', memory.toFixed(0), '', verdict(memory, limits?.memory)]);
  const size = (bytes / 2 ** 20).toFixed(1);
  console.log(`\n${examples} examples x ${COLUMNS} columns, ${size} MiB on the disk (${rounds} rounds)`);
  console.log(table([['', 'median ms', 'min - max', 'target'], ...rows]));
}

function verdict(value: number, limit: number | undefined): string {
  if (limit === undefined) return '';
  if (value > limit) process.exitCode = 1;
  return `at most ${limit}: ${value > limit ? 'MISSED' : 'met'}`;
}

console.log(machineLine('none'));
await measure({ examples: 100_000, rounds: roundsOr(5), limits: { write: 3000, open: 300, memory: 300 } });
await measure({ examples: 1_000_000, rounds: 1 });
