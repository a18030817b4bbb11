// Only with --all: it scores checkpoints whole and in parts
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from '@vogjs/formats';
import { openRun } from '@vogjs/run';
import { runSeed } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../../command-line.test.helper.js';
import {
  contentsOf,
  numbersOf,
  saveDense,
  scoreOf,
  writeCheckpoints,
  ok,
  refused,
  writeLogits,
} from './shards.test.helper.js';

const test = suite('vogjs score --shard and vogjs merge');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-shards-'));
const seed = runSeed();
console.log(`seed ${seed}`);
const data = join(folder, 'data');
const ASKED = ['--metrics', 'all', '--windows', '2', '--chunk-size', '5', '--backend', 'cpu'];
test.before(() => writeCheckpoints(data, { seed }));
test.after(() => rmSync(folder, { recursive: true }));

async function shards(out: string, n: number, ...more: string[]): Promise<void> {
  for (let index = 1; index <= n; index++) {
    await ok(...scoreOf(data, ...ASKED, ...more, '--out', out, '--shard', `${index}/${n}`));
  }
}

const states = (out: string): string[] => readdirSync(join(out, 'states')).toSorted();

test('stored logits are scored in shards too, with labels and without', async () => {
  for (const [name, given] of writeLogits(folder, 3, 23, seed)) {
    await ok(...given, '--out', join(folder, `${name}-whole`));
    for (const index of [1, 2]) await ok(...given, '--out', join(folder, name), '--shard', `${index}/2`);
    await ok('merge', join(folder, name));
    assert.equal(contentsOf(join(folder, name)), contentsOf(join(folder, `${name}-whole`)));
  }
});

test('a checkpoint that gives NaN for a whole shard counts where it gives somebody a number, as without shards', async () => {
  const N = 20;
  // The network overflows where a number is above 0: the first of rows 0 to 9, the second of rows 5 to 17.
  const above = (row: number, from: number, to: number): number => (row >= from && row < to ? 5 : -5) + row / 100;
  const rows = Float32Array.from({ length: 2 * N }, (_, at) => {
    const row = at >> 1;
    return at % 2 === 0 ? above(row, 0, 10) : above(row, 5, 18);
  });
  const mine = join(folder, 'nan');
  await saveDense(join(mine, 'ckpt'), [
    [0.1, 0.2],
    [3e38, 0],
    [Number.NaN, 0],
    [0, 3e38],
    [0.3, -0.1],
  ]);
  writeFileSync(join(mine, 'rows.npy'), writeNpy({ data: rows, shape: [N, 2] }));
  writeFileSync(join(mine, 'labels.csv'), `label\n${Array.from({ length: N }, (_, row) => row % 3).join('\n')}\n`);
  const asked = scoreOf(mine, '--metrics', 'all', '--chunk-size', '5', '--windows', '3', '--backend', 'cpu');
  const whole = join(folder, 'nan-whole');
  await ok(...asked, '--out', whole);
  const { checkpoints, notes } = (await openRun(whole)).manifest;
  assert.equal(
    checkpoints.map(({ epoch }) => epoch),
    [0, 1, 3, 4],
  );
  assert.ok(notes.some((note) => /1 checkpoint left out/.test(note)));
  assert.ok(notes.some((note) => /up to 13 of 20/.test(note)));
  for (const n of [2, 4]) {
    const out = join(folder, `nan-${n}`);
    for (let index = 1; index <= n; index++) await ok(...asked, '--out', out, '--shard', `${index}/${n}`);
    await ok('merge', out);
    // A NaN is a NaN: which of its bits are set is the engine's affair.
    assert.equal(await numbersOf(out), await numbersOf(whole));
    assert.equal(contentsOf(out)['manifest'], contentsOf(whole)['manifest']);
  }
});

