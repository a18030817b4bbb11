// Only with --all: it scores checkpoints whole and in parts, and in processes of their own
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from '@vogjs/formats';
import { runSeed } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  assertNear,
  contentsOf,
  saveDense,
  scoreOf,
  writeCheckpoints,
  ok,
  refused,
  writeLogits,
} from './shards.test.helper.js';
import { SCORE_OPTIONS } from '../config/options.js';
import { Scorer } from '../workers/scorer.js';

const test = suite('vogjs score --by checkpoints, by --shard and by --workers');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-by-checkpoints-'));
const seed = runSeed();
console.log(`seed ${seed}`);
const data = join(folder, 'data');
const ASKED = ['--metrics', 'all', '--windows', '2', '--chunk-size', '5'];
const CHECKPOINTS = 7;
test.before(() => writeCheckpoints(data, { seed, examples: 23, checkpoints: CHECKPOINTS }));
test.after(() => rmSync(folder, { recursive: true }));

const asked = (backend: string, out: string, ...more: string[]): string[] =>
  scoreOf(data, ...ASKED, '--backend', backend, '--out', out, ...more);
const part = (shard: string, by = 'checkpoints'): string[] => ['--shard', shard, '--by', by];

async function shards(backend: string, out: string, n: number): Promise<void> {
  for (let index = 1; index <= n; index++) await ok(...asked(backend, out, ...part(`${index}/${n}`)));
}

const states = (out: string): string[] => readdirSync(join(out, 'states')).toSorted();

test('stored logits are split by checkpoints too, with labels and without', async () => {
  for (const [name, given] of writeLogits(folder, 6, 9, seed)) {
    await ok(...given, '--out', join(folder, `${name}-whole`));
    for (const index of [1, 2]) await ok(...given, '--out', join(folder, name), ...part(`${index}/2`));
    await ok('merge', join(folder, name));
    await assertNear(join(folder, name), join(folder, `${name}-whole`));
  }
});

test('checkpoints that diverged are left out, a shard of nothing else included', async () => {
  const mine = join(folder, 'nan');
  const pairs = [0.1, Number.NaN, Number.NaN, 0.3, Number.NaN, 0.2].map((weight) => [weight, 0.2] as const);
  await saveDense(join(mine, 'ckpt'), pairs);
  const rows = Float32Array.from({ length: 20 }, (_, at) => Math.cos(at + seed));
  writeFileSync(join(mine, 'rows.npy'), writeNpy({ data: rows, shape: [10, 2] }));
  writeFileSync(join(mine, 'labels.csv'), `label\n${Array.from({ length: 10 }, (_, row) => row % 3).join('\n')}\n`);
  const given = scoreOf(mine, '--metrics', 'all', '--chunk-size', '5', '--windows', '3', '--backend', 'cpu');
  const [whole, out] = [join(folder, 'nan-whole'), join(folder, 'nan-out')];
  await ok(...given, '--out', whole);
  for (const index of [1, 2, 3, 4, 5, 6]) await ok(...given, '--out', out, ...part(`${index}/6`));
  await ok('merge', out);
  await assertNear(out, whole);
  assert.equal(contentsOf(out)['manifest'], contentsOf(whole)['manifest']);
});

test('what is done is skipped, what is damaged is named by merge and made again by score', async () => {
  const out = join(folder, 'damaged');
  await shards('cpu', out, 2);
  assert.match(await ok(...asked('cpu', out, ...part('2/2'))), /checkpoints 3 to 6, was done already/);
  const { checkpoints } = JSON.parse(await ok(...asked('cpu', out, ...part('1/2'), '--json'))) as {
    checkpoints: object;
  };
  assert.equal(checkpoints, { start: 0, end: 3 });
  for (const name of states(out)) {
    const path = join(out, 'states', name);
    const bytes = readFileSync(path);
    const flipped = Uint8Array.from(bytes);
    flipped[flipped.length - 5]! ^= 1;
    for (const harm of [() => writeFileSync(path, flipped), () => writeFileSync(path, bytes.subarray(0, 100))]) {
      harm();
      assert.match(await refused('merge', out), new RegExp(`${name}.*SHARD_DAMAGED`));
      await ok(...asked('cpu', out, ...part(name.includes('-00000000-') ? '1/2' : '2/2')));
      assert.equal(readFileSync(path), bytes);
    }
    if (!name.endsWith('.state.safetensors')) continue;
    rmSync(path);
    assert.match(await refused('merge', out), new RegExp(`${name}.*not there.*SHARD_DAMAGED`));
    await ok(...asked('cpu', out, ...part(name.includes('-00000000-') ? '1/2' : '2/2')));
  }
  await ok('merge', out);
});

test('merge refuses gaps, overlaps and shards of another --by, and names them', async () => {
  const out = join(folder, 'refused');
  await ok(...asked('cpu', out, ...part('1/4')));
  await ok(...asked('cpu', out, ...part('4/4')));
  assert.match(await refused('merge', out), /the checkpoints 1 to 4 of 7.*SHARDS_MISSING/);
  await ok(...asked('cpu', out, ...part('1/2')));
  assert.match(await refused('merge', out), /both hold checkpoint 0.*SHARDS_OVERLAP/);
  const mixed = join(folder, 'mixed');
  await shards('cpu', mixed, 2);
  await ok(...asked('cpu', mixed, ...part('1/2', 'rows')));
  assert.match(await refused('merge', mixed), /another --by \(rows, not checkpoints\).*SHARDS_STRANGE/);
});

