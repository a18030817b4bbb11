// Only with --all: it starts a Redis and workers
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, missingServer, startServer } from '@vogjs/testing/servers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../command-line.test.helper.js';
import { numbersOf, ok, refused, scoreOf, writeCheckpoints } from '../score/shards/shards.test.helper.js';
import { start, type Started } from './started.test.helper.js';

const test = suite('what is wrong between vogjs score --queue and its workers');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-queue-bad-'));
/** Folders of three machines, in which the same relative paths name data; the second and third have other data. */
const [here, labelled, changed] = ['here', 'labelled', 'changed'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const whole = join(folder, 'whole');
const ASKED = ['--metrics', 'aum,vog', '--chunk-size', '10', '--backend', 'cpu'];
const missing = missingServer('redis');
const check = missing === null ? test : (name: string, _run: () => Promise<void>) => test.skip(`${name}: ${missing}`);

test.before(async () => {
  await writeCheckpoints(here, { examples: 30, checkpoints: 3 });
  for (const other of [labelled, changed]) cpSync(here, other, { recursive: true });
  const labels = join(labelled, 'labels.csv');
  writeFileSync(labels, readFileSync(labels, 'utf8').replace(/100,0/, '100,1'));
  const rows = readFileSync(join(changed, 'rows.npy'));
  rows[rows.length - 2]! ^= 1;
  writeFileSync(join(changed, 'rows.npy'), rows);
  await ok(...scoreOf(here, ...ASKED, '--out', whole));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const hidden = (url: string): NodeJS.ProcessEnv => ({ VOGJS_QUEUE: url });
// Longer than a crowded machine takes to start the other side: nothing here ends by waiting, and all are ended.
const work = (url: string, cwd: string): Started =>
  start(['worker', '--queue', '--lease', '10', '--idle', '5', '--patience', '5'], hidden(url), cwd);
const score = (url: string, out: string): Started =>
  start([...scoreOf('.', ...ASKED, '--out', out), '--queue', '--shards', '3', '--patience', '5'], hidden(url), here);

async function withQueue(use: (url: string, started: Started[]) => Promise<void>): Promise<void> {
  const server = await startServer('redis');
  const started: Started[] = [];
  try {
    await use(server.url, started);
    for (const { said } of started) assert.not.match(said(), server.password);
  } finally {
    for (const { child } of started) child.kill('SIGKILL');
    await server.remove();
  }
}

check(
  'a worker that sees other labels ends, WORKER_UNFIT, and names them; one that sees the same does its shards',
  () =>
    withQueue(async (url, started) => {
      const out = join(folder, 'labels-out');
      const run = score(url, out);
      const unfit = work(url, labelled);
      started.push(run, unfit);
      const { code, said } = await unfit.ended;
      assert.is(code, 1, said);
      assert.match(said, /other examples or labels than the process that asked for the shards/);
      assert.match(said, /WORKER_UNFIT/);
      started.push(work(url, here));
      const ended = await run.ended;
      assert.is(ended.code, 0, ended.said);
      assert.equal(await numbersOf(out), await numbersOf(whole));
    }),
);

check('shards of a worker whose rows have other numbers are refused by who joins them, SHARDS_STRANGE', () =>
  withQueue(async (url, started) => {
    const out = join(folder, 'rows-out');
    const run = score(url, out);
    started.push(run, work(url, changed));
    const { code, said } = await run.ended;
    assert.is(code, 1, said);
    assert.match(said, /shard-00000020-00000030-.* is of other numbers in its examples.*SHARDS_STRANGE/);
  }),
);

check('a shard file of another version fails its shard by name, and the others are done', () =>
  withQueue(async (url, started) => {
    const out = join(folder, 'version-out');
    await ok(...scoreOf(here, ...ASKED, '--out', out, '--shard', '2/3'));
    const [name] = readdirSync(join(out, 'states')) as [string];
    const path = join(out, 'states', name);
    const text = readFileSync(path, 'latin1').replace(String.raw`\"version\":1`, String.raw`\"version\":2`);
    writeFileSync(path, Buffer.from(text, 'latin1'));
    const worker = work(url, here);
    const run = score(url, out);
    started.push(worker, run);
    const { code, said } = await run.ended;
    assert.is(code, 1, said);
    assert.match(said, /1 of 3 shards failed each time/);
    assert.match(said, new RegExp(`Shard 2/3: .*${name} has version 2.*SHARD_VERSION`));
    assert.match(said, /SHARDS_FAILED/);
    assert.is(readdirSync(join(out, 'states')).filter((each) => each.endsWith('.safetensors')).length, 3);
    rmSync(path);
    const again = score(url, out);
    started.push(again);
    const ended = await again.ended;
    assert.is(ended.code, 0, `${ended.said}\n${worker.said()}`);
    assert.equal(await numbersOf(out), await numbersOf(whole));
  }),
);

check('shards that no worker takes are given up in time, QUEUE_UNATTENDED', () =>
  withQueue(async (url) => {
    const asked = [...scoreOf(here, ...ASKED, '--out', join(folder, 'nobody')), '--queue', url, '--shards', '3'];
    assert.match(await refused(...asked, '--patience', '0.03'), /Start workers.*QUEUE_UNATTENDED/);
  }),
);

test('a queue that is not reachable ends both sides within seconds, QUEUE_UNREACHABLE, without its password', async () => {
  const port = await freePort();
  for (const url of [`redis://:hidden@127.0.0.1:${port}`, `postgres://me:hidden@127.0.0.1:${port}/none`]) {
    const before = performance.now();
    for (const asked of [
      [...scoreOf(here, ...ASKED, '--out', join(folder, 'away')), '--queue', url, '--shards', '3'],
      ['worker', '--queue', url],
    ]) {
      const { code, out, error } = await vogjs(...asked);
      assert.is(code, 1, error);
      assert.match(error, /cannot be used.*QUEUE_UNREACHABLE/);
      assert.not.match(out + error, 'hidden');
    }
    assert.ok(performance.now() - before < 60_000);
  }
});

test('more shards than chunks are refused before the queue is asked, SHARD_UNFIT', async () => {
  const asked = [...scoreOf(here, ...ASKED, '--out', join(folder, 'many')), '--queue', 'redis://127.0.0.1:1'];
  assert.match(await refused(...asked, '--shards', '4'), /3 chunks of 10 examples, too few for 4 shards.*SHARD_UNFIT/);
  assert.not(existsSync(join(folder, 'many')), 'nothing is written');
});

test.run();