test('what is done is skipped: a shard, and a run that is complete', async () => {
  const out = join(folder, 'skipped');
  await shards(out, 2);
  const path = join(out, 'states', states(out)[0] as string);
  const past = new Date(1e12);
  utimesSync(path, past, past);
  assert.match(await ok(...scoreOf(data, ...ASKED, '--out', out, '--shard', '1/2')), /was done already/);
  await ok('merge', out);
  assert.match(await ok(...scoreOf(data, ...ASKED, '--out', out, '--shard', '1/2')), /done already/);
  assert.match(await ok('merge', out), /done already/);
  const limited = await vogjs('merge', out, '--fail-above', 'imbalance=0,outliers=0');
  assert.is(limited.code, 3, limited.error);
  assert.match(limited.error, /outliers could not be judged/);
  assert.match(await refused('merge', out, '--fail-above', 'wrong=0'), /names 'wrong'.*CONFIG_INVALID/);
  assert.match(await ok(...scoreOf(data, ...ASKED, '--out', out)), /done already/);
});

test('a half-written shard is named by merge and made again by score', async () => {
  const out = join(folder, 'half');
  await shards(out, 2);
  const path = join(out, 'states', states(out)[1] as string);
  const bytes = readFileSync(path);
  for (const cut of [0, 3, 100, bytes.length - 1]) {
    writeFileSync(path, bytes.subarray(0, cut));
    assert.match(await refused('merge', out), new RegExp(`${path}.*SHARD_DAMAGED`));
  }
  const flipped = Uint8Array.from(bytes);
  flipped[flipped.length - 5]! ^= 1;
  writeFileSync(path, flipped);
  assert.match(await refused('merge', out), /checksum.*SHARD_DAMAGED/);
  await ok(...scoreOf(data, ...ASKED, '--out', out, '--shard', '2/2'));
  assert.equal(readFileSync(path), bytes);
  const text = bytes.toString('latin1').replace(String.raw`\"version\":1`, String.raw`\"version\":2`);
  writeFileSync(path, Buffer.from(text, 'latin1'));
  assert.match(await refused('merge', out), /version 2.*SHARD_VERSION/);
});

