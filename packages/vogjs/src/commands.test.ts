// Only with --all: it trains, scores and exports from end to end
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as tf from '@tensorflow/tfjs';
import { seededRandom, writeNpy, writeSafetensors } from '@vogjs/formats';
import { openRun } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from './command-line.test.helper.js';
import { saveModel } from './score/checkpoints/save-model.test.helper.js';

const test = suite('vogjs from end to end');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-commands-'));
const start = process.cwd();
test.before(() => process.chdir(folder));
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

const ROWS = 60;
const CPU = ['--backend', 'cpu'];

/** Logits of four examples and three classes, with one number that is another. */
function holed(at: number, value = 0): Float32Array {
  return Float32Array.from({ length: 12 }, (_, i) => (i === at ? value : Math.sin(i * 1.7) * 4));
}

/** Two clouds of points, apart; four of the second kind are called the first. */
function writeTable(): void {
  const random = seededRandom(5);
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const kind = row % 2;
    const label = kind === 1 && row % 15 === 0 ? 'oak' : ['oak', 'elm'][kind];
    return `${(random.normal() + 4 * kind).toFixed(3)},${random.normal().toFixed(3)},${label}`;
  });
  writeFileSync('trees.csv', `height,girth,kind\n${lines.join('\n')}\n`);
}

test('a table is trained on with the network of a module, whatever the form of its loss, and reported and exported', async () => {
  writeTable();
  const network = (loss: string): string =>
    `import * as tf from '@tensorflow/tfjs';
interface Task { shapes: number[][]; classes: number; seed: number }
export default ({ shapes, classes, seed }: Task): tf.LayersModel => {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const dense = tf.layers.dense({ name: 'mine', inputShape: shapes[0], units: classes, activation: ACTIVATION, kernelInitializer });
  const model = tf.sequential({ layers: [dense] });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: LOSS });
  return model;
};
`
      .replace('LOSS', loss)
      .replace('ACTIVATION', loss.startsWith("'") ? "'softmax'" : "'linear'");
  // The same loss three times: of indices, of a column a class, and as a function of somebody's own.
  const losses = ["'sparseCategoricalCrossentropy'", "'categoricalCrossentropy'", 'tf.losses.softmaxCrossEntropy'];
  const found: number[][] = [];
  for (const [at, loss] of losses.entries()) {
    writeFileSync(`network-${at}.ts`, network(loss));
    const asked = ['score', 'trees.csv', '--target', 'kind', '--train', `network-${at}.ts`, '--epochs', '2', ...CPU];
    const { code, error } = await vogjs(...asked, '--metrics', 'mean-loss', '--out', `runs/loss-${at}`);
    assert.is(code, 0, `${loss}: ${error}`);
    found.push(Array.from(await (await (await openRun(`runs/loss-${at}`)).scores()).values('mean-loss')));
  }
  for (const values of found.slice(1)) {
    for (const [row, value] of values.entries()) assert.ok(Math.abs(value - found[0]![row]!) < 1e-4);
  }
  writeFileSync('network.ts', network(losses[0]!));
  const asked = ['score', 'trees.csv', '--target', 'kind', '--train', 'network.ts', '--epochs', '3', ...CPU];
  const { code, error, out } = await vogjs(...asked, '--metrics', 'vog,mean-loss');
  assert.is(code, 0, error);
  assert.match(out, /epoch 3\/3/);
  const run = await openRun('runs/trees');
  assert.is(run.manifest.model.name, 'network.ts');
  assert.is(run.manifest.checkpoints.length, 3);
  assert.ok(Array.from(await (await run.scores()).values('vog')).every(Number.isFinite));

  const report = await vogjs('report', 'runs/trees', '--json');
  assert.is(report.code, 0, report.error);
  assert.equal(JSON.parse(report.out), { report: join('runs/trees', 'report.html') });
  const page = readFileSync('runs/trees/report.html', 'utf8');
  assert.match(page, /^<!doctype html>/i);
  assert.match(page, /network\.ts/);

  const csv = await vogjs('export', 'runs/trees', '--to', 'csv');
  assert.is(csv.code, 0, csv.error);
  const lines = csv.out.trimEnd().split('\r\n');
  assert.is(lines.length, ROWS + 1);
  assert.match(lines[0]!, /vog.*mean-loss.*height.*girth/);
  const toFile = await vogjs('export', 'runs/trees', '--to', 'jsonl', '--out', 'scores.jsonl');
  assert.is(toFile.code, 0, toFile.error);
  assert.is(toFile.out, '');
  assert.is(readFileSync('scores.jsonl', 'utf8').trimEnd().split('\n').length, ROWS);
  assert.match((await vogjs('export', 'runs/nothing', '--to', 'csv')).error, /RUN_ABSENT/);
  assert.is((await vogjs('report', 'runs/nothing')).code, 1);
});

