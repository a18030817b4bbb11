// Threads of the wasm backend in Node: the same numbers, nothing left behind, and processes that end.
// Only with --all: it starts a dozen processes with threads
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWasmThreads } from '@vogjs/backend/node';
import { selectBackend } from '@vogjs/core/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED, withSeed } from '@vogjs/testing';
import { codedError } from '../support/errors.js';

const test = suite(`wasm threads (seed ${SEED})`);
const root = new URL('../../', import.meta.url);

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
}

function run(how: string, threads: number): Promise<Ended> {
  return new Promise((resolve) => {
    const script = [new URL('scripts/ts.mjs', root), new URL('fixtures/threads.ts', import.meta.url)].map((url) =>
      fileURLToPath(url),
    );
    const env = { ...process.env, VOGJS_WASM_THREADS: String(threads), SEED: String(SEED) };
    const child = spawn(process.execPath, [...script, how], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    // A process that never ends is what is looked for: no machine is as slow as this.
    const late = setTimeout(() => child.kill(), 280_000);
    child.on('close', (status, signal) => {
      clearTimeout(late);
      resolve({ status, signal, output });
    });
  });
}

const lineOf = (output: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(output)?.[1] ?? '';

test('scores with two and three threads are those of one, the version says how many, and no global or listener stays', () =>
  withSeed(async () => {
    const one = await run('scores', 1);
    const expected = lineOf(one.output, 'scores').split(' ').map(Number);
    assert.is(expected.length, 40);
    assert.ok(expected.every((value) => value > 0));
    assert.not.match(one.output, /threads/);
    for (const threads of [2, 3]) {
      const { status, output } = await run('scores', threads);
      assert.is(status, 0, output);
      assert.match(lineOf(output, 'version'), new RegExp(`${threads} threads`));
      assert.is(lineOf(output, 'globals'), 'none');
      assert.is(lineOf(output, 'listeners'), '0 0');
      const scores = lineOf(output, 'scores').split(' ').map(Number);
      for (const [i, value] of scores.entries()) {
        assert.ok(
          Math.abs(value - (expected[i] as number)) <= 1e-5 * (expected[i] as number),
          `${value}, ${expected[i]}`,
        );
      }
    }
  }));

for (const [how, status] of [
  ['ends by itself', 0],
  ['exit', 0],
  ['removed', 0],
  ['throws', 1],
  ['rejects', 1],
] as const) {
  test(`2 of 2 processes with threads end, with status ${status}: ${how}`, async () => {
    for (const ended of await Promise.all([run(how, 2), run(how, 2)])) {
      assert.is(ended.status, status, `status ${ended.status}, signal ${ended.signal}: ${ended.output.slice(0, 2000)}`);
      // The error's own message and place, and not a line of 50,000 characters out of the compiled module.
      if (status === 1) {
        assert.match(ended.output, /Error: planned (failure|rejection)\n {4}at .*threads\.ts/);
        assert.ok(ended.output.length < 5000, `${ended.output.length} characters`);
      }
    }
  });
}

test('a heap that grows under the threads keeps what was written', async () => {
  const { status, output } = await run('grows', 2);
  assert.is(status, 0, output);
  const ends = Array.from({ length: 6 }, (_, i) => Array.from({ length: 10 }, () => i + 1).join(' '));
  assert.is(lineOf(output, 'grown'), `${ends.join(' | ')} | ${(999 * 1000) / 2}`);
});

test('a number of threads that cannot be is refused, by the name it was given under', async () => {
  for (const wasmThreads of [0, 9, 1.5, Number.NaN]) {
    await codedError(
      () => selectBackend('wasm', { wasmThreads }),
      'ARGUMENT_INVALID',
      /wasmThreads must be a whole number from 1 to 8/,
    );
  }
  await codedError(() => selectBackend('wasm', { threads: 2 } as never), 'ARGUMENT_INVALID', /threads/);
  const { VOGJS_WASM_THREADS: before } = process.env;
  process.env['VOGJS_WASM_THREADS'] = 'two';
  try {
    await codedError(() => selectBackend('wasm'), 'ARGUMENT_INVALID', /^VOGJS_WASM_THREADS must be .* got two/);
  } finally {
    if (before === undefined) delete process.env['VOGJS_WASM_THREADS'];
    else process.env['VOGJS_WASM_THREADS'] = before;
  }
});

test('a build that does not load ends in an error, with no thread left and no global', async () => {
  const path = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-threads-'));
  mkdirSync(join(folder, 'dist'));
  const main = join(folder, 'dist', basename(path));
  symlinkSync(path, main);
  symlinkSync(join(dirname(path), '../wasm-out'), join(folder, 'wasm-out'));
  writeFileSync(join(folder, 'dist/tfjs-backend-wasm-threaded-simd.wasm'), 'no module');
  const ports = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = [ports(), 'Worker' in globalThis];
  let thrown: unknown;
  await startWasmThreads(main, 2).catch((error: unknown) => (thrown = error));
  assert.match(String(thrown), /CompileError/);
  assert.equal([ports(), 'Worker' in globalThis], before);
  rmSync(folder, { recursive: true });
});

test('a wasm backend that runs keeps the threads that it has', async () => {
  const { version } = await selectBackend('wasm', { wasmThreads: 1 });
  assert.is((await selectBackend('wasm', { wasmThreads: 2 })).version, version);
});

test.run();