test('what cannot be split by checkpoints is refused, and says what to do', async () => {
  const out = join(folder, 'unfit');
  const many = await refused(...asked('cpu', out, ...part('1/8')));
  assert.match(many, /7 checkpoints, too few for 8 shards.*--by rows.*SHARD_UNFIT/);
  const plugin = join(folder, 'plugin.ts');
  const source = `import { defineMetric, loss } from '@vogjs/core';
export const lastLoss = defineMetric({
  name: 'last-loss', hardDirection: 'high', options: {}, requires: () => ({ loss }),
  init: ({ size }) => ({ last: tf.zeros([size]) }), update: (_, { loss }) => ({ last: loss }), compute: ({ last }) => last,
});
import * as tf from '@tensorflow/tfjs';
`;
  writeFileSync(plugin, source);
  const own = scoreOf(data, '--plugins', plugin, '--backend', 'cpu', '--out', out, ...part('1/2'));
  assert.match(await refused(...own), /needs merge, and last-loss has none.*--metrics.*--by rows.*SHARD_UNFIT/);
  assert.match(await refused(...own, '--plan'), /SHARD_UNFIT/);
  const unmerged = scoreOf(data, '--plugins', plugin, '--backend', 'cpu', '--out', out, '--by', 'checkpoints');
  const queue = ['--queue', 'redis://127.0.0.1:1'];
  for (const [how, more] of [
    [
      ['--workers', '2'],
      ['--workers', '8'],
    ],
    [['--workers'], ['--workers', '100']],
    [
      [...queue, '--shards', '2'],
      [...queue, '--shards', '8'],
    ],
  ] as const) {
    assert.match(await refused(...unmerged, ...how), /needs merge, and last-loss has none.*SHARD_UNFIT/);
    assert.match(await refused(...asked('cpu', out, '--by', 'checkpoints', ...more)), /7 checkpoints, too few for/);
  }
  assert.match(await refused(...asked('cpu', out, '--by', 'checkpoints', '--workers', '8', '--plan')), /SHARD_UNFIT/);
  assert.match(await refused(...asked('cpu', out, '--by', 'checkpoints')), /--by says what is split: give --shard/);
  assert.not(existsSync(out), 'nothing is written');
  assert.match(await refused(...asked('cpu', out, ...part('1/2', 'columns'))), /by/);
});

for (const backend of ['cpu', 'wasm']) {
  test(`${backend}: workers split the checkpoints too, and their run is the whole one within the stated rounding`, async () => {
    const [whole, out] = [join(folder, `${backend}-whole`), join(folder, `${backend}-workers`)];
    await ok(...asked(backend, whole));
    assert.match(await ok(...asked(backend, out, '--by', 'checkpoints', '--workers', '3')), /^3 workers$/m);
    await assertNear(out, whole);
    const [found, expected] = [contentsOf(out), contentsOf(whole)];
    assert.equal(found['manifest'], expected['manifest']);
    assert.ok(found['trajectories.parquet'] === expected['trajectories.parquet']);
    assert.not(readdirSync(out).includes('states'));
  });
}

test('a worker tells the passes of its own checkpoints', async () => {
  const told: number[] = [];
  const scorer = new Scorer((message) => message.kind === 'progress' && told.push(message.done));
  const config = SCORE_OPTIONS.resolve({
    data: join(data, 'rows.npy'),
    labels: join(data, 'labels.csv'),
    checkpoints: join(data, 'ckpt/*'),
    metrics: ['aum'],
    chunkSize: 5,
  });
  const shard = { index: 2, of: 2 };
  const said = await scorer.score({
    config,
    folder: join(folder, 'told'),
    shard,
    by: 'checkpoints',
    backend: 'cpu',
  });
  assert.is(said.kind, 'done', JSON.stringify(said));
  assert.equal([told[0], told.at(-1)], [5, 4 * 23]);
  assert.equal(
    told,
    told.toSorted((a, b) => a - b),
  );
});

test('--plan tells a shard its checkpoints, and all examples; and workers the states of each', async () => {
  const planned = async (...how: string[]) =>
    JSON.parse(await ok(...asked('cpu', join(folder, 'plan'), ...how, '--plan', '--json'))) as {
      plan: { examples: number; stateBytes: number };
      checkpoints: number;
      workers: number;
    };
  const { plan, checkpoints } = await planned(...part('1/2'));
  assert.equal([plan.examples, checkpoints], [23, 3]);
  const three = await planned('--workers', '3', '--by', 'checkpoints');
  assert.equal([three.workers, three.checkpoints], [3, CHECKPOINTS]);
  assert.is(three.plan.stateBytes, 3 * (await planned()).plan.stateBytes);
});

test.run();
