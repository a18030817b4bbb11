// Only with --all: it starts a dozen processes and waits for one that is silent
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WorkerJob } from './scorer.js';
import { runWorkers } from './pool.js';

const test = suite('the pool of workers');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-pool-'));
test.after(() => rmSync(folder, { recursive: true }));

/** A worker that notes its start and then does as it is told. */
function program(name: string, then: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { appendFileSync, readFileSync } from 'node:fs';
process.on('disconnect', () => process.exit(1));
process.on('message', ({ shard: { index } }) => {
  const starts = ${JSON.stringify(join(folder, name))} + index;
  appendFileSync(starts, process.pid + '\\n');
  const count = readFileSync(starts, 'utf8').trim().split('\\n').length;
  const tell = (message) => process.send(message);
  ${then}
});
`,
  );
  return path;
}

const startsOf = (name: string, index: number): string[] =>
  readFileSync(join(folder, `${name}${index}`), 'utf8')
    .trim()
    .split('\n');
const jobs = (count: number): WorkerJob[] =>
  Array.from({ length: count }, (_, at) => ({ shard: { index: at + 1, of: count } }) as unknown as WorkerJob);

async function run(name: string, then: string, count: number, more = {}) {
  const lines: string[] = [];
  const done = new Map<number, number>();
  const options = {
    program: program(name, then),
    tell: (line: string) => void lines.push(line),
    progress: (worker: number, of: number) => void done.set(worker, of),
    rest: 1,
    ...more,
  };
  const result = await runWorkers(jobs(count), options).catch((error: unknown) => error as VogError);
  return { result, lines, done };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('what workers made is given in the order of the jobs, whoever is first', async () => {
  const { result, lines, done } = await run(
    'well',
    `tell({ kind: 'progress', done: 10 * index });
     setTimeout(() => process.send({ kind: 'done', path: 'made ' + index }, () => process.exit(0)), 200 / index);`,
    3,
  );
  assert.equal(result, ['made 1', 'made 2', 'made 3']);
  assert.equal(lines, []);
  assert.equal(
    [...done.entries()].toSorted(([a], [b]) => a - b),
    [
      [0, 10],
      [1, 20],
      [2, 30],
    ],
  );
});

test('a worker that is killed is started again three times, and then named; none is left', async () => {
  const kills = `if (index === 2) process.kill(process.pid, 'SIGKILL'); else setInterval(() => {}, 1000);`;
  const { result, lines } = await run('killed', kills, 2);
  assert.instance(result, VogError);
  assert.is((result as VogError).code, 'WORKER_FAILED');
  assert.match((result as VogError).message, /worker of shard 2\/2 ended with SIGKILL/);
  assert.is(startsOf('killed', 2).length, 4);
  assert.is(lines.length, 3);
  assert.match(lines[2] as string, /started again, 3 of 3 times/);
  assert.equal([...startsOf('killed', 1), ...startsOf('killed', 2)].map(Number).filter(isAlive), []);
});

test('one that dies twice and then works is no failure, and what it said last is told', async () => {
  const dies = `if (count < 3) { console.error('out of luck'); process.exit(7); }
    process.send({ kind: 'done', path: 'late' }, () => process.exit(0));`;
  const { result, lines } = await run('late', dies, 1);
  assert.equal(result, ['late']);
  assert.is(lines.length, 2);
  assert.match(lines[0] as string, /shard 1\/1 ended with code 7/);
});

test('one that says nothing is ended: no wait is for ever', async () => {
  const { result } = await run('silent', 'setInterval(() => {}, 1000);', 1, { silence: 10_000, restarts: 0 });
  assert.match((result as VogError).message, /said nothing for too long/);
  assert.is(startsOf('silent', 1).length, 1);
  assert.equal(startsOf('silent', 1).map(Number).filter(isAlive), []);
});

test('an error that would come again is not tried again, and keeps its code', async () => {
  const fails = `process.send({ kind: 'failed', code: 'SHARD_UNFIT', message: 'too few' }, () => process.exit(0));`;
  const { result } = await run('fails', fails, 1);
  assert.is((result as VogError).code, 'SHARD_UNFIT');
  assert.is(startsOf('fails', 1).length, 1);
});

test.run();
