// Only with --all: it scores saved checkpoints from files
// Which checkpoints of a run are there, and that their maps are of what was scored.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import { explore, type KeptCheckpoints } from '@vogjs/explorer';
import { seededRandom, writeNpy, writeSafetensors } from '@vogjs/formats';
import { createRun, memoryStorage, openRun, type RunManifest } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../command-line.test.helper.js';
import { saveModel } from '../score/checkpoints/save-model.test.helper.js';
import { keptCheckpoints } from './kept-checkpoints.js';

const test = suite('checkpoints that are kept');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-kept-'));
const start = process.cwd();
const [SIZE, SIDE] = [20, 6];

function network(seed: number): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const { conv2d, dense, flatten } = tf.layers;
  return tf.sequential({
    layers: [
      conv2d({
        name: 'first',
        inputShape: [SIDE, SIDE, 1],
        filters: 3,
        kernelSize: 3,
        activation: 'tanh',
        kernelInitializer,
      }),
      flatten(),
      dense({ name: 'last', units: 3, activation: 'softmax', kernelInitializer }),
    ],
  });
}

function weightsOf(seed: number): Uint8Array {
  const tensors = network(seed).weights.map((weight) => {
    const value = weight.read();
    return [weight.originalName, { data: value.dataSync() as Float32Array, shape: value.shape }] as const;
  });
  return writeSafetensors(Object.fromEntries(tensors));
}

const MODULE = `import * as tf from '@tensorflow/tfjs';
globalThis.modulesRun = (globalThis.modulesRun ?? 0) + 1;
export default () => tf.sequential({ layers: [
  tf.layers.conv2d({ name: 'first', inputShape: [${SIDE}, ${SIDE}, 1], filters: 3, kernelSize: 3, activation: 'tanh' }),
  tf.layers.flatten(),
  tf.layers.dense({ name: 'last', units: 3, activation: 'softmax' }),
] });
`;
const modulesRun = (): number => (globalThis as { modulesRun?: number }).modulesRun ?? 0;
const DATA = ['pictures.npy', '--labels', 'labels.csv', '--backend', 'cpu'];

test.before(async () => {
  process.chdir(folder);
  await selectBackend('cpu');
  const random = seededRandom(5);
  const data = Uint8Array.from({ length: SIZE * SIDE * SIDE }, () => random.integer(256));
  writeFileSync('pictures.npy', writeNpy({ data, shape: [SIZE, SIDE, SIDE] }));
  writeFileSync('labels.csv', `label\n${Array.from({ length: SIZE }, (_, row) => 'abc'[row % 3]).join('\n')}\n`);
  mkdirSync('weights');
  for (const epoch of [1, 2, 10]) {
    await saveModel(network(epoch), `models/e-${epoch}`);
    writeFileSync(`weights/e-${epoch}.safetensors`, weightsOf(epoch));
  }
  writeFileSync('net.mjs', MODULE);
  const score = async (...args: string[]): Promise<void> => {
    const { code, error } = await vogjs('score', ...args);
    assert.is(code, 0, error);
  };
  await score(...DATA, '--checkpoints', 'models/*', '--out', 'runs/models');
  await score(...DATA, '--checkpoints', 'weights/*', '--model', 'models/e-1/model.json', '--out', 'runs/weights');
  await score(...DATA, '--checkpoints', 'weights/*', '--model', 'net.mjs', '--out', 'runs/module');
  await score(...DATA, '--epochs', '2', '--out', 'runs/trained');
});
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

async function keptOf(place: string, trust = false): Promise<KeptCheckpoints> {
  const kept = await keptCheckpoints(await openRun(place), trust);
  if (typeof kept === 'string') throw new Error(kept);
  return kept;
}

const whyNot = async (place: string): Promise<string> => {
  const kept = await keptCheckpoints(await openRun(place), false);
  return typeof kept === 'string' ? kept : `kept: ${kept.numbers.join()}`;
};

for (const place of ['runs/models', 'runs/weights', 'runs/module']) {
  test(`${place}: the mean of each VoG map is the score in the run`, async () => {
    const explorer = await explore(place, { checkpoints: (run) => keptCheckpoints(run, place.endsWith('module')) });
    const table = await (await openRun(place)).scores();
    const scores = await table.values('vog');
    for (const row of [0, 7, 19]) {
      const response = await fetch(`http://127.0.0.1:${explorer.port}/api/runs/0/maps/${row}`, {
        headers: { authorization: `Bearer ${explorer.token}` },
      });
      assert.is(response.status, 200, await response.clone().text());
      const map = new Float32Array(await response.arrayBuffer());
      assert.is(map.length, SIDE * SIDE);
      const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
      assert.ok(
        Math.abs(mean - scores[row]!) < 1e-5 * scores[row]!,
        `row ${row}: ${mean}, the score is ${scores[row]}`,
      );
    }
    await explorer.close();
  });
}

