// Only with --all: it trains two networks at toy size, and scores by every metric
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '@vogjs/example-shared';
import { runQuietly } from '@vogjs/example-shared/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeMadeUpCifar } from '../fixtures/made-up-cifar.js';
import { training } from '../train/program.js';
import { labelErrors } from './program.js';

const test = suite('label errors');

const EXAMPLES = 120;
/** A fold of thirty has six wrong labels. */
const FOLD = EXAMPLES / 4;

let folder = '';
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
  await writeMadeUpCifar(folder, EXAMPLES);
});
test.after(() => rm(folder, { recursive: true }));

const train = (name: string, ...args: string[]) => {
  const size = ['--preset', 'toy', '--examples', String(EXAMPLES), '--test', '40', '--epochs', '6', '--width', '2'];
  const out = ['--data', folder, '--out', join(folder, name)];
  return runQuietly(training, [...size, '--backend', 'wasm', ...out, ...args]);
};

const find = (...args: string[]) => runQuietly(labelErrors, ['--backend', 'wasm', '--data', folder, ...args]);

test('every metric, another training that has not seen the images, suspects; a second run scores nothing again', async () => {
  assert.is((await train('own', '--labels', 'worse')).code, EXIT.done);
  assert.is((await train('other', '--labels', 'worse', '--without', '2')).code, EXIT.done);
  const out = join(folder, 'out');
  const both = ['--run', join(folder, 'own'), '--without', join(folder, 'other'), '--out', out];
  const first = await find(...both);
  assert.is(first.code, EXIT.done, first.output);
  assert.match(first.output, `worse: ${FOLD} images, 20.0 % of their labels wrong`);
  const { rows, suspects, errors } = JSON.parse(await readFile(join(out, 'label-errors-worse.json'), 'utf8')) as {
    rows: { name: string; auroc: { estimate: number; low: number; high: number }; precision: number }[];
    suspects: { name: string; suspects: number }[];
    errors: number;
  };
  assert.is(errors, 6);
  const names = rows.map(({ name }) => name);
  for (const name of [
    'vog-softmax',
    'vog-softmax-late',
    'vog-logit',
    'mean-loss',
    'prediction-depth',
    'prototypicality',
  ]) {
    assert.ok(names.includes(name), name);
  }
  assert.ok(names.includes('mean-loss, out of sample') && names.includes('findLabelErrors, and out of sample'));
  assert.is(new Set(names).size, names.length);
  for (const { name, auroc, precision } of rows) {
    assert.ok(auroc.low <= auroc.estimate && auroc.estimate <= auroc.high, name);
    assert.ok(precision >= 0 && precision <= 1, name);
  }
  assert.ok(suspects.every((row) => row.suspects >= 0 && row.suspects <= FOLD));
  const shards = (await readdir(out)).filter((name) => name.endsWith('.safetensors'));
  assert.equal(shards.toSorted(), ['every-metric-worse-000000.safetensors', 'out-of-sample-worse-000000.safetensors']);
  const written = await Promise.all(shards.map(async (name) => (await stat(join(out, name))).mtimeMs));
  const second = await find(...both);
  assert.match(second.output, 'images 0 to 29: done before');
  assert.equal(await Promise.all(shards.map(async (name) => (await stat(join(out, name))).mtimeMs)), written);
});

test('trainings that do not belong together are refused, and so is a Python that is none', async () => {
  const at = (name: string) => join(folder, name);
  assert.is((await train('clean')).code, EXIT.done);
  assert.is((await train('seed', '--labels', 'worse', '--without', '1', '--seed', '5')).code, EXIT.done);
  for (const [args, said] of [
    [[], /--run is missing/],
    [['--run', at('own')], /--without is missing/],
    [['--run', at('nowhere'), '--without', at('other')], /holds no training/],
    [['--run', at('clean'), '--without', at('other')], /no training of all images on people's labels/],
    [['--run', at('own'), '--without', at('clean')], /has seen every image/],
    [['--run', at('own'), '--without', at('seed')], /differ in seed/],
    [['--run', at('own'), '--without', at('other'), '--out', at('out'), '--python', at('no-python')], /did not answer/],
  ] as const) {
    const { code, output } = await find(...args);
    assert.is(code, EXIT.usage, output);
    assert.match(output, said);
  }
});

test.run();
