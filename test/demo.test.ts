// The main job as a person runs it: the command line in a process of its own.
// Only with --all: it runs the demo over and over, interrupted and resumed
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNpy } from '@vogjs/formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vogjs-demo-'));
const SMALL = ['--examples', '300', '--epochs', '4', '--seed', '7', '--backend', 'wasm'];

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[]): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@vogjs/source',
      '--import',
      import.meta.resolve('tsx'),
      join(root, 'packages/vogjs/src/main.ts'),
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json') } },
  );
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, finished };
}

const run = (...args: string[]): Promise<Finished> => start(args).finished;

/**
 * Starts a run and sends `signal` once `epochs` epochs are saved. One that was through by then, while this process was held
 * up, is done again.
 */
async function interruptAfter(epochs: number, signal: NodeJS.Signals, out: string): Promise<Finished> {
  for (let tries = 1; ; tries++) {
    const { child, finished } = start(['demo', ...SMALL, '--out', out]);
    let seen = '';
    child.stdout?.on('data', (text: string) => {
      const before = seen.includes(`${epochs}/4`);
      seen += text;
      if (!before && seen.includes(`${epochs}/4`)) child.kill(signal);
    });
    const ended = await finished;
    if (!ended.stdout.includes('4/4') || tries === 10) return ended;
    rmSync(out, { recursive: true });
  }
}

const test = suite('demo');
test.after(() => rmSync(folder, { recursive: true }));

const whole = join(folder, 'whole');

test('the demo ends with exit code 0, names the backend, and writes its five files', async () => {
  const { code, stdout, stderr } = await run('demo', ...SMALL, '--out', whole);
  assert.is(code, 0, stderr);
  assert.match(stdout, /^Backend: wasm \(tfjs 4\.\d+\.\d+\)/);
  assert.match(stdout, /300 images, 15 labels planted wrong \(5\.0 %\), 4 epochs, seed 7/);
  for (const name of ['report.html', 'scores.csv', 'scores.parquet', 'scores.npy', 'run.json']) {
    assert.ok(statSync(join(whole, name)).size > 0, name);
  }
  assert.not(existsSync(join(whole, 'state.safetensors')), 'a finished run leaves no state');
  assert.is(stderr, '', 'no bar where there is no terminal');
});

test('the terminal shows an epoch a line, the hardest 15, detection beside random, and error by percentile', async () => {
  const { stdout } = await run('demo', ...SMALL, '--out', join(folder, 'again'));
  const epochs = stdout.match(/^ +\d\/4 +[\d.]+ +[\d.]+ % +(?:-|[\d.e-]+) +[\d.]+$/gm) ?? [];
  assert.is(epochs.length, 4);
  assert.match(epochs[0] ?? '', / - /, 'no VoG after one checkpoint');
  assert.is(stdout.match(/^ +\d+ {2}\S.* 9\d\.\d\d$|^ +\d+ {2}\S.* 100\.00$/gm)?.length, 15);
  assert.match(stdout, /the loss +complete +0?[\d.]+ +0\.500 +[\d.]+ % +5\.0 %/);
  assert.is(stdout.match(/^ *\d+-\d+ +[\d.]+ %/gm)?.length, 10);
});

test('what the files say agrees: scores, order, figures', () => {
  const record = JSON.parse(readFileSync(join(whole, 'run.json'), 'utf8')) as {
    seed: number;
    backend: string;
    peakTensors: number;
    seconds: number;
    hardest: { index: number; value: number }[];
    detection: { vog: { complete: { auroc: number; baseRate: number } } };
    epochs: { vogMean: number | null }[];
  };
  const { data, shape } = readNpy(Uint8Array.from(readFileSync(join(whole, 'scores.npy'))));
  assert.equal(shape, [300]);
  const values = data as Float32Array;
  const order = Array.from(values.keys()).toSorted((a, b) => (values[b] as number) - (values[a] as number));
  assert.equal(
    record.hardest.map(({ index }) => index),
    order.slice(0, 15),
  );
  assert.is(record.seed, 7);
  assert.is(record.backend, 'wasm');
  assert.ok(record.peakTensors > 0 && record.seconds > 0);
  assert.equal(
    record.epochs.map(({ vogMean }) => vogMean === null),
    [true, false, false, false],
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs((record.epochs.at(-1)?.vogMean ?? 0) / mean - 1) < 1e-5);
  assert.is(record.detection.vog.complete.baseRate, 0.05);
  const rows = readFileSync(join(whole, 'scores.csv'), 'utf8').trim().split(/\r?\n/);
  assert.is(rows.length, 301);
});

