// Only with --all: it trains networks, breaks off and goes on
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as tf from '@tensorflow/tfjs';
import { createTracker } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { seededRandom, writeNpy } from '@vogjs/formats';
import { energy, evaluateOod, fitDetectors, knn, scoreOod, vogOod, vogOodMetrics } from '@vogjs/ood';
import { openRun, type Run } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { saveModel } from '../checkpoints/save-model.test.helper.js';
import { vogjs } from '../../command-line.test.helper.js';
import { SCORE_OPTIONS, type ScoreConfig } from '../config/options.js';
import { beginRun } from '../follow/run-place.js';
import { finishRun } from '../outcome/finish.js';
import { prepare } from '../prepare.js';

const test = suite('out-of-distribution sets beside the data');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-ood-'));
const start = process.cwd();

const WIDTH = 4;
/** Rows around a centre for each class; `away` moves them all. */
function rows(count: number, seed: number, away = 0): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from(
    { length: count * WIDTH },
    (_, at) => random.normal() + away + (at % WIDTH === Math.floor(at / WIDTH) % 3 ? 4 : 0),
  );
}
const write = (name: string, data: Float32Array | Uint8Array, shape: readonly number[]): void =>
  writeFileSync(name, writeNpy({ data, shape: [...shape] }));

test.before(async () => {
  process.chdir(folder);
  await selectBackend('cpu');
  write('train.npy', rows(60, 1), [60, WIDTH]);
  write('held.npy', rows(20, 2), [20, WIDTH]);
  write('far.npy', rows(15, 3, 9), [15, WIDTH]);
  write('near.npy', rows(12, 4, 1), [12, WIDTH]);
  const labels = Array.from({ length: 60 }, (_, row) => 'abc'[row % 3]);
  writeFileSync('labels.csv', `label\n${labels.join('\n')}\n`);
});
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

const DATA = { data: 'train.npy', labels: 'labels.csv', oodIn: 'held.npy', oodOut: ['far.npy', 'near.npy'] } as const;
const TYPED = ['train.npy', '--labels', 'labels.csv', '--ood-in', 'held.npy', '--backend', 'cpu'];

function network(seed: number): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const { dense } = tf.layers;
  const first = dense({ units: 6, activation: 'tanh', inputShape: [WIDTH], kernelInitializer });
  return tf.sequential({ layers: [first, dense({ units: 3, activation: 'softmax', kernelInitializer })] });
}

const columnOf = async (run: Run, name: string): Promise<number[]> =>
  Array.from(await (await run.scores()).values(name));

test('saved checkpoints score the sets: the last one by detectors, all of them by VoG, as the library does', async () => {
  for (const seed of [1, 2, 3]) await saveModel(network(seed), `models/${seed}`);
  const args = [...TYPED, '--ood-out', 'far.npy,near.npy', '--detectors', 'vog,energy,knn', '--out', 'runs/saved'];
  const { code, out, error } = await vogjs('score', ...args, '--checkpoints', 'models/*');
  assert.is(code, 0, error);
  assert.match(out, /Out of distribution, AUROC\n  far .*\n  near /);
  assert.match(out, /explore runs\/saved\/ood --open/);
  const run = await openRun('runs/saved/ood');
  const { sets, detectors } = await run.ood();
  assert.equal(detectors, ['vog', 'energy', 'knn']);
  assert.equal(
    sets.map(({ name, side, end }) => [name, side, end]),
    [
      ['held', 'in', 20],
      ['far', 'out', 35],
      ['near', 'out', 47],
    ],
  );

  const all = tf.tensor(Float32Array.from([...rows(20, 2), ...rows(15, 3, 9), ...rows(12, 4, 1)]), [47, WIDTH]);
  const tracker = createTracker({ inputs: all, metrics: vogOodMetrics(), models: 'any' });
  for (const seed of [1, 2, 3]) await tracker.checkpoint(network(seed), { epoch: seed });
  const inputs = tf.tensor(rows(60, 1), [60, WIDTH]);
  const last = network(3);
  const fitted = await fitDetectors(last, { inputs }, [energy(), knn()]);
  const expected = { ...(await scoreOod(last, { inputs: all }, fitted)), vog: (await vogOod({ in: tracker })).in };
  for (const [name, { values }] of Object.entries(expected)) {
    const largest = Math.max(...Array.from(values, Math.abs));
    for (const [row, value] of (await columnOf(run, name)).entries()) {
      assert.ok(Math.abs(value - values[row]!) < 1e-5 * largest, `${name} of row ${row}: ${value}, not ${values[row]}`);
    }
  }
  const { columns } = await run.scores();
  assert.equal(
    columns.map(({ name, checkpoints, hardDirection }) => [name, checkpoints, hardDirection]),
    [
      ['vog', 3, 'low'],
      ['energy', 1, 'low'],
      ['knn', 1, 'low'],
    ],
  );
  const predicted = (last.predict(all) as tf.Tensor).argMax(1).arraySync();
  assert.equal([...((await (await run.scores()).predicted()) ?? [])], predicted);
  assert.not.ok(existsSync('runs/saved/states'), 'what was kept between checkpoints is gone');

  const { values } = expected.energy;
  const { auroc } = evaluateOod(
    { values: Array.from(values).slice(0, 20), oodDirection: 'low', detector: 'energy' },
    { values: Array.from(values).slice(20, 35), oodDirection: 'low', detector: 'energy' },
  );
  const again = await vogjs('score', ...args, '--checkpoints', 'models/*', '--json');
  const { ood } = JSON.parse(again.out) as { ood: { set: string; auroc: Record<string, number> }[] };
  assert.equal(
    ood.map(({ set }) => set),
    ['far', 'near'],
  );
  assert.ok(Math.abs(ood[0]!.auroc['energy']! - auroc) < 1e-3);

  const report = await vogjs('report', 'runs/saved/ood', '--out', 'ood.html');
  assert.is(report.code, 0, report.error);
  const page = readFileSync('ood.html', 'utf8');
  for (const words of [
    'held: out-of-distribution detection',
    'Out of distribution: far',
    'Out of distribution: near',
  ]) {
    assert.ok(page.includes(words), words);
  }
});

