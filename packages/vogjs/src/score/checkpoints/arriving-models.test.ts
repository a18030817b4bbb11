// Only with --all: it waits for checkpoints
// Checkpoints that are saved while they are scored give what scoring them afterwards gives, to the bit.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants, getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { selectBackend } from '@vogjs/core/node';
import { seededRandom, writeNpy, writeSafetensors } from '@vogjs/formats';
import { openRun } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../../command-line.test.helper.js';
import { saveModel } from './save-model.test.helper.js';

const test = suite('checkpoints that are still being saved');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-arriving-'));
const start = process.cwd();
test.before(async () => {
  process.chdir(folder);
  await selectBackend('cpu');
  const random = seededRandom(3);
  const rows = Float32Array.from({ length: 20 * 5 }, () => random.normal());
  writeFileSync('rows.npy', writeNpy({ data: rows, shape: [20, 5] }));
  writeFileSync(
    'labels.csv',
    `id,label\n${Array.from({ length: 20 }, (_, i) => `e${i},${'abc'[i % 3]}`).join('\n')}\n`,
  );
  await saveModel(network(0), 'architecture');
});
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

function network(seed: number): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const { dense } = tf.layers;
  const first = dense({ name: 'first', units: 4, activation: 'tanh', inputShape: [5], kernelInitializer });
  return tf.sequential({
    layers: [first, dense({ name: 'last', units: 3, activation: 'softmax', kernelInitializer })],
  });
}

function weightsOf(seed: number): Uint8Array {
  const model = network(seed);
  const tensors = model.weights.map((weight) => {
    const value = weight.read();
    return [weight.originalName, { data: value.dataSync() as Float32Array, shape: value.shape }] as const;
  });
  return writeSafetensors(Object.fromEntries(tensors));
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const DATA = ['score', 'rows.npy', '--labels', 'labels.csv', '--backend', 'cpu', '--windows', '2'];
const from = (place: string): string[] => [
  '--model',
  'architecture/model.json',
  '--checkpoints',
  `${place}/*.safetensors`,
];

test('written in pieces, slowly and by renaming: the table is that of scoring them afterwards, byte for byte', async () => {
  mkdirSync('ckpt');
  const watched = vogjs(...DATA, ...from('ckpt'), '--watch', '5', '--out', 'live');
  for (let epoch = 1; epoch <= 5; epoch++) {
    const bytes = weightsOf(epoch);
    const path = `ckpt/epoch-${epoch * 3}.safetensors`;
    if (epoch % 2 === 1) {
      // In three pieces, each after a look at it.
      for (const [a, b] of [
        [0, 7],
        [7, bytes.length - 40],
        [bytes.length - 40, bytes.length],
      ] as const) {
        appendFileSync(path, bytes.subarray(a, b));
        await sleep(600);
      }
    } else {
      writeFileSync(`ckpt/tmp-${epoch}`, bytes);
      renameSync(`ckpt/tmp-${epoch}`, path);
    }
  }
  const { code, error } = await watched;
  assert.is(code, 0, error);
  const after = await vogjs(...DATA, ...from('ckpt'), '--out', 'after');
  assert.is(after.code, 0, after.error);
  assert.ok(readFileSync('live/scores.parquet').equals(readFileSync('after/scores.parquet')));
  assert.ok(readFileSync('live/trajectories.parquet').equals(readFileSync('after/trajectories.parquet')));
  const { manifest } = await openRun('live');
  assert.equal(
    manifest.checkpoints.map(({ source }) => source),
    [3, 6, 9, 12, 15].map((n) => `epoch-${n}.safetensors`),
  );
});

test('a training that ends early: the run ends with what came, and says so', async () => {
  const { code, error } = await vogjs(...DATA, ...from('ckpt'), '--watch', '9', '--idle', '0.02', '--out', 'early');
  assert.is(code, 0, error);
  const run = await openRun('early');
  assert.is(run.manifest.state, 'complete');
  assert.is(run.manifest.checkpoints.length, 5);
  const events = readFileSync('early/events.jsonl', 'utf8');
  assert.match(events, /"ended".*"checkpoint":5,"of":9/);
});

test('--lag passes over older ones, in the order of the names, and says which', async () => {
  const { code, error } = await vogjs(...DATA, ...from('ckpt'), '--watch', '5', '--lag', '2', '--out', 'lagging');
  assert.is(code, 0, error);
  const { manifest } = await openRun('lagging');
  assert.equal(
    manifest.checkpoints.map(({ source, epoch }) => [source, epoch]),
    [
      ['epoch-12.safetensors', 3],
      ['epoch-15.safetensors', 4],
    ],
  );
  const skipped = readFileSync('lagging/events.jsonl', 'utf8').matchAll(/"skipped"[^}]*"source":"([^"]+)"/g);
  assert.equal(
    [...skipped].map(([, source]) => source),
    [3, 6, 9].map((n) => `epoch-${n}.safetensors`),
  );
});