test('the report is one file that loads nothing from anywhere', () => {
  const report = readFileSync(join(whole, 'report.html'), 'utf8');
  assert.match(report, /^<!doctype html>/);
  assert.not.match(report, /(?:src|href)="https?:/);
  assert.match(report, /planted labels/);
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGKILL', null],
] as const) {
  test(`a run stopped by ${signal} resumes to the scores of an uninterrupted one`, async () => {
    const out = join(folder, signal);
    const stopped = await interruptAfter(2, signal, out);
    assert.is(stopped.code, code);
    if (signal === 'SIGINT')
      assert.match(stopped.stdout, /Saved: [23] epochs, in .*Go on with: npx vogjs demo --resume/s);
    assert.ok(existsSync(join(out, 'state.safetensors')));
    assert.not(existsSync(join(out, 'scores.npy')));
    const resumed = await run('demo', '--resume', '--out', out);
    assert.is(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stdout, /resumed after epoch [23]/);
    for (const name of ['scores.npy', 'scores.csv']) {
      assert.ok(readFileSync(join(out, name)).equals(readFileSync(join(whole, name))), name);
    }
  });
}

test('a damaged resume file is refused in words that say what to do: weights, header or end', async () => {
  const out = join(folder, 'damaged');
  await interruptAfter(1, 'SIGKILL', out);
  const path = join(out, 'state.safetensors');
  const bytes = readFileSync(path);
  const flipped = Uint8Array.from(bytes);
  flipped[bytes.indexOf('}}}') + 400]! ^= 1; // among the first weights
  const header = Uint8Array.from(bytes);
  header[bytes.indexOf('identity') + 12]! ^= 1;
  for (const damaged of [
    flipped,
    header,
    bytes.subarray(0, bytes.length - 5),
    Buffer.from('{"no": "JSON'),
    Buffer.from(''),
  ]) {
    writeFileSync(path, damaged);
    const { code, stderr } = await run('demo', '--resume', '--out', out);
    assert.not.equal(code, 0);
    assert.match(stderr, /damaged|cut short|Not a safetensors file/);
    assert.not.match(stderr, /unexpected error|\n +at /i);
  }
});

test('vogjs demo into the path of a file is refused by code, before it trains', async () => {
  const out = join(folder, 'a-file');
  writeFileSync(out, '');
  const { code, stderr } = await run('demo', ...SMALL, '--out', out);
  assert.is(code, 1, stderr);
  assert.match(stderr, /a file of that name is in the way.*FILE_FAILED/i);
});

for (const [args, problem] of [
  [['demo', '--bogus'], /There is no option --bogus\./],
  [['demo', '--epochs', '0'], /--epochs must be a whole number from 2/],
  [['demo', '--epochs', '2.5'], /--epochs must be a whole number/],
  [['demo', '--examples', '10001'], /--examples must be a whole number from 100 to 10000/],
  [['demo', '--noise', '0.9'], /--noise must be a share/],
  [['demo', '--seed', 'x'], /--seed must be a whole number/],
  [['demo', '--backend', 'abacus'], /--backend must be one of/],
  [['demo', '--out'], /--out needs a value: --out <folder>\./],
  [['demo', '--resume', '--out', join(folder, 'nothing-here')], /no interrupted run/],
  [['demo', 'extra'], /Unexpected argument 'extra'/],
  [['dmeo'], /no command 'dmeo'/],
] as const) {
  test(`vogjs ${args.join(' ').replace(folder, '…')} is refused with exit code 2`, async () => {
    const { code, stderr } = await run(...args);
    assert.is(code, 2, stderr);
    assert.match(stderr, problem);
  });
}

test.run();
