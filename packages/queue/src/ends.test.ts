// Only with --all: it starts a Redis and a PostgreSQL
import type { VogError } from '@vogjs/base';
import { freePort, missingServer, startServer, type TestServer } from '@vogjs/testing/servers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressOf } from './address.js';
import { queueAt } from './engine.js';
import { openShardQueue, serveShards, type ShardJob, type Watching } from './index.js';
import { NAMES, VERSION } from './shard-job.js';
import { BEAT, errorOf, shardsOf, SHORT_LEASE, startWorker, SUBMISSION, until, working } from './queue.test.helper.js';

const watching: Watching = { patience: 60_000, every: BEAT, tell: () => {} };

for (const kind of ['redis', 'postgres'] as const) {
  const test = suite(`every wait for a queue has an end, on ${kind}`);
  const missing = missingServer(kind);
  const check = missing === null ? test : (name: string, _run: () => Promise<void>) => test.skip(`${name}: ${missing}`);
  let server: TestServer;
  const hides = ({ message }: VogError): void => assert.not.match(message, server.password);

  test.before(async () => {
    if (missing === null) server = await startServer(kind);
  });
  test.after(async () => {
    if (missing === null) await server.remove();
  });

  check('a server that is not there, and a wrong password, are told at once and show no password', async () => {
    const nowhere = server.url.replace(/:\d+\//, `:${await freePort()}/`);
    const wrong = server.url.replace(server.password, `${server.password}-no`);
    for (const url of [nowhere, wrong]) {
      const error = await errorOf(openShardQueue(url));
      assert.is(error.code, 'QUEUE_UNREACHABLE', error.message);
      hides(error);
      const worker = await startWorker(url, working([])).served;
      assert.is((worker as VogError).code, 'QUEUE_UNREACHABLE');
      hides(worker as VogError);
    }
  });

  check('a clock that is apart from the one of the server is refused', async () => {
    const { now } = Date;
    for (const [apart, words] of [
      [7200_000, /7200 s ahead of/],
      [-7200_000, /7200 s behind/],
    ] as const) {
      Date.now = () => now() + apart;
      try {
        const error = await errorOf(openShardQueue(server.url));
        assert.is(error.code, 'QUEUE_CLOCK', error.message);
        assert.match(error.message, words);
      } finally {
        Date.now = now;
      }
    }
  });

  check('shards that nobody takes are given up, and stay', async () => {
    const queue = await openShardQueue(server.url);
    const jobs = shardsOf('nobody', 3);
    await queue.submit(jobs, SUBMISSION, () => true);
    const error = await errorOf(queue.watch(jobs, SUBMISSION, { ...watching, patience: 500 }));
    assert.is(error.code, 'QUEUE_UNATTENDED');
    assert.match(error.message, /^3 of 3 shards .* Start workers: vogjs worker/);
    hides(error);
    const worker = startWorker(server.url, working([]));
    assert.is((await queue.watch(jobs, SUBMISSION, watching)).made.size, 3);
    worker.stop.abort();
    await worker.served;
    await queue.close();
  });

  check('a worker without work ends, one that is told to stop gives its shard back untried', async () => {
    assert.equal(await startWorker(server.url, working([]), { idle: 300 }).served, { done: 0, failed: 0, why: 'idle' });
    const queue = await openShardQueue(server.url);
    const jobs = shardsOf('back', 1);
    await queue.submit(jobs, { ...SUBMISSION, attempts: 1 }, () => true);
    const begun: number[] = [];
    const first = startWorker(server.url, working(begun, 60_000));
    await until(() => begun.length === 1);
    first.stop.abort();
    assert.equal(await first.served, { done: 0, failed: 0, why: 'stopped' });
    const second = startWorker(server.url, working(begun));
    assert.is((await queue.watch(jobs, SUBMISSION, watching)).made.get(1), 'made 1');
    second.stop.abort();
    await second.served;
    await queue.close();
  });

  check('a worker that cannot do the shards ends and says why, and another does them', async () => {
    const queue = await openShardQueue(server.url);
    const jobs = shardsOf('unfit', 3);
    await queue.submit(jobs, SUBMISSION, () => true);
    const unfit = startWorker(server.url, async () => ({ kind: 'unfit', why: 'There is no folder data/ here.' }));
    const error = (await unfit.served) as VogError;
    assert.is(error.code, 'WORKER_UNFIT');
    assert.match(error.message, /cannot do these shards.*no folder data/);
    const fit = startWorker(server.url, working([]));
    assert.is((await queue.watch(jobs, SUBMISSION, watching)).made.size, 3);
    fit.stop.abort();
    await fit.served;
    await queue.close();
  });

  check('shards in the form of another version are left to workers of that version, WORKER_UNFIT', async () => {
    const jobs = shardsOf('newer', 1);
    const queue = queueAt(addressOf(server.url));
    await queue.add(NAMES.shard, { version: VERSION + 1, ...(jobs[0] as ShardJob) }, { attempts: 1 });
    const begun: number[] = [];
    const error = (await startWorker(server.url, working(begun)).served) as VogError;
    assert.is(error.code, 'WORKER_UNFIT');
    assert.match(error.message, /another version of VoG\.js \(their form is 2, this worker knows 1\)/);
    assert.equal(begun, []);
    await queue.close();
  });

  check('when the server is gone for too long both sides end, and say so', async () => {
    const queue = await openShardQueue(server.url);
    const jobs = shardsOf('gone', 2);
    const begun: number[] = [];
    // Longer than a busy machine takes from the first shard to the end of the server: until then nobody gives up.
    const patience = 8000;
    const worker = startWorker(server.url, working(begun, 60_000), { patience, lease: SHORT_LEASE });
    await queue.submit(jobs, SUBMISSION, () => true);
    const watched = errorOf(queue.watch(jobs, SUBMISSION, { ...watching, patience }));
    await until(() => begun.length === 1);
    await server.kill();
    for (const error of [await watched, (await worker.served) as VogError]) {
      assert.is(error.code, 'QUEUE_UNREACHABLE', error.message);
      hides(error);
    }
    await queue.close();
    await server.start();
    const other = startWorker(server.url, working(begun), { idle: 4000 });
    await other.served;
  });

  test.run();
}

const test = suite('addresses of queues');

test('only Redis and PostgreSQL are queues, and what was given is not repeated', async () => {
  for (const url of [
    '',
    'localhost',
    'http://:hidden@host',
    'redis://',
    'sqlite:///hidden',
    'mysql://u:hidden@host/db',
  ]) {
    const error = await errorOf(openShardQueue(url));
    assert.is(error.code, 'QUEUE_ADDRESS');
    assert.not.match(error.message, 'hidden');
    const serving = { work: working([]), concurrency: 1, lease: 1, idle: 1, patience: 1, tell: () => {} };
    assert.is((await errorOf(serveShards(url, serving))).code, 'QUEUE_ADDRESS');
  }
});

test.run();
