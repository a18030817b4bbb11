// Only with --all: it trains a network, is killed and goes on
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { seededRandom, writeNpy } from '@vogjs/formats';
import { openRun, type Run } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { foldsOf } from './folds.js';
import { oneCycle } from './one-cycle.js';
import { shifted } from './shift.js';

const test = suite('training of vogjs score');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-training-'));
test.after(() => rmSync(folder, { recursive: true }));

const EXAMPLES = 30;
const SIDE = 8;

/** Pictures of three classes, each bright in a band of its own. */
function writePictures(): void {
  const random = seededRandom(3);
  const pixels = new Uint8Array(EXAMPLES * SIDE * SIDE);
  for (let at = 0; at < pixels.length; at++) {
    const label = Math.floor(at / (SIDE * SIDE)) % 3;
    const isBand = Math.floor((at % (SIDE * SIDE)) / SIDE / 3) === label;
    pixels[at] = random.integer(80) + (isBand ? 150 : 0);
  }
  writeFileSync(join(folder, 'pictures.npy'), writeNpy({ data: pixels, shape: [EXAMPLES, SIDE, SIDE] }));
  const rows = Array.from({ length: EXAMPLES }, (_, row) => `p${row},${'top middle low'.split(' ')[row % 3]}`);
  writeFileSync(join(folder, 'labels.csv'), `id,label\n${rows.join('\n')}\n`);
}

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

function start(out: string): ChildProcess {
  const main = join(root, 'packages/vogjs/src/main.ts');
  const asked = ['score', 'pictures.npy', '--labels', 'labels.csv', '--epochs', '3', '--folds', '2', '--out', out];
  const loader = ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx')];
  return spawn(process.execPath, [...loader, main, ...asked, '--metrics', 'vog,aum', '--backend', 'wasm'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json') },
  });
}

/** What a process prints; it is killed as soon as that matches. */
function printed(child: ChildProcess, killAt?: RegExp): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    if (killAt?.test(text) === true) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', () => resolve(text)));
}

const valuesOf = async (run: Run, name: string): Promise<number[]> =>
  Array.from(await (await run.scores()).values(name));

test('a training that was killed goes on behind its last epoch, to the same scores', async () => {
  writePictures();
  // One that was through before it was killed, while this process was held up, is done again.
  for (let tries = 1; /epoch 3\/3/.test(await printed(start('runs/killed'), /epoch 1\/3/)); tries++) {
    assert.ok(tries < 10, 'it is never killed in time');
    rmSync(join(folder, 'runs/killed'), { recursive: true });
  }
  const [rest, whole] = [await printed(start('runs/killed')), await printed(start('runs/whole'))];
  assert.not.match(rest, /epoch 1\/3/, 'what is done is not done again');
  assert.match(whole, /epoch 1\/3/);
  const [a, b] = await Promise.all(['killed', 'whole'].map((name) => openRun(join(folder, 'runs', name))));
  if (a === undefined || b === undefined) throw new Error('unreachable: two runs');
  for (const name of ['vog', 'aum', 'held-out.probability0'])
    assert.equal(await valuesOf(a, name), await valuesOf(b, name));
  assert.equal(a.manifest.checkpoints, b.manifest.checkpoints);
  assert.is((await a.thumbs()).count, EXAMPLES);
  assert.is((await a.features()).examples, EXAMPLES);
});

test('folds part the data, each class evenly', () => {
  const labels = Int32Array.from({ length: 47 }, (_, row) => row % 5);
  const folds = foldsOf(labels, 4, 1);
  assert.equal(
    folds.flatMap((fold) => [...fold]).toSorted((a, b) => a - b),
    [...labels.keys()],
  );
  for (let label = 0; label < 5; label++) {
    const counts = folds.map((fold) => fold.filter((row) => labels[row] === label).length);
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, String(counts));
  }
});

test('the rate rises to its largest at 30 % and ends near 0', () => {
  assert.ok(Math.abs(oneCycle(0, 101) - 1 / 25) < 1e-12);
  assert.ok(Math.abs(oneCycle(30, 101) - 1) < 1e-12);
  assert.ok(Math.abs(oneCycle(100, 101) - 1e-4) < 1e-12);
  assert.ok(Number.isFinite(oneCycle(0, 1)));
});

test('a moved picture holds values of the picture alone, and its channels stay together', () => {
  const picture = Float32Array.from({ length: 16 * 16 * 2 }, (_, at) => (at % 2 === 0 ? at : -at));
  const moved = shifted(picture, [16, 16, 2], seededRandom(5));
  for (let at = 0; at < moved.length; at += 2) {
    assert.ok(moved[at]! >= 0);
    assert.is(moved[at + 1], -(moved[at]! + 1));
  }
});

test.run();
