// Only with --all: it trains two networks at toy size, and scores by every metric
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { EXIT, type Program, runProgram } from '@vogjs/example-shared';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { training } from '../train/program.js';
import { labelErrors } from './program.js';

const test = suite('label errors');

const EXAMPLES = 120;
const FOLD = EXAMPLES / 4;

let folder = '';
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
  const random = seededRandom(1);
  const classes = Uint8Array.from({ length: 50_000 }, () => random.integer(10));
  // An image of class c is bright in row c, so that there is something to learn.
  const images = Buffer.concat(
    Array.from({ length: EXAMPLES }, (_, i) =>
      Uint8Array.from({ length: 3073 }, (_, at) => {
        if (at === 0) return classes[i] as number;
        const row = Math.floor(((at - 1) % 1024) / 32);
        return random.integer(100) + (Math.floor(row / 3) === classes[i] ? 150 : 0);
      }),
    ),
  );
  await writeFile(join(folder, 'data_batch_1.bin'), images);
  await writeFile(join(folder, 'test_batch.bin'), images);
  // Every fifth human label is wrong, six in a fold of thirty.
  const human = classes.map((label, i) => (i % 5 === 0 ? (label + 1) % 10 : label));
  const rows = [classes, ...new Array<Uint8Array>(5).fill(human)];
  await writeFile(join(folder, 'cifar10n_labels_6x50000.u8'), Buffer.concat(rows));
});
test.after(() => rm(folder, { recursive: true }));

async function run(program: Program, ...args: string[]): Promise<{ code: number; output: string }> {
  const [log, error] = [console.log, console.error];
  const lines: string[] = [];
  console.log = console.error = (line: string) => void lines.push(line);
  try {
    return { code: await runProgram(program, args), output: lines.join('\n') };
  } finally {
    [console.log, console.error] = [log, error];
  }
}

const train = (name: string, ...args: string[]) => {
  const size = ['--preset', 'toy', '--examples', String(EXAMPLES), '--test', '40', '--epochs', '6', '--width', '2'];
  return run(training, ...size, '--backend', 'wasm', '--data', folder, '--out', join(folder, name), ...args);
};

const find = (...args: string[]) => run(labelErrors, '--backend', 'wasm', '--data', folder, ...args);

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
