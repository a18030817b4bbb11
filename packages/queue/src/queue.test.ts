// Only with --all: it starts a Redis and a PostgreSQL
import { setTimeout as wait } from 'node:timers/promises';
import { missingServer, startServer, type TestServer } from '@vogjs/testing/servers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openShardQueue, type ShardQueue, type Watching } from './index.js';
import { BEAT, errorOf, shardsOf, SHORT_LEASE, startWorker, SUBMISSION, until, working } from './queue.test.helper.js';

for (const kind of ['redis', 'postgres'] as const) {
  const test = suite(`a queue of shards on ${kind}`);
  const missing = missingServer(kind);
  const check = missing === null ? test : (name: string, _run: () => Promise<void>) => test.skip(`${name}: ${missing}`);
  let server: TestServer;
  let queue: ShardQueue;
  const lines: string[] = [];
  const watching: Watching = { patience: 240_000, every: BEAT, tell: (line) => void lines.push(line) };

  test.before(async () => {
    if (missing !== null) return;
    server = await startServer(kind);
    queue = await openShardQueue(server.url);
  });
  test.before.each(() => void lines.splice(0));
  test.after(async () => {
    if (missing !== null) return;
    await queue.close();
    await server.remove();
  });

  check('each shard is done once, by one of the workers, and what it made comes back', async () => {
    const jobs = shardsOf('once', 24);
    const begun: number[][] = [[], []];
    const said: unknown[] = [];
    const done: number[] = [];
    await queue.submit(jobs, SUBMISSION, () => true);
    // Nobody is through before both workers have shards and one has told how far it is.
    const isShared = (): boolean =>
      begun.every((list) => list.length > 0) && said.some((each) => typeof each === 'number');
    const workers = begun.map((list) => {
      const work = working(list);
      return startWorker(
        server.url,
        async (job, task) => {
          const outcome = await work(job, task);
          await until(isShared);
          return outcome;
        },
        { concurrency: 2 },
      );
    });
    const { made, failed } = await queue.watch(jobs, SUBMISSION, {
      ...watching,
      progress: (_, each) => void said.push(each),
      done: (index) => void done.push(index),
    });
    assert.equal(
      begun.flat().toSorted((a, b) => a - b),
      jobs.map(({ index }) => index),
    );
    assert.equal([...made.entries()].toSorted(([a], [b]) => a - b)[23], [24, 'made 24']);
    assert.is(made.size, 24);
    assert.is(done.length, 24);
    assert.equal(failed, []);
    assert.ok(isShared());
    for (const { stop } of workers) stop.abort();
    const served = await Promise.all(workers.map((worker) => worker.served));
    assert.is(
      served.reduce((sum, each) => sum + ('done' in each ? each.done : 0), 0),
      24,
    );
    // What is done stays done; what is gone is done again; what is forgotten too.
    await queue.submit(jobs, SUBMISSION, (each) => each !== 'made 7');
    const again: number[] = [];
    const worker = startWorker(server.url, working(again));
    assert.is((await queue.watch(jobs, SUBMISSION, watching)).made.size, 24);
    assert.equal(again, [7]);
    await queue.forget('once');
    await queue.submit(
      shardsOf('once', 2).map((job) => ({ ...job, of: 24 })),
      SUBMISSION,
      () => true,
    );
    await until(() => again.length === 3);
    worker.stop.abort();
    await worker.served;
    await queue.forget('once');
  });

  check('a poisoned shard ends alone, named, after its tries; one that works at last is no failure', async () => {
    const jobs = shardsOf('poison', 8);
    const tries = new Map<number, number>();
    const worker = startWorker(server.url, async ({ index }) => {
      tries.set(index, (tries.get(index) ?? 0) + 1);
      if (index === 3) return { kind: 'failed', why: 'row 77 is poison', again: true };
      if (index === 5) return { kind: 'failed', why: 'wrong for ever', again: false };
      if (index === 6 && tries.get(6) === 1) throw new Error('thrown, once');
      return { kind: 'done', made: String(index) };
    });
    await queue.submit(jobs, SUBMISSION, () => true);
    const { made, failed } = await queue.watch(jobs, SUBMISSION, watching);
    assert.equal(
      [...made.keys()].toSorted((a, b) => a - b),
      [1, 2, 4, 6, 7, 8],
    );
    assert.equal(failed, [
      { index: 3, why: 'row 77 is poison' },
      { index: 5, why: 'wrong for ever' },
    ]);
    assert.equal([tries.get(3), tries.get(5), tries.get(6)], [SUBMISSION.attempts, 1, 2]);
    // Asked for again, it is tried again, and the others are not.
    await queue.submit(jobs, { ...SUBMISSION, attempts: 1 }, () => true);
    assert.is((await queue.watch(jobs, SUBMISSION, watching)).failed.length, 2);
    assert.equal([tries.get(3), tries.get(5), tries.get(1)], [SUBMISSION.attempts + 1, 2, 1]);
    worker.stop.abort();
    await worker.served;
    await queue.forget('poison');
  });

  check('the server dies in mid-run and comes back: no shard is lost, and people are told', async () => {
    const jobs = shardsOf('restart', 12);
    const begun: number[] = [];
    const workers = [0, 1].map(() => startWorker(server.url, working(begun, 300), { lease: SHORT_LEASE }));
    await queue.submit(jobs, SUBMISSION, () => true);
    const watched = queue.watch(jobs, SUBMISSION, watching);
    await until(() => begun.length >= 4);
    await server.kill();
    await until(() => lines.some((line) => line.includes('does not answer')));
    await server.start();
    const { made, failed } = await watched;
    assert.equal(failed, []);
    assert.is(made.size, 12);
    assert.ok(lines.some((line) => line.includes('answers again')));
    for (const { stop } of workers) stop.abort();
    await Promise.all(workers.map((worker) => worker.served));
    await queue.forget('restart');
  });

  check('cancelled shards leave the queue, those in hand are left, and who waits is told', async () => {
    const jobs = shardsOf('cancel', 6);
    const begun: number[] = [];
    const slow = working(begun, 60_000);
    const worker = startWorker(server.url, async (job, task) =>
      job.run === 'cancel' ? slow(job, task) : { kind: 'done', made: 'at once' },
    );
    await queue.submit(jobs, SUBMISSION, () => true);
    const watched = errorOf(queue.watch(jobs, SUBMISSION, watching));
    await until(() => begun.length === 1);
    // The worker may meet one of those in the queue meanwhile, which it leaves at once.
    const removed = await queue.cancel('cancel');
    assert.ok(removed >= 1 && removed <= 5, String(removed));
    assert.is((await watched).code, 'QUEUE_CANCELLED');
    // The worker left the shard in hand, which would have taken a minute.
    const other = shardsOf('after', 1);
    await queue.submit(other, SUBMISSION, () => true);
    assert.is((await queue.watch(other, SUBMISSION, watching)).made.get(1), 'at once');
    assert.is(begun.length, 1);
    worker.stop.abort();
    await worker.served;
    await queue.forget('cancel');
    await queue.forget('after');
  });

  check('shards of a higher priority come first, and no more a minute than all workers may begin', async () => {
    const begun: number[] = [];
    await queue.submit(shardsOf('late', 2), { ...SUBMISSION, priority: 9 }, () => true);
    const first = shardsOf('early', 4).map((job) => ({ ...job, index: job.index + 10, of: 20 }));
    await queue.submit(first, { ...SUBMISSION, priority: 2 }, () => true);
    const workers = [0, 1].map(() => startWorker(server.url, working(begun), { perMinute: 5 }));
    await until(() => begun.length === 5);
    await wait(1500);
    // In which order two workers say what they took, is nobody's promise.
    assert.equal(
      begun.filter((index) => index > 10).toSorted((a, b) => a - b),
      [11, 12, 13, 14],
    );
    assert.is(begun.length, 5);
    for (const { stop } of workers) stop.abort();
    await Promise.all(workers.map((worker) => worker.served));
    assert.ok((await queue.cancel('late')) <= 1);
    await queue.forget('late');
    await queue.forget('early');
  });

  test.run();
}

const forgetful = suite('a Redis that keeps nothing');
const absent = missingServer('redis');
const claim = 'shards that it forgot when it died are added again by who waits for them';

if (absent !== null) forgetful.skip(`${claim}: ${absent}`);
else {
  forgetful(claim, async () => {
    const server = await startServer('redis', { keeps: false });
    const queue = await openShardQueue(server.url);
    const jobs = shardsOf('forgotten', 8);
    const begun: number[] = [];
    const lines: string[] = [];
    const worker = startWorker(server.url, working(begun, 200), { lease: SHORT_LEASE });
    await queue.submit(jobs, SUBMISSION, () => true);
    const tell = (line: string): void => void lines.push(line);
    const watched = queue.watch(jobs, SUBMISSION, { patience: 240_000, every: BEAT, tell });
    await until(() => begun.length >= 3);
    await server.kill();
    await until(() => lines.length > 0);
    await server.start();
    const { made, failed } = await watched;
    assert.equal(failed, []);
    assert.is(made.size, 8);
    assert.match(lines.join('\n'), /has lost \d of the shards: they are added again/);
    worker.stop.abort();
    await worker.served;
    await queue.close();
    await server.remove();
  });
}

forgetful.run();