/** Trains into a folder, or goes on there; `breakAt` is thrown as soon as that epoch has been told of. */
async function trained(name: string, config: ScoreConfig, breakAt?: number): Promise<Run> {
  const work = await prepare(SCORE_OPTIONS.resolve({ epochs: 4, metrics: ['mean-loss'], windows: 2, ...config }));
  const before = await openRun(name).catch(() => null);
  const writer = await beginRun({ folder: name, before }, { examples: work.dataset.size });
  const followed = await work.follow(writer, name, before, (line) => {
    if (breakAt !== undefined && line.startsWith(`epoch ${breakAt}/`)) throw new Error('broken off');
  });
  await finishRun(work.dataset, followed, writer, name);
  return openRun(join(name, 'ood'));
}

test('a training that is broken off and gone on with ends with the same scores of the sets', async () => {
  const config: ScoreConfig = { ...DATA, detectors: ['vog', 'msp', 'energy-variance', 'mahalanobis'] };
  const whole = await trained('whole', config);
  await trained('broken', config, 2).then(
    () => assert.unreachable('it was to break off'),
    (error: Error) => assert.is(error.message, 'broken off'),
  );
  const kept = readdirSync('broken/states').filter((name) => name.startsWith('ood-'));
  assert.is(kept.length, 6, `of three sets, after one and two checkpoints: ${kept.join()}`);
  await trained('broken', { ...config, oodOut: ['near.npy'] }).then(
    () => assert.unreachable('its states are of other sets'),
    (error: Error & { code: string }) => assert.is(error.code, 'RUN_EXISTS'),
  );
  const broken = await trained('broken', config);
  for (const name of config.detectors!) assert.equal(await columnOf(broken, name), await columnOf(whole, name), name);
  assert.is((await whole.scores()).columns[0]?.checkpoints, 4);
});

test('a run of detectors of the last checkpoint keeps nothing between checkpoints, and one of trajectories fits nothing', async () => {
  const last = await trained('last', { ...DATA, detectors: ['msp'], epochs: 2, oodOut: ['far.npy'] });
  assert.equal((await last.ood()).detectors, ['msp']);
  const trajectory = await trained('trajectory', {
    ...DATA,
    detectors: ['msp-variance'],
    epochs: 2,
    oodOut: ['far.npy'],
  });
  assert.equal((await trajectory.ood()).detectors, ['msp-variance']);
});

test('sets of a table are encoded as the data was, without their target', async () => {
  const table = (name: string, count: number, away: number, more: (row: number) => string): void => {
    const random = seededRandom(count);
    const body = Array.from({ length: count }, (_, row) => {
      const place = random.normal() + 5 * (row % 2) + away;
      return `${place.toFixed(3)},${'xy'[row % 2]}${more(row)}`;
    });
    writeFileSync(name, `length,shade${more(0) === '' ? '' : ',kind'}\n${body.join('\n')}\n`);
  };
  table('trees.csv', 60, 0, (row) => `,${'ab'[row % 2]}`);
  table('held.csv', 10, 0, (row) => `,${'ab'[row % 2]}`);
  table('others.csv', 8, 30, () => '');
  const run = await trained('table', {
    data: 'trees.csv',
    target: 'kind',
    oodIn: 'held.csv',
    oodOut: ['others.csv'],
    detectors: ['knn'],
    epochs: 2,
  });
  const values = await columnOf(run, 'knn');
  assert.is(values.length, 18);
  assert.ok(Math.max(...values.slice(10)) < Math.min(...values.slice(0, 10)), 'rows far off are farther');
});

test('the plan tells of the sets, and writes nothing', async () => {
  const { code, out, error } = await vogjs('score', ...TYPED, '--ood-out', 'far.npy', '--plan', '--out', 'planned');
  assert.is(code, 0, error);
  assert.match(out, /Beside them +35 of the out-of-distribution evaluation/);
  assert.not.ok(existsSync('planned'));
});

test.run();
