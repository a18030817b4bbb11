// Folders that hold a recording on its way into TensorFlow: what a killed process left is removed by the next one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inTemporaryFolder, removeStaleFolders } from './folders.js';

const test = suite('folders of recordings');
const HOUR = 3_600_000;

let folder = '';
const before = process.env['TMPDIR'];
test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'vogjs-test-'));
  process.env['TMPDIR'] = folder;
});
test.after.each(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(folder, { recursive: true });
});

/** A folder as a process of this number would have left it, so long ago. */
function left(pid: number, age: number): string {
  const path = join(folder, `vogjs-recorded-${pid}-abcdef`);
  mkdirSync(path);
  writeFileSync(join(path, 'saved_model.pb'), 'half');
  const at = new Date(Date.now() - age);
  utimesSync(path, at, at);
  return path;
}

test('a folder holds its file while it is used, and is gone afterwards, also after an error', () => {
  const seen = inTemporaryFolder('saved_model.pb', Uint8Array.of(1, 2), (path) => readdirSync(path));
  assert.equal(seen, ['saved_model.pb']);
  assert.throws(
    () =>
      inTemporaryFolder('saved_model.pb', Uint8Array.of(1), () => {
        throw new Error('TensorFlow refused it');
      }),
    /refused/,
  );
  assert.equal(readdirSync(folder), []);
});

test('what a process that was killed left is removed; what is young, or of a process that lives, stays', () => {
  // A number that was given out and is free again.
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const dead = left(pid, HOUR);
  const alive = left(process.pid, HOUR);
  const young = left(pid + 1, 0);
  const strange = join(folder, 'vogjs-recorded-of-somebody');
  writeFileSync(strange, '');
  removeStaleFolders();
  assert.equal([dead, alive, young, strange].map(existsSync), [false, true, true, true]);
});

test('a process killed with a folder open leaves one that the next process removes', () => {
  const source = join(import.meta.dirname, 'folders.ts');
  const script = `import { inTemporaryFolder } from ${JSON.stringify(source)};
    inTemporaryFolder('saved_model.pb', Uint8Array.of(1), () => process.kill(process.pid, 'SIGKILL'));`;
  const file = join(folder, 'killed.ts');
  writeFileSync(file, script);
  spawnSync(process.execPath, [join(import.meta.dirname, '../../../../scripts/ts.mjs'), file], {
    env: { ...process.env, TMPDIR: folder },
  });
  const names = () => readdirSync(folder).filter((name) => name.startsWith('vogjs-recorded-'));
  assert.is(names().length, 1);
  removeStaleFolders(Date.now() + HOUR);
  assert.equal(names(), []);
});

test.run();
