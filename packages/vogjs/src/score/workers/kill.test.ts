// Only with --all: it kills real processes and scores again
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@vogjs/base';
import { runSeed } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../../command-line.test.helper.js';
import { contentsOf, scoreOf, writeCheckpoints } from '../shards/shards.test.helper.js';

const test = suite('shards and workers that are killed');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-kill-'));
const seed = runSeed();
console.log(`seed ${seed}`);
const random = seededRandom(seed);
const data = join(folder, 'data');
const whole = join(folder, 'whole');
const ASKED = ['--metrics', 'all', '--windows', '2', '--chunk-size', '40', '--backend', 'cpu'];
test.before(async () => {
  await writeCheckpoints(data, { examples: 400, checkpoints: 6, seed });
  const { code, error } = await vogjs(...scoreOf(data, ...ASKED, '--out', whole));
  assert.is(code, 0, error);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null; said: string }>;
}

const here = fileURLToPath(import.meta.url);
const main = fileURLToPath(new URL(`../../main${extname(here)}`, import.meta.url));

function start(...args: string[]): Started {
  const child = fork(main, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = new Promise<{ code: number | null; signal: string | null; said: string }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, said }));
  });
  return { child, ended };
}

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const childrenOf = (pid: number): number[] => {
  const path = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number);
};
/** A process that ended and that nobody has asked about is still listed, as a zombie. */
const isAlive = (pid: number): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Resolves to a worker of a process once there is one of these ages in milliseconds; null when the process ends first. */
async function workerOf({ child, ended }: Started, age: number): Promise<number | null> {
  const over = new AbortController();
  void ended.then(() => over.abort());
  const seen = new Map<number, number>();
  while (!over.signal.aborted) {
    for (const pid of childrenOf(child.pid as number)) {
      const since = seen.get(pid) ?? performance.now();
      seen.set(pid, since);
      if (performance.now() - since >= age) return pid;
    }
    await wait(10);
  }
  return null;
}

/**
 * Runs it until something was killed, in a fresh folder each time: what ends before its first kill, on a fast machine or
 * while this process was held up, shows nothing. The first kill comes sooner each time.
 *
 * @param run told within how many milliseconds it is to kill first
 */
async function untilKilled(
  out: string,
  run: (most: number) => Promise<{ readonly kills: number; readonly said: string }>,
): Promise<{ readonly kills: number; readonly said: string }> {
  for (let most = 400; ; most = Math.floor(most / 2)) {
    const ended = await run(most);
    if (ended.kills > 0) return ended;
    assert.ok(most > 0, 'nothing was killed');
    rmSync(out, { recursive: true });
  }
}

if (process.platform === 'linux') {
  test('workers killed at random are started again, and the run is the unsharded one to the last bit', async () => {
    const out = join(folder, 'workers');
    const { said } = await untilKilled(out, async (most) => {
      const run = start(...scoreOf(data, ...ASKED, '--out', out, '--workers', '2'));
      for (let tries = 0; tries < 3; tries++) {
        const worker = await workerOf(run, random.uniform() * (tries === 0 ? most : 4000));
        if (worker === null) break;
        try {
          process.kill(worker, 'SIGKILL');
        } catch {
          // It has ended meanwhile.
        }
      }
      const ended = await run.ended;
      assert.is(ended.code, 0, ended.said);
      return { ...ended, kills: ended.said.split('ended with SIGKILL').length - 1 };
    });
    assert.match(said, /ended with SIGKILL\. It is started again, 1 of 3 times/);
    assert.equal(contentsOf(out), contentsOf(whole));
    assert.not.ok(existsSync(join(out, 'states')));
  });

  test('when the process itself is killed its workers end, and --resume goes on', async () => {
    const out = join(folder, 'parent');
    const run = start(...scoreOf(data, ...ASKED, '--out', out, '--workers', '2'));
    await workerOf(run, random.uniform() * 4000);
    const workers = childrenOf(run.child.pid as number);
    run.child.kill('SIGKILL');
    await run.ended;
    for (let tries = 0; workers.some(isAlive) && tries < 1200; tries++) await wait(50);
    assert.equal(workers.filter(isAlive), []);
    const { code, error } = await vogjs('score', '--resume', '--out', out, '--workers', '3');
    assert.is(code, 0, error);
    assert.equal(contentsOf(out), contentsOf(whole));
  });
}

test('a shard that is killed at random goes on when it is started again', async () => {
  const out = join(folder, 'shard');
  await untilKilled(out, async (most) => {
    let kills = 0;
    for (;;) {
      const run = start(...scoreOf(data, ...ASKED, '--out', out, '--shard', '1/2'));
      const begun = join(out, 'states');
      const isUnderWay = (): boolean => existsSync(begun) && readdirSync(begun).length > 0;
      if (kills < 3) {
        while (run.child.exitCode === null && !isUnderWay()) await wait(5);
        await wait(random.uniform() * (kills === 0 ? most : 2000));
        run.child.kill('SIGKILL');
      }
      const ended = await run.ended;
      if (ended.signal === 'SIGKILL') {
        kills++;
        continue;
      }
      assert.is(ended.code, 0, ended.said);
      return { ...ended, kills };
    }
  });
  const { code, said } = await start(...scoreOf(data, ...ASKED, '--out', out, '--shard', '2/2')).ended;
  assert.is(code, 0, said);
  assert.is((await vogjs('merge', out)).code, 0);
  assert.equal(contentsOf(out), contentsOf(whole));
});

test.run();
