// Only with --all: it scores data of each kind twice
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { encode } from 'fast-png';
import { seededRandom, writeSafetensors } from '@vogjs/formats';
import { openRun } from '@vogjs/run';
import { startStore, type Store } from '@vogjs/testing/failing-store';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ok, scoreOf, writeCheckpoints, writeLogits } from '../shards/shards.test.helper.js';
import { putFolder, resultOf } from './stored.test.helper.js';

const test = suite('data of all kinds in a store');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-kinds-'));
const data = join(folder, 'data');
const AT = 's3://bucket/data';
const ASKED = ['--metrics', 'vog,el2n', '--chunk-size', '5', '--backend', 'cpu'];
const kept = { ...process.env };
let store: Store;

test.before(async () => {
  store = await startStore();
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, store.environment, { VOGJS_CACHE: join(folder, 'copies') });
  await writeCheckpoints(data, { examples: 21, checkpoints: 2 });
  await writePictures(join(data, 'photos'));
});
test.after(async () => {
  process.env = kept;
  await store.close();
  rmSync(folder, { recursive: true });
});

async function writePictures(place: string): Promise<void> {
  const random = seededRandom(5);
  for (const name of ['cat', 'dog']) {
    mkdirSync(join(place, name), { recursive: true });
    for (let at = 0; at < 5; at++) {
      const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, () => Math.floor(random.uniform() * 256));
      writeFileSync(join(place, name, `${at}.png`), encode({ width: 8, height: 8, channels: 3, data: pixels }));
    }
  }
}

/** The weights of saved models, by the names that they have in the first. */
function writeNamed(from: string, to: string): void {
  mkdirSync(to);
  let names: string[] = [];
  for (const name of readdirSync(from).toSorted()) {
    const { weightsManifest } = JSON.parse(readFileSync(join(from, name, 'model.json'), 'utf8')) as {
      weightsManifest: { weights: { name: string; shape: number[] }[] }[];
    };
    const bytes = Uint8Array.from(readFileSync(join(from, name, 'weights.bin')));
    const specs = weightsManifest.flatMap(({ weights }) => weights);
    names = names.length === 0 ? specs.map((spec) => spec.name) : names;
    let at = 0;
    const tensors = specs.map(({ shape }, index) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const data = new Float32Array(bytes.buffer.slice(4 * at, 4 * (at + size)));
      at += size;
      return [names[index] as string, { data, shape }] as const;
    });
    writeFileSync(join(to, `${name}.safetensors`), writeSafetensors(Object.fromEntries(tensors)));
  }
}

test('pictures, tables, stored logits, weights by name and the architecture come from there as well', async () => {
  const trained = ['--epochs', '1', '--backend', 'cpu', '--metrics', 'el2n'];
  const table = Array.from({ length: 30 }, (_, row) => `${row % 7},${row % 5},${row % 2 === 0 ? 'yes' : 'no'}`);
  writeFileSync(join(data, 'table.csv'), `a,b,c\n${table.join('\n')}\n`);
  const logits = writeLogits(data, 3, 20, 1).find(([name]) => name === 'labelled')?.[1] ?? [];
  writeNamed(join(data, 'ckpt'), join(data, 'named'));
  putFolder(store, data, 'data');
  const commands = [
    ['score', join(data, 'photos'), ...trained],
    ['score', join(data, 'table.csv'), '--target', 'c', ...trained],
    logits,
    scoreOf(data, ...ASKED).map((word) => word.replace('ckpt/*', 'ckpt/*/model.json')),
    scoreOf(data, ...ASKED, '--model', join(data, 'ckpt/epoch-0/model.json')).map((word) =>
      word.replace('ckpt/*', 'named/*.safetensors'),
    ),
  ];
  for (const [at, command] of commands.entries()) {
    const [here, there] = [join(folder, `here-${at}`), join(folder, `there-${at}`)];
    await ok(...command, '--out', here);
    await ok(...command.map((word) => word.replace(data, AT).replaceAll('\\', '/')), '--out', there);
    const [found, expected] = [resultOf(there), resultOf(here)];
    const source = String((await openRun(there)).manifest.data.source);
    assert.ok(source.startsWith(AT), source);
    // A model.json is called by its path, and pictures are told from others by the times of the files.
    if (at === 0 || at === 3) assert.is(found['scores.parquet'], expected['scores.parquet']);
    else assert.equal({ ...found, fingerprint: '' }, { ...expected, fingerprint: '' }, command.join(' '));
  }
});

test('sets of out-of-distribution detection come from there as well', async () => {
  await writePictures(join(data, 'elsewhere'));
  putFolder(store, data, 'data');
  const sets = ['--ood-in', join(data, 'photos'), '--ood-out', join(data, 'elsewhere'), '--detectors', 'msp'];
  const command = ['score', join(data, 'photos'), '--epochs', '1', '--backend', 'cpu', '--metrics', 'el2n', ...sets];
  const [here, there] = [join(folder, 'sets-here'), join(folder, 'sets-there')];
  await ok(...command, '--out', here);
  await ok(...command.map((word) => word.replace(data, AT).replaceAll('\\', '/')), '--out', there);
  const [expected, found] = await Promise.all(
    [here, there].map(async (run) => (await openRun(join(run, 'ood'))).ood()),
  );
  assert.ok(expected !== null && expected !== undefined);
  assert.equal(found, expected);
});

test.run();
