// Only with --all: it loads TensorFlow.js and reads folders, tables and logits
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { writeNpy } from '@vogjs/formats';
import { openRun } from '@vogjs/run';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../command-line.test.helper.js';

const test = suite('bad input of vogjs score');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-bad-'));
const start = process.cwd();

function picture(path: string, shade: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, encode({ width: 4, height: 4, channels: 1, data: new Uint8Array(16).fill(shade) }));
}
const table = (name: string, head: string, count: number, row: (i: number) => string): void =>
  writeFileSync(name, `${head}\n${Array.from({ length: count }, (_, i) => row(i)).join('\n')}\n`);

test.before(() => {
  process.chdir(folder);
  mkdirSync('empty');
  for (const name of ['a', 'b']) {
    mkdirSync(`classes/${name}`, { recursive: true });
    mkdirSync(`broken/${name}`, { recursive: true });
    writeFileSync(`broken/${name}/1.png`, 'no picture');
  }
  for (let i = 0; i < 4; i++) {
    picture(`one/cat/${i}.png`, 20 * i);
    picture(`flat/${i}.png`, 20 * i);
    picture(`rare/a/${i}.png`, 20 * i);
  }
  picture('rare/b/0.png', 200);
  table('twice.csv', 'id,label', 2, () => '0.png,a');
  table('strangers.csv', 'id,label', 2, (i) => `nobody-${i}.png,a`);
  table('constant.csv', 'x,y,kind', 20, (i) => `3,7,${'ab'[i % 2]}`);
  table('ids.csv', 'x,price', 300, (i) => `${i},${(i * 1.37).toFixed(2)}`);
  table('many.csv', 'x,kind', 360, (i) => `${i % 50},k${i % 300}`);
  table('target.csv', 'kind', 20, (i) => 'ab'[i % 2]!);
  table('l.csv', 'label', 19, (i) => 'abc'[i % 3]!);
  table('l20.csv', 'label', 20, (i) => 'abc'[i % 3]!);
  table('l4.csv', 'label', 20, (i) => 'abcd'[i % 4]!);
  writeFileSync('l.npy', writeNpy({ data: Float32Array.from({ length: 120 }, (_, i) => i % 7), shape: [2, 20, 3] }));
  const front = writeNpy({ data: new Float32Array(20 * 75), shape: [20, 3, 5, 5] });
  writeFileSync('front.npy', front);
  writeFileSync('half.npy', Buffer.from(Buffer.from(front).toString('latin1').replace('<f4', '<f2'), 'latin1'));
  writeFileSync('note.txt', 'hello');
});
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

