import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { workFolder } from './work-folder.js';

const test = suite('where shards are under way');
const { TMPDIR } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'vogjs-work-'));
test.before.each(() => {
  process.env['TMPDIR'] = mkdtempSync(join(folder, 'temporary-'));
});
test.after(() => {
  if (TMPDIR === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = TMPDIR;
  rmSync(folder, { recursive: true });
});

test('in a folder they are beside those that are done', async () => {
  assert.is(await workFolder('runs/photos'), join('runs', 'photos', 'states'));
});

test("of a store they are among this user's temporary files, each run apart, whatever ends its address", async () => {
  const first = await workFolder('s3://bucket/a');
  assert.is(dirname(dirname(first)), process.env['TMPDIR']);
  assert.is(statSync(dirname(first)).mode & 0o777, 0o700);
  assert.is(await workFolder('s3://bucket/a/'), first);
  assert.is.not(await workFolder('s3://bucket/b'), first);
});

test('a folder that somebody else has laid there is refused', async () => {
  const name = `vogjs-${process.getuid?.() ?? 'shards'}`;
  mkdirSync(join(folder, 'theirs'), { recursive: true });
  symlinkSync(join(folder, 'theirs'), join(process.env['TMPDIR'] ?? '', name));
  await workFolder('s3://bucket/a').then(
    () => assert.unreachable(),
    ({ code, message }) => {
      assert.is(code, 'FILE_FAILED');
      assert.match(message, /somebody else.*TMPDIR/);
    },
  );
});

test.run();
