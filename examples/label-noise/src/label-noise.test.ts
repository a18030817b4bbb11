// Only with --all: it runs an experiment at toy size
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { EXIT } from '@vogjs/example-shared';
import { runQuietly } from '@vogjs/example-shared/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readOptions } from './options.js';
import { labelNoise } from './program.js';

const test = suite('label-noise');

const EXAMPLES = 100;

let folder = '';
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
  const random = seededRandom(1);
  const classes = Uint8Array.from({ length: 50_000 }, (_, i) => i % 10);
  const images = Buffer.concat(
    Array.from({ length: EXAMPLES }, (_, i) =>
      Uint8Array.from({ length: 3073 }, (_, at) => (at === 0 ? (classes[i] as number) : random.integer(256))),
    ),
  );
  await writeFile(join(folder, 'data_batch_1.bin'), images);
  // Every fifth human label is wrong.
  const human = classes.map((label, i) => (i % 5 === 0 ? (label + 1) % 10 : label));
  await writeFile(
    join(folder, 'cifar10n_labels_6x50000.u8'),
    Buffer.concat([classes, ...new Array<Uint8Array>(5).fill(human)]),
  );
});
test.after(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => runQuietly(labelNoise, args);

test('a tiny run: every score beside a random order, agreement, the t-test of the shuffled labels, a JSON file', async () => {
  const size = ['--examples', String(EXAMPLES), '--epochs', '2', '--seeds', '2', '--width', '2'];
  const rest = ['--labels', 'worse,shuffled', '--no-cost', '--backend', 'wasm', '--data', folder, '--out', folder];
  const { code, output } = await run(...size, ...rest);
  assert.is(code, EXIT.done, output);
  for (const text of [
    '## worse',
    '## shuffled',
    '(a random order)',
    'vog-logit',
    'vog-loss',
    'aum',
    'prediction-depth',
  ]) {
    assert.match(output, text);
  }
  assert.match(output, 'seed 2: 20.0 % of the labels are wrong');
  assert.match(output, /\| vog-loss +\| classAbsolute +\|/);
  const results = JSON.parse(await readFile(join(folder, 'label-noise.json'), 'utf8')) as {
    worse: { noiseRate: number; rows: { name: string; detected: { auroc: number }[] }[] };
  };
  assert.is(results.worse.noiseRate, 0.2);
  for (const { name, detected } of results.worse.rows) {
    assert.is(detected.length, 2, name);
    for (const { auroc } of detected) assert.ok(auroc >= 0 && auroc <= 1, name);
  }
});

test('wrong options and missing data end with code 2 and say what to do', async () => {
  for (const args of [
    ['--labels', 'best'],
    ['--seeds', '11'],
    ['--examples', '50001'],
    ['--epochs', '1'],
    ['--unknown'],
    ['--data', join(folder, 'nowhere')],
  ]) {
    const { code, output } = await run(...args);
    assert.is(code, EXIT.usage, `${args.join(' ')}: ${output}`);
    assert.match(output, '--');
  }
});

test('--quick is smaller, and what is typed beside it counts', () => {
  assert.ok(readOptions({ quick: true }).examples < readOptions({}).examples);
  assert.is(readOptions({ quick: true, epochs: 7 }).epochs, 7);
  assert.equal(readOptions({ labels: 'worse,aggre' }).labelSets, ['aggre', 'worse']);
  assert.is(readOptions({ cost: false }).cost, false);
});

test.run();
