// Only with --all: it scores stored logits several times over
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { seededRandom, writeNpy } from '@vogjs/formats';
import { openRun } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from './command-line.test.helper.js';

const test = suite('vogjs on the command line: score');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-score-'));

const start = process.cwd();
test.before(() => process.chdir(folder));
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

const EXAMPLES = 200;
const CLASSES = ['ant', 'bee', 'cat', 'dog'];
const CHECKPOINTS = 6;
/** Every tenth of the first hundred has the next class's name. */
const isWrong = (row: number): boolean => row % 10 === 3 && row < 100;

function writeData(): void {
  const random = seededRandom(7);
  const size = EXAMPLES * CLASSES.length;
  const data = new Float32Array(CHECKPOINTS * size);
  for (let at = 0; at < data.length; at++) {
    const checkpoint = Math.floor(at / size);
    const truth = Math.floor((at % size) / CLASSES.length) % CLASSES.length;
    data[at] = 2 * random.uniform() + (at % CLASSES.length === truth ? checkpoint : 0);
  }
  writeFileSync(join(folder, 'logits.npy'), writeNpy({ data, shape: [CHECKPOINTS, EXAMPLES, CLASSES.length] }));
  const rows = Array.from({ length: EXAMPLES }, (_, row) => `img-${row},${CLASSES[(row + Number(isWrong(row))) % 4]}`);
  writeFileSync(join(folder, 'labels.csv'), `id,label\n${rows.join('\n')}\n`);
}

const LOGITS = ['score', '--logits', 'logits.npy', '--labels', 'labels.csv', '--backend', 'cpu'];

test('stored logits become a run whose planted errors are found, and a second call does nothing', async () => {
  writeData();
  const before = readdirSync(folder);
  const first = await vogjs(...LOGITS, '--out', 'runs/a', '--windows', '2', '--json');
  assert.is(first.code, 0, first.error);
  const summary = JSON.parse(first.out) as Record<string, unknown> & { labelErrors: { id: string }[] };
  assert.is(summary['examples'], EXAMPLES);
  const planted = Array.from({ length: EXAMPLES }, (_, row) => row)
    .filter(isWrong)
    .map((row) => `img-${row}`);
  assert.equal(summary.labelErrors.map(({ id }) => id).toSorted(), planted.toSorted());
  assert.equal(readdirSync(folder).toSorted(), [...before, 'runs'].toSorted(), 'nothing is written beside the run');

  const run = await openRun(join(folder, 'runs/a'));
  assert.is(run.manifest.state, 'complete');
  assert.equal(run.manifest.classNames, CLASSES);
  assert.ok(run.manifest.metrics.includes('mean-loss') && !run.manifest.metrics.includes('vog'));
  assert.is((await run.trajectories()).checkpoints, CHECKPOINTS);
  const names = (await run.scores()).columns.map(({ name }) => name);
  assert.ok(names.includes('mean-loss@early') && names.includes('mean-loss@late'), names.join());

  const written = readFileSync(join(folder, 'runs/a/scores.parquet'));
  const second = await vogjs(...LOGITS, '--out', 'runs/a', '--windows', '2');
  assert.is(second.code, 0, second.error);
  assert.match(second.out, /done already/);
  assert.match(second.out, /10 of 200 +labels are probably wrong/);
  assert.ok(written.equals(readFileSync(join(folder, 'runs/a/scores.parquet'))));
});

test('other options are no continuation of a run, and the message names them', async () => {
  const { code, error } = await vogjs(...LOGITS, '--out', 'runs/a', '--windows', '3');
  assert.is(code, 1);
  assert.match(error, /has other options: windows was 2, and is 3 now\. Give another --out.*RUN_EXISTS/s);
});

test('more errors than --fail-above allows end with code 3', async () => {
  const { code, error } = await vogjs('score', '--resume', '--out', 'runs/a', '--fail-above', 'label-errors=0.02');
  assert.is(code, 3, error);
  assert.match(error, /label-errors are 5\.00 % \(10 of 200\), above 2 %/);
  assert.is((await vogjs('score', '--resume', '--out', 'runs/a', '--fail-above', 'label-errors=0.06')).code, 0);
});

test('--plan tells what it would take and writes nothing', async () => {
  const { code, out } = await vogjs(...LOGITS, '--out', 'runs/b', '--plan');
  assert.is(code, 0);
  assert.match(out, /Passes +6 forward, 0 backward/);
  assert.equal(readdirSync(join(folder, 'runs')), ['a']);
});

test('a configuration in TypeScript is taken, flags win, and an unknown key is refused by name', async () => {
  writeFileSync(
    join(folder, 'vogjs.config.ts'),
    "import { defineRun } from 'vogjs';\nconst windows: number = 3;\n" +
      "export default defineRun({ logits: 'logits.npy', labels: 'labels.csv', windows, metrics: ['aum'], backend: 'cpu' });\n",
  );
  const { code, error } = await vogjs('score', '--windows', '2', '--out', 'runs/c');
  assert.is(code, 0, error);
  const { manifest } = await openRun(join(folder, 'runs/c'));
  assert.is(manifest.config['windows'], 2);
  assert.equal(manifest.metrics, ['aum']);
  writeFileSync(join(folder, 'vogjs.config.ts'), "export default { logit: 'logits.npy' };\n");
  const refused = await vogjs('score');
  assert.match(refused.error, /vogjs\.config\.ts: .*unknown option 'logit'.*CONFIG_INVALID/s);
  rmSync(join(folder, 'vogjs.config.ts'));
});

test.run();
