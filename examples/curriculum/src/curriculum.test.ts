// Only with --all: it runs an experiment at toy size
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { EXIT } from '@vogjs/example-shared';
import { runQuietly } from '@vogjs/example-shared/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Run } from './experiment.js';
import { BASELINE, METHODS } from './methods.js';
import { curriculumExample } from './program.js';
import { summarise } from './results.js';
import { methodTable } from './tables.js';

const test = suite('curriculum example');
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
  for (const name of ['data_batch_1.bin', 'test_batch.bin']) await writeFile(join(folder, name), images);
  // Every fifth human label is wrong.
  const human = classes.map((label, i) => (i % 5 === 0 ? (label + 1) % 10 : label));
  await writeFile(
    join(folder, 'cifar10n_labels_6x50000.u8'),
    Buffer.concat([classes, ...new Array<Uint8Array>(5).fill(human)]),
  );
});
test.after(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => runQuietly(curriculumExample, args);

test('a tiny run: every method takes the same steps from the same weights, and shows what it should', async () => {
  const size = ['--examples', String(EXAMPLES), '--test', '50', '--epochs', '4', '--seeds', '2', '--width', '1'];
  const rest = ['--sets', 'cifar10-worse', '--backend', 'wasm', '--data', folder, '--out', folder];
  const { code, output } = await run(...size, ...rest);
  assert.is(code, EXIT.done, output);
  assert.match(output, '20.0 % of the training labels are wrong');
  const results = JSON.parse(await readFile(join(folder, 'curriculum.json'), 'utf8')) as {
    runs: Record<string, Record<string, Run[]>>;
  };
  const runs = results.runs['cifar10-worse']!;
  assert.equal(
    Object.keys(runs),
    METHODS.map(({ name }) => name),
  );
  for (const [method, own] of Object.entries(runs)) {
    for (const { steps, accuracy } of own) {
      assert.is(steps, 8, method);
      assert.is(accuracy.length, 4);
    }
  }
  const shown = (method: string): readonly number[] => runs[method]![0]!.shown;
  assert.equal(shown(BASELINE), [1, 1, 1, 1]);
  // The warm-up, then 65 % at a quarter of the way, then everything; and one of each class that would be missing.
  for (const [method, shares] of [
    ['easy-first', [1, 0.65, 1, 1]],
    ['random, paced', [0.3, 0.65, 1, 1]],
    ['drop 30 % suspects', [1, 0.7, 0.7, 0.7]],
  ] as const) {
    for (const [epoch, share] of shares.entries()) {
      const more = (shown(method)[epoch] ?? Number.NaN) - share;
      assert.ok(more > -1e-9 && more < 0.1 + 1e-9, `${method}, epoch ${epoch}: ${share} and ${more}`);
    }
  }
  for (const picture of ['curriculum.svg', 'curriculum-curves.svg']) {
    const svg = await readFile(join(folder, picture), 'utf8');
    assert.match(svg, /^<svg[^>]* xmlns=/);
    for (const { name } of METHODS) if (name !== BASELINE) assert.ok(svg.includes(name), `${picture}: ${name}`);
    assert.not.match(svg, 'NaN');
  }
});

test('gains are paired by seed: a difference that every seed shares has no width', () => {
  const runOf = (seed: number, accuracy: readonly number[]): Run => ({
    seed,
    accuracy,
    wrongShown: [0.25, 0.75],
    shown: [0.5, 1],
    steps: 2,
    seconds: 1,
  });
  const summaries = summarise(
    'cifar10',
    new Map([
      [BASELINE, [runOf(1, [0.25, 0.5]), runOf(2, [0.5, 0.75])]],
      ['better', [runOf(1, [0.5, 0.625]), runOf(2, [0.75, 0.875])]],
    ]),
  );
  const [baseline, better] = summaries;
  assert.is(baseline?.gain, null);
  assert.equal(better?.gain, { half: { mean: 0.25, halfWidth: 0 }, final: { mean: 0.125, halfWidth: 0 } });
  assert.equal([better?.final.mean, better?.wrongShown, better?.shown], [0.75, 0.5, 0.75]);
  const lines = methodTable(summaries).split('\n');
  assert.match(lines[3] ?? '', /better .*\+25\.0 ± 0\.0 .*75\.0 % .*\+12\.5 ± 0\.0/);
});

test('wrong options and missing data end with code 2 and say what to do', async () => {
  for (const args of [
    ['--sets', 'mnist'],
    ['--seeds', '1'],
    ['--epochs', '2'],
    ['--batch-size', '0'],
    ['--unknown'],
    ['--data', join(folder, 'nowhere')],
  ]) {
    const { code, output } = await run(...args);
    assert.is(code, EXIT.usage, `${args.join(' ')}: ${output}`);
    assert.match(output, '--');
  }
});

test.run();
