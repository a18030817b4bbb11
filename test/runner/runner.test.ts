// Only with --all: it waits for tests that hang
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));

function runFixtures(args: string[], env: Record<string, string> = {}) {
  const {
    VOGJS_REFUSE_SKIPS: _refuse,
    VOGJS_TEST_BACKENDS: _backends,
    VOGJS_TEST_ALL: _all,
    ...inherited
  } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', '--in', fixtures, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...inherited, ...env },
  });
  const lines = stdout.trimEnd().split('\n');
  return { status, stdout, last: lines.at(-1) };
}

/** What the runner must say of each fixture that is not clean: its counts, and a word that explains. */
const expected: Record<string, [counts: string, reason: string]> = {
  // the five that uvu 0.5.6 passes (the fifth, a pattern without a file, is below)
  'before-throws': ['0 passed, 2 failed', 'no database'],
  'string-thrown': ['1 passed, 1 failed', 'just a word'],
  'run-missing': ['1 passed, 1 failed', '.run() is never called'],
  'after-each-throws': ['0 passed, 1 failed', '3 tensors leaked'],
  // and what else must never pass
  'undefined-thrown': ['0 passed, 1 failed', 'undefined'],
  'after-each-hides': ['0 passed, 1 failed', 'the error of the test'],
  'after-throws': ['1 passed, 1 failed', 'could not clean up'],
  fails: ['1 passed, 1 failed', 'deeply equal'],
  unhandled: ['1 passed, 1 failed', 'nobody listens'],
  'unhandled-late': ['1 passed, 1 failed', 'nobody listens any more'],
  exits: ['0 passed, 1 failed', 'last test started: ends the process'],
  'exits-loading': ['0 passed, 1 failed', 'before its first test'],
  'claims-success': ['0 passed, 1 failed', 'before its first test'],
  hangs: ['0 passed, 1 failed', 'still running after 20 s: killed, last test started: waits for ever'],
  drains: ['0 passed, 1 failed', 'a promise that nothing will settle'],
  lingers: ['1 passed, 1 failed', 'does not end'],
  empty: ['0 passed, 1 failed', 'the file has no tests'],
  blank: ['0 passed, 1 failed', 'the file has no tests'],
  'import-error': ['0 passed, 1 failed', 'ERR_MODULE_NOT_FOUND'],
  'syntax-error': ['0 passed, 1 failed', 'syntax-error.test.ts:3'],
  // on no backends that this one expects
  backends: ['0 passed, 1 failed', 'webgpu'],
};
const clean = ['good', 'long', 'only', 'skips'];

test('every fixture is either expected to fail or named clean', () => {
  const names = readdirSync(fixtures).map((file) => file.replace('.test.ts', ''));
  assert.equal(names.sort(), [...Object.keys(expected), ...clean].sort());
});

test('each kind of broken test file fails the run, with its counts and its reason', () => {
  const { status, stdout, last } = runFixtures(['--timeout', '20']);
  assert.is(status, 1);
  for (const [name, [counts, reason]] of Object.entries(expected)) {
    const line = stdout.split('\n').findIndex((text) => text.startsWith('FAIL ') && text.includes(`/${name}.test.ts`));
    assert.ok(line >= 0, `${name} is not reported as failed:\n${stdout}`);
    const section =
      stdout
        .split('\n')
        .slice(line)
        .join('\n')
        .split(/\n(?=FAIL |ok {2})/)[0] ?? '';
    assert.ok(section.split('\n')[0]?.includes(counts), `${name}: expected ${counts}, got\n${section}`);
    assert.ok(section.includes(reason), `${name}: no "${reason}" in\n${section}`);
  }
  const passed = Object.values(expected).reduce((sum, [counts]) => sum + Number.parseInt(counts, 10), 3 + 1 + 1);
  const failed = Object.values(expected).reduce((sum, [counts]) => sum + Number(/(\d+) failed/.exec(counts)?.[1]), 0);
  assert.is(last, `${passed} passed, ${failed} failed, 2 skipped`);
});

test('a clean run exits 0, prints one line a file and ends in the totals', () => {
  const { status, stdout } = runFixtures(['good']);
  assert.is(status, 0);
  assert.match(stdout, /^ok {3}test\/runner\/fixtures\/good\.test\.ts {2}3 passed {2}\d+ ms\n3 passed, 0 failed\n$/);
});

test('skipped tests are counted and named, those that .only passes over included', () => {
  const { status, stdout, last } = runFixtures(['skips', 'only']);
  assert.is(status, 0);
  assert.ok(stdout.includes('skipped: needs ../shared/data'), stdout);
  assert.ok(stdout.includes('skipped: focused › left behind'), stdout);
  assert.is(last, '2 passed, 0 failed, 2 skipped');
});

test('VOGJS_REFUSE_SKIPS=1 turns a skipped test into a failed one', () => {
  const { status, last } = runFixtures(['skips'], { VOGJS_REFUSE_SKIPS: '1' });
  assert.is(status, 1);
  assert.is(last, '1 passed, 1 failed');
});

test('a long test is passed over, and counted, unless --all or its own name asks for it', () => {
  const { status, stdout, last } = runFixtures(['good', 'long'], {});
  assert.is(status, 1, 'named without --all it runs, and sees that not everything was asked for');
  assert.is(last, '3 passed, 1 failed', stdout);
  assert.is(runFixtures(['--all', 'good', 'long']).last, '4 passed, 0 failed');
  const everything = runFixtures(['--timeout', '8']).stdout;
  assert.not.match(everything, '/long.test.ts');
  assert.match(everything, /^1 file of long tests was passed over: add --all to run it$/m);
});

test('a pattern that no file answers to fails, even beside one that does', () => {
  const alone = runFixtures(['no-such-file']);
  assert.is(alone.status, 1);
  assert.is(alone.last, '0 passed, 1 failed');
  const beside = runFixtures(['good', 'no-such-file']);
  assert.is(beside.status, 1);
  assert.is(beside.last, '3 passed, 1 failed');
});

test('--backends runs the files that ask for their backends, on these, and no others', () => {
  const { status, stdout, last } = runFixtures(['--backends', 'webgpu,tfjs-node']);
  assert.is(status, 0, stdout);
  assert.match(stdout, /^ok {3}test\/runner\/fixtures\/backends\.test\.ts/);
  assert.is(last, '1 passed, 0 failed');
  assert.is(runFixtures(['--backends', 'webgpu,tfjs-node', 'good']).last, '0 passed, 1 failed');
});

test('unknown options, bad limits and missing folders are refused', () => {
  assert.is.not(runFixtures(['--quiet']).status, 0);
  assert.is(runFixtures(['--timeout', 'soon']).status, 2);
  assert.is(runFixtures(['--in', 'no/such/folder']).status, 2);
  assert.is(runFixtures(['--backends', '']).status, 2);
});

test.run();
