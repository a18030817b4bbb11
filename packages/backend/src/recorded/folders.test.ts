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

/** Runs a script that has `inTemporaryFolder`, in a process of its own. */
function runScript(body: string): void {
  const source = join(import.meta.dirname, 'folders.ts');
  const file = join(folder, 'script.ts');
  writeFileSync(file, `import { inTemporaryFolder } from ${JSON.stringify(source)};\n${body}`);
  spawnSync(process.execPath, [join(import.meta.dirname, '../../../../scripts/ts.mjs'), file], {
    env: { ...process.env, TMPDIR: folder },
  });
}

test('a process killed with a folder open leaves one, which the next process removes at its first folder alone', () => {
  const names = () => readdirSync(folder).filter((name) => name.startsWith('vogjs-recorded-'));
  runScript("inTemporaryFolder('saved_model.pb', Uint8Array.of(1), () => process.kill(process.pid, 'SIGKILL'));");
  assert.is(names().length, 1);
  const killed = join(folder, names()[0]!);
  const long = new Date(Date.now() - HOUR);
  utimesSync(killed, long, long);
  runScript(`
    import { existsSync, mkdirSync, utimesSync } from 'node:fs';
    const killed = ${JSON.stringify(killed)};
    const isThere = () => inTemporaryFolder('saved_model.pb', Uint8Array.of(1), () => existsSync(killed));
    if (isThere()) throw new Error('it was not removed');
    mkdirSync(killed);
    utimesSync(killed, 0, 0);
    if (isThere()) mkdirSync(${JSON.stringify(join(folder, 'stays'))});
  `);
  assert.ok(existsSync(join(folder, 'stays')));
});

test.run();
