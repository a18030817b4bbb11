import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownerMark } from '@vogjs/formats/files';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withLock } from './lock.js';

const test = suite('a lock between processes');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-lock-'));
test.after(() => rmSync(folder, { recursive: true }));

test('one is at it at a time, and each has its turn', async () => {
  const path = join(folder, 'turns');
  let inside = 0;
  const done: number[] = [];
  await Promise.all(
    Array.from({ length: 6 }, (_, at) =>
      withLock(path, async () => {
        assert.is(++inside, 1);
        await sleep(5);
        inside--;
        done.push(at);
      }),
    ),
  );
  assert.equal(new Set(done), new Set([0, 1, 2, 3, 4, 5]));
  assert.not.ok(existsSync(path));
});

test('what fails lets it go', async () => {
  const path = join(folder, 'failing');
  const failing = withLock(path, () => Promise.reject(new Error('no')));
  assert.match(String(await failing.catch((error: unknown) => error)), /no/);
  assert.is(await withLock(path, async () => 7), 7);
});

test('one of a dead process, and one without a sign of life, is broken by one of those who wait', async () => {
  const path = join(folder, 'dead');
  // No process has so large a number.
  const dead = ownerMark().replace(/^\d+/, '4194399');
  for (const [mark, age] of [
    [dead, 0],
    ['of another machine', 100],
    ['', 100],
  ] as const) {
    writeFileSync(path, mark);
    const time = Date.now() / 1000 - age;
    utimesSync(path, time, time);
    let inside = 0;
    const work = async (): Promise<void> => {
      assert.is(++inside, 1);
      await sleep(2);
      inside--;
    };
    await Promise.all([withLock(path, work), withLock(path, work), withLock(path, work)]);
    assert.not.ok(existsSync(path));
  }
});

test('one of a living process is waited for', async () => {
  const path = join(folder, 'living');
  writeFileSync(path, ownerMark());
  let isDone = false;
  const waiting = withLock(path, async () => void (isDone = true));
  await sleep(200);
  assert.not.ok(isDone);
  rmSync(path);
  await waiting;
  assert.ok(isDone);
});

test('a folder that is not there is told', async () => {
  const error = await withLock(join(folder, 'absent', 'lock'), async () => {}).catch((thrown: unknown) => thrown);
  assert.is((error as { code: string }).code, 'FILE_FAILED');
});

test.run();
