// A state above 4 GiB, where 32-bit offsets end and no file fits one Buffer, is saved and loaded in little memory.
// Only with --all: it writes and reads a state of more than 4 GiB
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('large state');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-large-'));
test.after(() => rmSync(folder, { recursive: true }));

const MOST = 256 * 2 ** 20;
// The kernel's own figure of the most memory a process had is there on Linux only.
const measured = existsSync('/proc/self/status') ? test : test.skip;

measured('a state of 4.25 GiB is saved and loaded with at most 256 MiB beside it; serialise() names save(path)', () => {
  const script = fileURLToPath(new URL('fixtures/large-state.ts', import.meta.url));
  const tsconfig = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx'), script, join(folder, 'state')],
    { env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig }, encoding: 'utf8' },
  );
  const line = stdout.trim().split('\n').at(-1) ?? '';
  assert.match(line, /^\{/, stderr);
  const report = JSON.parse(line) as Record<'size' | 'onDisk' | 'committed' | 'save' | 'load', number> & {
    code: string;
  };
  assert.ok(report.size > 2 ** 32 + 2 ** 28, `${report.size} bytes`);
  assert.ok(report.onDisk < 2 ** 28, `the file takes ${report.onDisk} bytes of the disk`);
  assert.is(report.committed, 68);
  assert.ok(report.save <= MOST, `saving took ${report.save} bytes`);
  assert.ok(report.load <= MOST, `loading took ${report.load} bytes`);
  assert.match(report.code, /^STATE_TOO_LARGE .*save\(path\)/);
});

test.run();
