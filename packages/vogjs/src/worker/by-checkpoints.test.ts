// Only with --all: it starts a Redis, a PostgreSQL and workers, and kills one
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { missingServer, startServer } from '@vogjs/testing/servers';
import { runSeed } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertNear, contentsOf, ok, scoreOf, writeCheckpoints } from '../score/shards/shards.test.helper.js';
import { start, type Started } from './started.test.helper.js';

const test = suite('workers of a queue, by checkpoints');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-queue-by-'));
const seed = runSeed();
console.log(`seed ${seed}`);
const data = join(folder, 'data');
const whole = join(folder, 'whole');
const SHARDS = 6;
const ASKED = ['--metrics', 'all', '--windows', '2', '--chunk-size', '10', '--backend', 'cpu'];

test.before(async () => {
  await writeCheckpoints(data, { examples: 20, checkpoints: 2 * SHARDS + 1, seed });
  await ok(...scoreOf(data, ...ASKED, '--out', whole));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

for (const kind of ['redis', 'postgres'] as const) {
  const missing = missingServer(kind);
  const check = missing === null ? test : (name: string, _run: () => Promise<void>) => test.skip(`${name}: ${missing}`);

  check(
    `on ${kind}, more shards than chunks, one worker killed: the whole run within the stated rounding`,
    async () => {
      const server = await startServer(kind);
      const out = join(folder, kind);
      const hidden = { VOGJS_QUEUE: server.url };
      const work = (): Started => start(['worker', '--queue', '--lease', '10', '--idle', '2'], hidden);
      const workers = [work()];
      const asked = [...scoreOf(data, ...ASKED, '--out', out), '--by', 'checkpoints'];
      const run = start([...asked, '--queue', '--shards', String(SHARDS)], hidden);
      const all = (): string => [run, ...workers].map((each) => each.said()).join('\n---\n');
      const states = join(out, 'states');
      const isOver = (): boolean => run.child.exitCode !== null;
      try {
        for (let tries = 0; !isOver() && !(existsSync(states) && readdirSync(states).length > 0); tries++) {
          assert.ok(tries < 6000, all());
          await wait(20);
        }
        workers[0]?.child.kill('SIGKILL');
        workers.push(work());
        const { code, said } = await run.ended;
        assert.is(code, 0, all());
        assert.match(said, /6 shards are in the queue/);
        await assertNear(out, whole);
        assert.equal(contentsOf(out)['manifest'], contentsOf(whole)['manifest']);
        assert.not.ok(existsSync(states), 'shards and their states are removed');
      } finally {
        for (const each of [run, ...workers]) each.child.kill('SIGKILL');
        await server.remove();
      }
    },
  );
}

test.run();