for (const [what, args, says] of [
  ['an empty folder', ['empty'], /no picture.*Check the path.*FOLDER_EMPTY/],
  ['classes without pictures', ['classes'], /no picture.*FOLDER_EMPTY/],
  ['one class', ['one'], /have the same class.*at least two classes.*CLASSES_UNFIT/],
  [
    'a class with fewer than the folds',
    ['rare', '--folds', '3'],
    /Class 'b' has 1 example, and --folds 3 needs 3 in each class.*fewer folds.*CLASSES_UNFIT/,
  ],
  ['broken pictures', ['broken'], /2 of 2.*Copy the files again or remove them\. \[IMAGE_BROKEN\]/],
  ['pictures without labels', ['flat'], /one folder a class, or give --labels labels\.csv.*FOLDER_LAYOUT/],
  ['two labels of a file', ['flat', '--labels', 'twice.csv'], /rows 2 and 3.*remove one row.*IDS_DUPLICATE/],
  ['labels of other files', ['flat', '--labels', 'strangers.csv'], /expected ids like 0\.png.*LABELS_UNMATCHED/],
  ['columns that say nothing', ['constant.csv', '--target', 'kind'], /"x", "y".*columns to learn from.*TABLE_INVALID/],
  ['columns that are ids', ['ids.csv', '--target', 'price'], /as in ids.*"x".*TABLE_INVALID/],
  ['a table of labels alone', ['target.csv', '--target', 'kind'], /columns to learn from.*TABLE_INVALID/],
  ['a target of hundreds of values', ['many.csv', '--target', 'kind'], /300 classes and 360.*ranges.*CLASSES_UNFIT/],
  ['no target', ['constant.csv'], /Give --target\. Columns: x, y, kind.*CONFIG_INVALID/],
  [
    'an unknown target',
    ['constant.csv', '--target', 'knd'],
    /no column 'knd'\. Did you mean kind\? Columns: x, y, kind.*COLUMN_UNKNOWN/,
  ],
  [
    'a file of another kind',
    ['note.txt'],
    /'note\.txt' cannot be scored: give a folder of pictures, a table.*DATA_UNKNOWN/,
  ],
  ['nothing at the path', ['nowhere'], /no such file or folder\. Check the path\. \[FILE_FAILED\]/],
  [
    'an unknown metric',
    ['rare', '--metrics', 'aun'],
    /no metric 'aun'\. Did you mean aum\? Known: vog.*METRIC_UNKNOWN/,
  ],
  [
    'a class that --class-names lacks',
    ['rare', '--class-names', 'a,c'],
    /^vogjs: label 'b' .* not among --class-names: a, c/,
  ],
  ['channels in front', ['front.npy', '--labels', 'l20.csv'], /channels are in front.*np\.moveaxis.*INPUT_SHAPE/],
  ['an array of another kind', ['half.npy', '--labels', 'l20.csv'], /^vogjs: half\.npy: .*"<f2".*FORMAT_UNSUPPORTED/],
  ['too few labels', ['--logits', 'l.npy', '--labels', 'l.csv'], /19 labels for 20 rows.*LOGITS_INVALID/],
  ['too many classes', ['--logits', 'l.npy', '--labels', 'l4.csv'], /--class-names.*CLASSES_UNFIT/],
] as const) {
  test(`${what}: refused by code with what to do, before anything is written`, async () => {
    const { code, error } = await vogjs('score', ...args, '--backend', 'cpu', '--out', 'runs/bad');
    assert.is(code, 1, error);
    assert.match(error, says);
    assert.not.ok(existsSync('runs'));
  });
}

for (const how of [[], ['--shard', '1/1'], ['--workers', '1']]) {
  test(`--out at the path of a file is refused by code, and the file stays${how.length > 0 ? `: ${how[0]}` : ''}`, async () => {
    const labels = ['--labels', 'l20.csv', '--chunk-size', '20', '--backend', 'cpu'];
    for (const out of ['note.txt', 'note.txt/run']) {
      const { code, error } = await vogjs('score', '--logits', 'l.npy', ...labels, '--out', out, ...how);
      assert.is(code, 1, error);
      assert.match(error, /note\.txt.*(?:give another path|Check the path).*FILE_FAILED/);
    }
    assert.is(readFileSync('note.txt', 'utf8'), 'hello');
  });
}

test('without room for the outcome a run ends by code, and a second call with room makes it whole', async () => {
  const labels = ['--labels', 'l20.csv', '--out', 'small', '--chunk-size', '20', '--backend', 'cpu'];
  const score = ['score', '--logits', 'l.npy', ...labels];
  // Two blocks of 512 bytes a file: less than a table of 20 rows, and what a full disk does without filling one.
  const source = fileURLToPath(new URL('../../../../', import.meta.url));
  const program = ['scripts/ts.mjs', 'packages/vogjs/src/main.ts'].map((path) => join(source, path));
  const { status, stderr } = spawnSync('sh', ['-c', 'ulimit -f 2; exec node "$@"', 'sh', ...program, ...score], {
    encoding: 'utf8',
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  });
  assert.is(status, 1, stderr);
  assert.match(stderr, /small.*cannot be written.*ulimit -f.*FILE_FAILED/);
  const { code, error } = await vogjs(...score);
  assert.is(code, 0, error);
  assert.is((await openRun('small')).manifest.state, 'complete');
});

test.run();