test('merge refuses gaps, overlaps and strangers, and names them', async () => {
  const out = join(folder, 'refused');
  assert.match(await refused('merge', out), /no shards.*SHARDS_MISSING/);
  await shards(out, 4);
  const [first, second, third] = states(out) as [string, string, string, string];
  const at = (name: string): string => join(out, 'states', name);
  const kept = readFileSync(at(second));
  rmSync(at(second));
  assert.match(await refused('merge', out), /examples 10 to 19 of 37.*SHARDS_MISSING/);
  writeFileSync(at(second), kept);
  await ok(...scoreOf(data, ...ASKED, '--out', out, '--shard', '1/2'));
  assert.match(await refused('merge', out), new RegExp(`${first}.*both hold example 0.*SHARDS_OVERLAP`));
  const wide = states(out).find((name) => name.startsWith('shard-00000000-00000020')) as string;
  rmSync(at(wide));
  // The same rows, scored otherwise.
  const other = join(folder, 'other');
  for (const [flag, value, words] of [
    ['--chunk-size', '10', /another chunk size \(37 in chunks of 10, not 37 in chunks of 5\)/],
    ['--metrics', 'aum', /other metrics, windows or layout/],
    ['--backend', 'wasm', /another backend \(wasm/],
  ] as const) {
    rmSync(other, { recursive: true, force: true });
    const asked = ASKED.map((word, at) => (ASKED[at - 1] === flag ? value : word));
    await ok(...scoreOf(data, ...asked, '--out', other, '--shard', '3/4'));
    const [name] = states(other) as [string];
    rmSync(at(third), { force: true });
    copyFileSync(join(other, 'states', name), at(name));
    const said = await refused('merge', out);
    assert.match(said, words);
    assert.match(said, new RegExp(`${name}.*SHARDS_STRANGE`));
    rmSync(at(name));
  }
});

test('merge refuses shards of data, labels or checkpoints that have changed since', async () => {
  const mine = join(folder, 'changing');
  await writeCheckpoints(mine, { seed });
  const out = join(folder, 'changed');
  for (const index of [1, 2]) await ok(...scoreOf(mine, ...ASKED, '--out', out, '--shard', `${index}/2`));
  for (const [name, words] of [
    ['rows.npy', /other numbers in its examples/],
    ['labels.csv', /other examples or labels/],
    ['ckpt/epoch-2/weights.bin', /other checkpoints/],
  ] as const) {
    const path = join(mine, name);
    const bytes = readFileSync(path);
    const changed = Uint8Array.from(bytes);
    if (name.endsWith('.csv')) changed[changed.length - 2] = '0'.charCodeAt(0);
    else changed[changed.length - 2]! ^= 1;
    writeFileSync(path, changed);
    assert.match(await refused('merge', out), words);
    writeFileSync(path, bytes);
  }
  // Copies elsewhere have other times and other folders, and are the same.
  const copy = join(folder, 'copied');
  cpSync(mine, copy, { recursive: true });
  const files = ['--data', join(copy, 'rows.npy'), '--labels', join(copy, 'labels.csv')];
  await ok('merge', out, ...files, '--checkpoints', join(copy, 'ckpt/*'));
});

test('a shard goes on where it was stopped, and begins anew where that is damaged', async () => {
  const whole = join(folder, 'goes-on-whole');
  await shards(whole, 2);
  const [expected] = states(whole) as [string];
  const name = expected.replace('.safetensors', '');
  const out = join(folder, 'goes-on');
  // A part that is no run, and one whose state is cut off.
  mkdirSync(join(out, 'states', name, 'states'), { recursive: true });
  writeFileSync(join(out, 'states', name, 'run.json'), '{');
  await ok(...scoreOf(data, ...ASKED, '--out', out, '--shard', '1/2'));
  assert.equal(states(out), [expected]);
  assert.equal(readFileSync(join(out, 'states', expected)), readFileSync(join(whole, 'states', expected)));
});

test('what cannot be done in parts is refused by code or as a wrong command line', async () => {
  const out = ['--out', join(folder, 'unfit')];
  assert.match(await refused(...scoreOf(data, ...ASKED, ...out, '--shard', '1/9')), /8 chunks of 5.*SHARD_UNFIT/);
  for (const how of [['--shard', '1/2'], ['--workers', '2'], ['--workers']]) {
    const training = ['score', join(data, 'rows.npy'), '--labels', join(data, 'labels.csv'), '--backend', 'cpu'];
    assert.match(await refused(...training, ...out, ...how), /training.*SHARD_UNFIT/);
  }
  for (const shard of ['0/2', '3/2', '1/0', '1', 'one/two', '1/2/3', '-1/2']) {
    assert.match(await refused(...scoreOf(data, ...out, `--shard=${shard}`)), /shard.*i\/n/);
  }
  for (const workers of ['0', '1.5', '1000', 'many']) {
    assert.match(await refused(...scoreOf(data, ...out, '--workers', workers)), /workers.*whole number/);
  }
  const shard = ['--shard', '1/2'];
  assert.match(await refused(...scoreOf(data, ...out, ...shard, '--workers', '2')), /Leave one of them out/);
  assert.match(await refused(...scoreOf(data, ...out, ...shard, '--resume')), /without --resume/);
  assert.match(await refused(...scoreOf(data, ...out, ...shard, '--fail-above', 'label=1')), /vogjs merge/);
});

test('--plan tells a shard its part, and workers the sum', async () => {
  const plan = async (...how: string[]) =>
    JSON.parse(await ok(...scoreOf(data, ...ASKED, '--plan', '--json', ...how))) as {
      plan: { examples: number; chunks: number; stateBytes: number; workingBytes: number };
      workers: number;
    };
  const [all, part, three] = [await plan(), await plan('--shard', '1/4'), await plan('--workers', '3')];
  assert.is(all.plan.examples, 37);
  assert.is(part.plan.examples, 10);
  assert.is(part.plan.chunks, 2);
  assert.is(three.workers, 3);
  assert.is(three.plan.chunks, 8);
  assert.is(three.plan.stateBytes, all.plan.stateBytes);
  assert.ok(three.plan.workingBytes > 0);
  assert.is((await plan('--workers', '100')).workers, 8);
});

test.run();
