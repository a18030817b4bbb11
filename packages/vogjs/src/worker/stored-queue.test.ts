// Only with --all: it starts a Redis, moto's server and workers, and kills one
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { openStorage, type RunStorage } from '@vogjs/run';
import { missingServer, startServer } from '@vogjs/testing/servers';
import { startS3Server } from '@vogjs/testing/s3-server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../command-line.test.helper.js';
import { contentsOf, scoreOf, writeCheckpoints } from '../score/shards/shards.test.helper.js';
import { start, type Started } from './started.test.helper.js';

const test = suite('workers of a queue, with the run in a store');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-stored-queue-'));
const data = join(folder, 'data');
const whole = join(folder, 'whole');
const SHARDS = 8;
const ASKED = ['--metrics', 'all', '--chunk-size', '10', '--backend', 'cpu'];
const kept = { ...process.env };
test.after(() => {
  process.env = kept;
  rmSync(folder, { recursive: true, force: true });
});

/** Brings the files that are compared here. */
async function fetched(storage: RunStorage): Promise<string> {
  const here = join(folder, 'fetched');
  mkdirSync(here);
  for (const name of ['run.json', 'scores.parquet', 'trajectories.parquet', 'issues.json']) {
    writeFileSync(join(here, name), await storage.read(name));
  }
  return here;
}

const missing = missingServer('redis');
const check = missing === null ? test : (name: string, _run: () => Promise<void>) => test.skip(`${name}: ${missing}`);

check('shards go into the bucket whoever makes them, and the run is the unsharded one to the last bit', async () => {
  await writeCheckpoints(data, { examples: 10 * SHARDS, checkpoints: 4 });
  const { code, error } = await vogjs(...scoreOf(data, ...ASKED, '--out', whole));
  assert.is(code, 0, error);
  const [redis, store] = await Promise.all([startServer('redis'), startS3Server()]);
  Object.assign(process.env, store.writer, { HOME: folder, TMPDIR: folder });
  const out = `s3://${store.bucket}/queued`;
  const storage = await openStorage(out);
  const hidden = { VOGJS_QUEUE: redis.url };
  const work = (environment = {}): Started =>
    start(['worker', '--queue', '--lease', '10', '--idle', '10'], { ...hidden, ...environment });
  const run = start([...scoreOf(data, ...ASKED, '--out', out), '--queue', '--shards', String(SHARDS)], hidden);
  // One that may not write leaves its shards to the others, which begin when it has said so.
  const unfit = work(store.reader);
  const workers: Started[] = [];
  const all = (): string => [run, unfit, ...workers].map((each) => each.said()).join('\n---\n');
  try {
    await unfit.ended;
    workers.push(work());
    for (let tries = 0; (await storage.list('states/shard-')).length < 2 && run.child.exitCode === null; tries++) {
      assert.ok(tries < 1200, all());
      await wait(100);
    }
    workers[0]?.child.kill('SIGKILL');
    workers.push(work());
    const ended = await run.ended;
    assert.is(ended.code, 0, all());
    assert.equal(contentsOf(await fetched(storage)), contentsOf(whole));
    assert.equal(await storage.list('states/'), []);
    assert.match(all(), /states\/writable cannot be written.*STORAGE_FORBIDDEN/);
    for (const secret of store.secrets) {
      assert.not.ok(all().includes(secret));
      assert.not.ok(readFileSync(join(folder, 'fetched/run.json'), 'utf8').includes(secret));
    }
  } finally {
    for (const each of [run, unfit, ...workers]) each.child.kill('SIGKILL');
    await redis.remove();
    store.close();
  }
});

test.run();