test('a module that gives no compiled model is refused before anything is written', async () => {
  writeFileSync('none.ts', 'export default () => 3;\n');
  const asked = ['score', 'trees.csv', '--target', 'kind', '--out', 'runs/none', ...CPU];
  const none = await vogjs(...asked, '--train', 'none.ts', '--plan');
  assert.match(none.error, /must give a tf\.LayersModel that was compiled.*CONFIG_INVALID/);
  writeFileSync('text.ts', "export default 'model';\n");
  assert.match((await vogjs(...asked, '--train', 'text.ts')).error, /must export a function by default/);
  assert.match((await vogjs(...asked, '--train', 'absent.ts')).error, /no file .*absent\.ts.*CONFIG_INVALID/);
  assert.not.ok(existsSync('runs/none'));
});

test('an option that nothing would read is refused by name, with code 2', async () => {
  for (const [typed, message] of [
    ['--logits x.npy --folds 3', /--folds is not for stored logits/],
    ['--logits x.npy --checkpoints ckpt', /--checkpoints is not for stored logits/],
    ['trees.csv --target kind --checkpoints ckpt --train network.ts', /--train is for a training/],
    ['trees.csv --target kind --layout torch', /--layout needs --checkpoints/],
    ['trees.csv --target kind --train network.ts --network mlp', /--network is not for a network of your own/],
    ['trees.csv --target kind --image-size 32', /--image-size is for a folder of pictures/],
    ['--resume --out runs/trees --config vogjs.config.ts', /--resume goes on with.*--config/],
  ] as const) {
    const { code, error } = await vogjs('score', ...typed.split(' '), ...CPU);
    assert.is(code, 2, `${typed}: ${error}`);
    assert.match(error, message);
  }
});

test('more folds than a class has examples are refused, and the message says what to do', async () => {
  writeFileSync(
    'rare.csv',
    `a,b,kind\n${Array.from({ length: 20 }, (_, i) => `${i * 1.5},${i ** 2},${i < 3 ? 'x' : 'y'}`).join('\n')}\n`,
  );
  const { code, error } = await vogjs(
    'score',
    'rare.csv',
    '--target',
    'kind',
    '--folds',
    '5',
    '--out',
    'runs/rare',
    ...CPU,
  );
  assert.is(code, 1);
  assert.match(error, /Class 'x' has 3 examples, and --folds 5 needs 5 in each.*fewer folds.*CLASSES_UNFIT/);
  assert.not.ok(existsSync('runs/rare'));
});

test('logits that contradict their labels, their shape or themselves are refused before anything is written', async () => {
  const write = (name: string, data: Float32Array | Int32Array, ...shape: number[]): void =>
    writeFileSync(name, writeNpy({ data, shape }));
  write('flat.npy', new Float32Array(12), 4, 3);
  write('whole.npy', new Int32Array(24), 2, 4, 3);
  write('one.npy', new Float32Array(8), 2, 4, 1);
  write('sums.npy', new Float32Array(24).fill(1 / 3), 2, 4, 3);
  write(
    'right.npy',
    Float32Array.from({ length: 24 }, (_, at) => at % 5),
    2,
    4,
    3,
  );
  mkdirSync('mixed');
  write(
    'mixed/1.npy',
    Float32Array.from({ length: 12 }, (_, at) => at),
    4,
    3,
  );
  write(
    'mixed/2.npy',
    Float32Array.from({ length: 15 }, (_, at) => at),
    5,
    3,
  );
  mkdirSync('empty');
  writeFileSync('four.csv', 'label\na\nb\nc\na\n');
  writeFileSync('five.csv', 'label\na\nb\nc\na\nb\n');
  writeFileSync('classes.csv', 'label\na\nb\nc\nd\n');
  const refused = async (logits: string, labels = 'four.csv'): Promise<string> => {
    const { code, error } = await vogjs('score', '--logits', logits, '--labels', labels, '--out', 'runs/wrong', ...CPU);
    assert.is(code, 1, logits);
    return error;
  };
  assert.match(
    await refused('flat.npy'),
    /shape \[4, 3\], expected \[checkpoints, examples, classes\].*LOGITS_INVALID/,
  );
  assert.match(await refused('whole.npy'), /holds int32, expected float32/);
  assert.match(await refused('one.npy'), /one output.*\(-z\/2, z\/2\)/);
  assert.match(await refused('sums.npy'), /holds probabilities.*Save logits/);
  assert.match(await refused('empty'), /has no \.npy files/);
  assert.match(await refused('right.npy', 'five.csv'), /five\.csv has 5 labels for 4 rows/);
  assert.match(await refused('right.npy', 'classes.csv'), /4 .*3.*CLASSES_UNFIT/);
  assert.match(await refused('nowhere.npy'), /nowhere\.npy.*FILE_FAILED/);
  assert.match(await refused('mixed'), /2\.npy is \[5, 3\], and 1\.npy is \[4, 3\].*LOGITS_INVALID/);
  mkdirSync('holes');
  write('holes/1.npy', holed(0), 4, 3);
  write('holes/2.npy', holed(7, Number.NEGATIVE_INFINITY), 4, 3);
  assert.match(await refused('holes'), /holes holds -Infinity at example 2 of 2\.npy\. .*save -1e9.*LOGITS_INVALID/);
  write('first.npy', Float32Array.of(...holed(4, Number.NaN), ...holed(0)), 2, 4, 3);
  assert.match(
    await refused('first.npy'),
    /first\.npy holds NaN at example 1 of checkpoint 0\. Leave that example out/,
  );
  assert.not.ok(existsSync('runs/wrong'));
});