test('none in time, weights without --model, of another network, and options without --watch are refused', async () => {
  const none = await vogjs(...DATA, ...from('nowhere'), '--watch', '2', '--idle', '0.01', '--out', 'no');
  assert.match(none.error, /No checkpoint that 'nowhere.*came within 0.01 minutes.*CHECKPOINT_INVALID/s);
  const bare = await vogjs(...DATA, '--checkpoints', 'ckpt/*.safetensors', '--watch', '2', '--out', 'no');
  assert.match(bare.error, /holds weights alone. Give --model/);
  mkdirSync('strange');
  writeFileSync('strange/a-1.safetensors', writeSafetensors({ other: { data: new Float32Array(3), shape: [3] } }));
  const strange = await vogjs(...DATA, ...from('strange'), '--watch', '2', '--out', 'no');
  assert.match(strange.error, /WEIGHTS_MISMATCH/);
  for (const extra of [
    ['--idle', '3'],
    ['--lag', '2'],
  ]) {
    const { code, error } = await vogjs(...DATA, ...from('ckpt'), ...extra, '--out', 'no');
    assert.is(code, 2);
    assert.match(error, /is for --watch/);
  }
  const training = await vogjs(...DATA, '--watch', '3', '--out', 'no');
  assert.match(training.error, /--watch needs --checkpoints/);
  const workers = await vogjs(...DATA, ...from('ckpt'), '--watch', '5', '--workers', '2', '--out', 'no');
  assert.is.not(workers.code, 0);
  assert.match(workers.error, /--watch|SHARD_UNFIT/);
});

test('killed and begun again it goes on behind the last one scored, though the files before it are gone; its threads let others come first', async () => {
  mkdirSync('rolling');
  for (const epoch of [1, 2]) writeFileSync(`rolling/e-${epoch}.safetensors`, weightsOf(epoch));
  const command = [...DATA, ...from('rolling'), '--watch', '4', '--out', 'killed'];
  const loader = ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx')];
  const main = fileURLToPath(new URL('../../main.ts', import.meta.url));
  const env = {
    ...process.env,
    TSX_TSCONFIG_PATH: fileURLToPath(new URL('../../../../../tsconfig.base.json', import.meta.url)),
  };
  const child = spawn(process.execPath, [...loader, main, ...command], { env, stdio: 'ignore' });
  const scored = (): number =>
    existsSync('killed/events.jsonl')
      ? readFileSync('killed/events.jsonl', 'utf8').split('"type":"checkpoint"').length - 1
      : 0;
  while (scored() < 2) {
    assert.is(child.exitCode, null, 'it ended by itself');
    await sleep(100);
  }
  // The state is saved after the event.
  await sleep(500);
  if (process.platform === 'linux') {
    const ids = readdirSync(`/proc/${child.pid}/task`).map(Number);
    assert.equal(new Set(ids.map((id) => getPriority(id))), new Set([constants.priority.PRIORITY_LOW]));
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  rmSync('rolling/e-1.safetensors');
  for (const epoch of [3, 4]) writeFileSync(`rolling/e-${epoch}.safetensors`, weightsOf(epoch));
  const again = await vogjs(...command);
  assert.is(again.code, 0, again.error);
  writeFileSync('rolling/e-1.safetensors', weightsOf(1));
  const whole = await vogjs(...DATA, ...from('rolling'), '--out', 'whole');
  assert.is(whole.code, 0, whole.error);
  assert.ok(readFileSync('killed/scores.parquet').equals(readFileSync('whole/scores.parquet')));
  assert.is((await openRun('killed')).manifest.checkpoints.length, 4);
});

test.run();