test('a module that a run names is not run unless that was asked for', async () => {
  const before = modulesRun();
  assert.match(await whyNot('runs/module'), /made by a module, net\.mjs\. If you trust the run.*--trust/);
  assert.is(modulesRun(), before);
  const kept = await keptOf('runs/module', true);
  await kept.open(0);
  assert.is(modulesRun(), before + 1);
});

test('paths that lead out of the folder are not followed on the word of a run', async () => {
  const why = async (config: Record<string, unknown>, trust = false): Promise<string> => {
    const storage = memoryStorage();
    const data = { source: null, fingerprint: null, kind: 'images' } as const;
    await createRun(storage, { examples: 2, data, config: { data: 'a', checkpoints: 'none/*', ...config } });
    const kept = await keptCheckpoints(await openRun(storage), trust);
    return typeof kept === 'string' ? kept : 'kept';
  };
  for (const config of [
    { data: '/etc' },
    { data: 'a/../../b' },
    { labels: '..' },
    { model: '../model.json' },
    { corrections: ['/x.csv'] },
    { checkpoints: '/**/*' },
    { checkpoints: 'a/{../../etc,b}/*' },
    { checkpoints: 'a/@(..)/../etc/*' },
    { checkpoints: 'a/**' },
  ]) {
    assert.match(await why(config), /which is not within this folder\. .*--trust/, JSON.stringify(config));
  }
  for (const config of [
    { data: '..a' },
    { data: './a/../b' },
    { labels: 'a..b' },
    { data: join(process.cwd(), 'a') },
  ]) {
    assert.match(await why(config), /^None of the checkpoints/, JSON.stringify(config));
  }
  assert.match(await why({ data: '/etc' }, true), /^None of the checkpoints/);
  // Nor are addresses, whoever trusts them: the explorer fetches nothing.
  for (const config of [
    { data: 's3://bucket/a' },
    { checkpoints: 's3://bucket/*' },
    { model: 's3://bucket/net.mjs' },
  ]) {
    assert.match(
      await why(config, true),
      /^'s3:\/\/bucket\/.*' is in a store, from which the explorer fetches nothing/,
    );
  }
});

test('a checkpoint that is gone is left out, and one that was written over is not taken for what was scored', async () => {
  assert.equal((await keptOf('runs/weights')).numbers, [0, 1, 2]);
  const bytes = readFileSync('weights/e-2.safetensors');
  rmSync('weights/e-2.safetensors');
  assert.equal((await keptOf('runs/weights')).numbers, [0, 2]);
  const later = new Date(Date.now() + 60_000);
  writeFileSync('weights/e-2.safetensors', bytes);
  utimesSync('weights/e-2.safetensors', later, later);
  assert.match(await whyNot('runs/weights'), /e-2\.safetensors was written after the run/);
  utimesSync('models/e-10/weights.bin', later, later);
  assert.match(await whyNot('runs/models'), /models\/e-10 was written after the run/);
  const past = new Date(0);
  for (const path of ['weights/e-2.safetensors', 'models/e-10/weights.bin']) utimesSync(path, past, past);
});

test('other data than was scored has no map', async () => {
  const kept = await keptOf('runs/models');
  const labels = readFileSync('labels.csv', 'utf8');
  writeFileSync('labels.csv', labels.replace('\na\n', '\nb\n'));
  let code = '';
  await kept.example(0).catch((error: unknown) => (code = error instanceof VogError ? error.code : String(error)));
  assert.is(code, 'DATA_UNKNOWN');
  writeFileSync('labels.csv', labels);
  assert.equal((await kept.example(1)).label, 1);
});

test('a run without checkpoints says why in a sentence', async () => {
  assert.match(await whyNot('runs/trained'), /trained for it and let go/);
  const why = async (facts: Partial<RunManifest>): Promise<string> => {
    const storage = memoryStorage();
    await createRun(storage, { examples: 2, data: { source: null, fingerprint: null, kind: 'images' }, ...facts });
    const kept = await keptCheckpoints(await openRun(storage), false);
    return typeof kept === 'string' ? kept : 'kept';
  };
  assert.match(await why({}), /does not say where/);
  assert.match(await why({ config: { logits: 'logits.npy' } }), /stored logits/);
  const data = { source: 'a.csv', fingerprint: null, kind: 'table' } as const;
  assert.match(await why({ config: { data: 'a.csv' }, data }), /for pictures/);
  assert.match(
    await why({ config: { data: 'a', checkpoints: 'none/*' } }),
    /None of the checkpoints 'none\/\*' is here/,
  );
  let code = '';
  await why({ config: { data: 'a', checkpoints: 7 } }).catch((error: VogError) => (code = error.code));
  assert.is(code, 'CONFIG_INVALID');
});

test.run();
