// Only with --all: it loads TensorFlow.js and reads folders, tables and arrays
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { writeNpy } from '@vogjs/formats';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../../command-line.test.helper.js';

const test = suite('bad input of out-of-distribution sets');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-ood-bad-'));
const start = process.cwd();

const rows = (name: string, count: number, width: number): void => {
  const data = Float32Array.from({ length: count * width }, (_, at) => ((at * 7) % 11) / 11);
  writeFileSync(name, writeNpy({ data, shape: [count, width] }));
};
const pictures = (name: string, side: number): void => {
  for (const id of ['a/0', 'a/1', 'b/2', 'b/3']) {
    mkdirSync(dirname(`${name}/${id}`), { recursive: true });
    const data = Uint8Array.from({ length: side * side }, (_, at) => (at * Number(id.at(-1)) * 31) % 256);
    writeFileSync(`${name}/${id}.png`, encode({ width: side, height: side, channels: 1, data }));
  }
};

test.before(() => {
  process.chdir(folder);
  rows('train.npy', 30, 4);
  rows('held.npy', 6, 4);
  rows('noise.npy', 5, 4);
  rows('wide.npy', 5, 3);
  rows('none.npy', 0, 4);
  mkdirSync('empty');
  pictures('photos', 8);
  pictures('held-photos', 8);
  pictures('large', 12);
  writeFileSync('labels.csv', `label\n${Array.from({ length: 30 }, (_, row) => 'ab'[row % 2]).join('\n')}\n`);
  writeFileSync(
    'trees.csv',
    `x,kind\n${Array.from({ length: 30 }, (_, row) => `${row % 9},${'ab'[row % 2]}`).join('\n')}\n`,
  );
  writeFileSync('other.csv', 'y\n1\n2\n');
  writeFileSync('l.npy', writeNpy({ data: new Float32Array(60), shape: [2, 10, 3] }));
  writeFileSync('note.txt', 'hello');
});
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

const ROWS = ['train.npy', '--labels', 'labels.csv'];
const IN = [...ROWS, '--ood-in', 'held.npy'];
const PICTURES = ['photos', '--ood-in', 'held-photos'];
for (const [what, args, says] of [
  [
    'rows of another width',
    [...IN, '--ood-out', 'wide.npy'],
    /wide\.npy.*\[3\].*train\.npy \[4\].*same shape.*INPUT_SHAPE/,
  ],
  ['pictures beside rows', [...IN, '--ood-out', 'photos'], /photos is a folder of pictures.*of its kind.*INPUT_SHAPE/],
  ['a table beside rows', [...IN, '--ood-out', 'trees.csv'], /trees\.csv is a table.*of its kind.*INPUT_SHAPE/],
  ['larger pictures', [...PICTURES, '--ood-out', 'large'], /large.*\[12, 12, 3\].*--image-size.*INPUT_SHAPE/],
  ['no example', [...IN, '--ood-out', 'none.npy'], /none\.npy has the shape \[0, 4\].*one or more.*SAMPLE_TOO_SMALL/],
  ['an empty folder', [...PICTURES, '--ood-out', 'empty'], /no picture.*Check the path.*FOLDER_EMPTY/],
  [
    'other columns',
    ['trees.csv', '--target', 'kind', '--ood-in', 'trees.csv', '--ood-out', 'other.csv'],
    /"x".*COLUMN_UNKNOWN/,
  ],
  ['nothing at the path', [...IN, '--ood-out', 'nowhere'], /nowhere.*Check the path.*FILE_FAILED/],
  [
    'a file of another kind',
    [...IN, '--ood-out', 'note.txt'],
    /What is 'note\.txt'.*of the kind of train\.npy.*DATA_UNKNOWN/,
  ],
  ['an in-distribution set alone', IN, /Two sets at least.*--ood-out.*CONFIG_INVALID/],
  ['another set alone', [...ROWS, '--ood-out', 'noise.npy'], /Two sets at least.*Give --ood-in.*CONFIG_INVALID/],
  ['detectors without sets', [...ROWS, '--detectors', 'msp'], /Two sets at least.*CONFIG_INVALID/],
  ['one set as both', [...IN, '--ood-out', 'held.npy'], /'held\.npy' is given twice.*CONFIG_INVALID/],
  [
    'an unknown detector',
    [...IN, '--ood-out', 'noise.npy', '--detectors', 'msp,enery'],
    /no detector 'enery'\. Nearest: 'energy'\. Known: msp, .*vog.*DETECTOR_UNKNOWN/,
  ],
  [
    'a detector that the data is too small for',
    [...IN, '--ood-out', 'noise.npy', '--detectors', 'knn'],
    /k = 50, but the fit set has 30 examples.*SAMPLE_TOO_SMALL/,
  ],
] as const) {
  test(`${what}: refused by code with what to do, before anything is written`, async () => {
    const { code, error } = await vogjs('score', ...args, '--backend', 'cpu', '--out', 'runs/bad');
    assert.is(code, 1, error);
    assert.match(error, says);
    assert.not.ok(existsSync('runs'));
  });
}

const SETS = ['--ood-in', 'held.npy', '--ood-out', 'noise.npy'];
const SAVED = [...ROWS, '--checkpoints', 'ckpt/*', ...SETS];
for (const [what, args, says] of [
  ['stored logits', ['--logits', 'l.npy', ...SETS], /--ood-in is not for stored logits/],
  ['checkpoints that still come', [...SAVED, '--watch', '3'], /--ood-in needs the last checkpoint/],
  ['a shard', [...SAVED, '--shard', '1/2'], /--ood-out is scored by one process.*--shard/],
  ['workers', [...SAVED, '--workers', '2'], /--ood-out is scored by one process.*--workers/],
] as const) {
  test(`sets beside ${what} are the command line's fault`, async () => {
    const { code, error } = await vogjs('score', ...args, '--backend', 'cpu', '--out', 'runs/bad');
    assert.is(code, 2, error);
    assert.match(error, says);
    assert.not.ok(existsSync('runs'));
  });
}

test('a run that is done is not that of other sets', async () => {
  const args = [...IN, '--epochs', '2', '--metrics', 'mean-loss', '--detectors', 'msp', '--backend', 'cpu'];
  const first = await vogjs('score', ...args, '--ood-out', 'noise.npy', '--out', 'done');
  assert.is(first.code, 0, first.error);
  rows('noise.npy', 7, 4);
  const { code, error } = await vogjs('score', ...args, '--ood-out', 'noise.npy', '--out', 'done');
  assert.is(code, 1);
  assert.match(error, /other sets of --ood-in and --ood-out.*another --out.*RUN_EXISTS/);
});

test.run();