test('stored logits of a checkpoint that had diverged for every example are left out', async () => {
  const lost = new Float32Array(12).fill(Number.NaN);
  const data = Float32Array.of(...holed(0), ...lost, ...holed(0));
  writeFileSync('diverged.npy', writeNpy({ data, shape: [3, 4, 3] }));
  const asked = ['score', '--logits', 'diverged.npy', '--labels', 'four.csv', '--out', 'runs/diverged', ...CPU];
  const { code, error } = await vogjs(...asked);
  assert.is(code, 0, error);
  const { checkpoints } = (await openRun('runs/diverged')).manifest;
  assert.equal(
    checkpoints.map(({ epoch }) => epoch),
    [0, 2],
  );
});

test('weights by the names and layout of PyTorch score as the same network in TensorFlow.js', async () => {
  const random = seededRandom(9);
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const [examples, width, units] = [10, 5, 3];
  writeFileSync('rows.npy', writeNpy({ data: draw(examples * width), shape: [examples, width] }));
  writeFileSync('rows.csv', `label\n${Array.from({ length: examples }, (_, i) => 'abc'[i % 3]).join('\n')}\n`);
  for (const epoch of [1, 2, 3]) {
    const [weight, bias] = [draw(units * width), draw(units)];
    // A linear layer of PyTorch is [out, in].
    const tensors = { 'fc.weight': { data: weight, shape: [units, width] }, 'fc.bias': { data: bias, shape: [units] } };
    mkdirSync('torch', { recursive: true });
    writeFileSync(`torch/epoch-${epoch}.safetensors`, writeSafetensors(tensors));
    const model = tf.sequential({ layers: [tf.layers.dense({ name: 'fc', units, inputShape: [width] })] });
    model.setWeights([tf.tensor2d(weight, [units, width]).transpose(), tf.tensor1d(bias)]);
    await saveModel(model, `tfjs/epoch-${epoch}`);
  }
  const asked = ['score', 'rows.npy', '--labels', 'rows.csv', '--metrics', 'vog,aum', ...CPU];
  const ours = await vogjs(...asked, '--checkpoints', 'tfjs/*', '--out', 'runs/tfjs');
  assert.is(ours.code, 0, ours.error);
  const model = ['--model', 'tfjs/epoch-1/model.json', '--layout', 'torch'];
  const theirs = await vogjs(...asked, '--checkpoints', 'torch/*', ...model, '--out', 'runs/torch');
  assert.is(theirs.code, 0, theirs.error);
  const values = async (name: string, column: string): Promise<number[]> =>
    Array.from(await (await (await openRun(`runs/${name}`)).scores()).values(column));
  for (const column of ['vog', 'aum']) {
    const expected = await values('tfjs', column);
    assert.ok(new Set(expected).size > 1);
    assert.equal(await values('torch', column), expected);
  }
  // Without the layout the names are not found: nothing is scored with weights of its own.
  const wrong = await vogjs(...asked, '--checkpoints', 'torch/*', ...model.slice(0, 2), '--out', 'runs/wrong-layout');
  assert.match(wrong.error, /WEIGHTS_MISMATCH/);
  assert.not.ok(existsSync('runs/wrong-layout'));
});

test.run();
