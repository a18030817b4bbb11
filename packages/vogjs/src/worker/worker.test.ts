// Only with --all: it starts a Redis, a PostgreSQL and workers, and kills them
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@vogjs/base';
import { missingServer, startServer } from '@vogjs/testing/servers';
import { runSeed } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../command-line.test.helper.js';
import { contentsOf, scoreOf, writeCheckpoints } from '../score/shards/shards.test.helper.js';
import { start, type Started } from './started.test.helper.js';

const test = suite('workers of a queue');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-worker-'));
const seed = runSeed();
console.log(`seed ${seed}`);
const random = seededRandom(seed);
const data = join(folder, 'data');
const whole = join(folder, 'whole');
const SHARDS = 24;
const ASKED = ['--metrics', 'all', '--windows', '2', '--chunk-size', '10', '--backend', 'cpu'];

test.before(async () => {
  await writeCheckpoints(data, { examples: 10 * SHARDS, checkpoints: 4, seed });
  const { code, error } = await vogjs(...scoreOf(data, ...ASKED, '--out', whole));
  assert.is(code, 0, error);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Shards that are done, by the files that they made. */
const doneIn = (out: string): number => {
  try {
    return readdirSync(join(out, 'states')).filter((name) => name.endsWith('.safetensors')).length;
  } catch {
    return 0;
  }
};

async function until(holds: () => boolean, what: () => string): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 6000) throw new Error(`it did not come to that within two minutes: ${what()}`);
    await wait(20);
  }
}

for (const kind of ['redis', 'postgres'] as const) {
  const missing = missingServer(kind);
  const check = missing === null ? test : (name: string, _run: () => Promise<void>) => test.skip(`${name}: ${missing}`);

  check(
    `on ${kind}, workers and the server killed at random: the run is the unsharded one to the last bit`,
    async () => {
      const server = await startServer(kind);
      const out = join(folder, kind);
      const hidden = { VOGJS_QUEUE: server.url };
      const work = (): Started => start(['worker', '--queue', '--lease', '10', '--idle', '10'], hidden);
      const workers = [work(), work()];
      const run = start([...scoreOf(data, ...ASKED, '--out', out), '--queue', '--shards', String(SHARDS)], hidden);
      const all = (): string => [run, ...workers].map((each) => each.said()).join('\n---\n');
      try {
        for (const [at, share] of [0.1, 0.3, 0.5].entries()) {
          await until(() => doneIn(out) >= share * SHARDS || run.child.exitCode !== null, all);
          await wait(random.uniform() * 500);
          const killed = workers[at] as Started;
          killed.child.kill('SIGKILL');
          await killed.ended;
          if (at === 1) {
            await server.kill();
            await wait(1000);
            await server.start();
          }
          // Not while there is no server: a worker that begins without one ends, and says so.
          workers.push(work());
        }
        const { code, said } = await run.ended;
        assert.is(code, 0, all());
        assert.equal(contentsOf(out), contentsOf(whole));
        assert.not.match(all(), server.password);
        assert.match(said, /24 shards are in the queue at (redis|postgres):\/\/127\.0\.0\.1/);
        assert.not.match(readFileSync(join(out, 'run.json'), 'utf8'), server.password);
        // One that is told to stop ends, and so does one that has nothing to do.
        const [last, before] = workers.slice(-2) as [Started, Started];
        // Before it says so it is being loaded, and hears no signal.
        await until(() => last.said().includes('Taking shards'), all);
        last.child.kill('SIGTERM');
        const stopped = await last.ended;
        assert.is(stopped.code, 130, stopped.said);
        assert.match(stopped.said, /Stopped: \d+ shards done, 0 failed/);
        before.child.kill('SIGTERM');
        await before.ended;
      } finally {
        for (const each of [run, ...workers]) each.child.kill('SIGKILL');
        await server.remove();
      }
    },
  );
}

test.run();
