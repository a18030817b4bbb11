// Only with --all: it runs the command line on folders
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createRun, openRun } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../command-line.test.helper.js';

const test = suite('vogjs export and import');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-export-'));
const start = process.cwd();
const paths = ['cat/1.png', 'cat/2.png', 'dog/1.png'];

test.before(async () => {
  process.chdir(folder);
  for (const path of paths) {
    mkdirSync(join('photos', path, '..'), { recursive: true });
    writeFileSync(join('photos', path), path);
  }
  const source = { source: 'photos', fingerprint: null, kind: 'images' } as const;
  const run = await createRun('runs/photos', { examples: 3, classNames: ['cat', 'dog'], data: source });
  await run.scores({ ids: paths, paths, labels: Int32Array.of(0, 0, 1), scores: [] });
  await run.finish();
});
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

const filesOf = (place: string): string[] =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

test('answers come into the run once, and a folder by what was decided is made beside the data', async () => {
  writeFileSync('answers.csv', 'id,given,corrected,decision\ncat/1.png,cat,dog,relabel\ncat/2.png,cat,,exclude\n');
  const first = await vogjs('import', 'runs/photos', 'answers.csv', '--by', 'ada');
  assert.is(first.code, 0, first.error);
  assert.match(first.out, /Took 2 answers of corrections: 1 relabelled, 1 excluded\./);
  const told = await vogjs('import', 'runs/photos', 'answers.csv', '--by', 'ada', '--json');
  const corrections = join('runs/photos', 'corrections.csv');
  assert.equal(JSON.parse(told.out), { taken: 0, from: 'corrections', known: 2, older: 0, corrections });
  const second = await vogjs('import', 'runs/photos', 'answers.csv', '--by', 'ada');
  assert.match(second.out, /Took 0 answers.*2 answers were in the run already/s);
  assert.is((await (await openRun('runs/photos')).reviews()).lines.length, 2);
  const before = filesOf('photos');
  for (const [out, ...how] of [['copied'], ['linked', '--link']] as const) {
    const made = await vogjs('export', 'runs/photos', '--to', 'folder', '--out', out, ...how);
    assert.is(made.code, 0, made.error);
    assert.match(made.out, `2 pictures to ${out}: 1 in another class, 1 left out.`);
    assert.equal(filesOf(out), [join(out, 'dog/1-1.png'), join(out, 'dog/1.png')]);
    assert.is(readFileSync(join(out, 'dog/1-1.png'), 'utf8'), 'cat/1.png');
    assert.is(lstatSync(join(out, 'dog/1.png')).isSymbolicLink(), how.length > 0);
  }
  assert.equal(filesOf('photos'), before);
});

test('a new folder in the data, over something, or of pictures that are not there is refused', async () => {
  const made = (...args: string[]) => vogjs('export', 'runs/photos', '--to', 'folder', ...args);
  assert.match((await made('--out', 'photos/new')).error, /lies in the data's folder.*ARGUMENT_INVALID/);
  assert.match((await made('--out', 'runs')).error, /is not empty.*ARGUMENT_INVALID/);
  assert.match((await made('--out', 'new', '--data', 'runs')).error, /Give --data.*ARGUMENT_INVALID/);
});

for (const [args, problem] of [
  [['export', 'runs/photos', '--to', 'csv', '--link'], /--link is for folder, not for csv/],
  [['export', 'runs/photos', '--to', 'coco', '--prefix', 'x'], /--prefix is for label-studio and argilla/],
  [['export', 'runs/photos', '--to', 'folder'], /--to folder needs --out/],
  [['export', 'runs/photos', '--to', 'xml'], /to must be 'csv', 'jsonl'/],
  [['import', 'runs/photos'], /An argument is missing: vogjs import <run> <file>\./],
  [['import', 'runs/photos', 'answers.csv', '--from', 'excel'], /label-studio/],
  [['import', 'runs/photos', 'answers.csv', 'more.csv'], /Unexpected argument 'more.csv'/],
  [
    ['score', 'x.npy', '--checkpoints', 'run/1.safetensors', 'run/2.safetensors'],
    /Unexpected argument 'run\/2.safetensors'\. A pattern of files needs quotes: --checkpoints 'run\/\*\.safetensors'/,
  ],
] as const) {
  test(`vogjs ${args.join(' ')} is refused with exit code 2`, async () => {
    const { code, error } = await vogjs(...args);
    assert.is(code, 2, error);
    assert.match(error, problem);
  });
}

test('a file of answers that is not there is told by its path', async () => {
  const { code, error } = await vogjs('import', 'runs/photos', 'nowhere.json');
  assert.is(code, 1);
  assert.match(error, /nowhere\.json.*FILE_FAILED/);
});

test.run();
