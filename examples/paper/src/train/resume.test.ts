// Only with --all: it trains, kills and trains again
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { selectBackend } from '@vogjs/core/node';
import { UsageError } from '@vogjs/example-shared';
import { readSafetensors } from '@vogjs/formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tinyData, TINY, trainTiny } from './fixtures/tiny-training.js';
import { readTraining } from './folder.js';
import { trainInto } from './train.js';

const test = suite('training into a folder');

const weightsFile = (epochs: number) => `weights-000${epochs}.safetensors`;

let folder = '';
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
  await selectBackend('wasm');
});
test.after(() => rm(folder, { recursive: true }));

/** All that a finished training leaves and that does not depend on how fast it was. */
async function outcomeOf(into: string) {
  const names = (await readdir(into)).filter((name) => name.endsWith('.safetensors')).toSorted();
  const files = await Promise.all(
    names.map(async (name) => [name, (await readFile(join(into, name))).toString('hex')]),
  );
  const epochs = (await readTraining(into))?.epochs.map((epoch) => [epoch.loss, epoch.accuracy, epoch.testAccuracy]);
  return { files, epochs };
}

test('killed by -9 and started again = uninterrupted: every checkpoint, momentum and accuracy, to the bit', async () => {
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  await trainTiny(whole);
  const delay = Math.floor(60 * Math.random());
  assert.is(await killedAfter(2, delay, killed), 'SIGKILL');
  const done = (await readTraining(killed))?.epochs.length ?? 0;
  assert.ok(done >= 2 && done < TINY.epochs, `${done} epochs were saved, killed after ${delay} ms`);
  // What a process leaves that dies while it writes the files of the next epoch.
  await writeFile(join(killed, weightsFile(TINY.epochs)), 'torn');

  const resumed: number[] = [];
  const record = await trainTiny(killed, {}, (epoch) => resumed.push(epoch));
  assert.is(resumed[0], done, 'it goes on where it was');
  assert.is(record.processes.length, 2);
  const [expected, outcome] = [await outcomeOf(whole), await outcomeOf(killed)];
  assert.equal(
    expected.files.map(([name]) => name),
    ['optimizer-0006.safetensors', ...[1, 2, 3, 4, 5, 6].map(weightsFile)],
  );
  assert.equal(outcome, expected);
});

test('a finished training is not trained again, and says what it came to', async () => {
  const into = join(folder, 'finished');
  const first = await trainTiny(into, { epochs: 2 });
  const again: number[] = [];
  assert.equal(await trainTiny(into, { epochs: 2 }, (epoch) => again.push(epoch)), first);
  assert.equal(again, []);
  assert.equal([first.epochs.length, first.processes.length], [2, 1]);
});

test('another seed ends with other weights', async () => {
  const [one, other] = [join(folder, 'seed-4'), join(folder, 'seed-5')];
  await trainTiny(one, { epochs: 1 });
  await trainTiny(other, { epochs: 1, seed: 5 });
  const weights = (into: string) => readFile(join(into, weightsFile(1)), 'hex');
  assert.is.not(await weights(one), await weights(other));
});

test('a training from another begins with its last weights, goes on to the bit, and refuses one of other sizes', async () => {
  const [first, second] = [join(folder, 'before'), join(folder, 'after')];
  await trainTiny(first, { epochs: 2 });
  const identity = 'before, of these weights';
  const beginning = { identity, weights: await readFile(join(first, weightsFile(2))) };
  // So small a step changes nothing but the running statistics of the normalisation.
  const settings = { ...TINY, epochs: 2, learningRate: 1e-12 };
  const backend = { backend: 'wasm', version: '' } as const;
  await trainInto(second, tinyData(), settings, backend, () => {}, beginning);
  const trained = async (into: string, epoch: number) => {
    const { tensors } = readSafetensors(await readFile(join(into, weightsFile(epoch))));
    return tensors['0']?.data as Float32Array;
  };
  const [start, end] = [await trained(first, 2), await trained(second, 2)];
  assert.ok(
    end.every((value, i) => Math.abs(value - (start[i] as number)) < 1e-6),
    'the weights are the other’s',
  );
  assert.is((await readTraining(second))?.settings.from, identity);
  const wider = trainInto(join(folder, 'wider'), tinyData(), { ...settings, width: 3 }, backend, () => {}, beginning);
  assert.match(String(await wider.catch((error: unknown) => error)), /another architecture/);
});

test('a folder holds one training: other settings, other images, damage and another version are refused', async () => {
  const into = join(folder, 'one');
  await trainTiny(into, { epochs: 1 });
  const refused = async (training: Promise<unknown>, text: RegExp) => {
    const error: unknown = await training.catch((cause: unknown) => cause);
    assert.instance(error, UsageError);
    assert.match((error as Error).message, text);
    assert.match((error as Error).message, /--out/);
  };
  await refused(trainTiny(into, { epochs: 2 }), /settings .*"epochs":1/);
  const data = tinyData();
  const others = { ...data, train: { ...data.train, labels: data.train.labels.toReversed() } };
  const backend = { backend: 'wasm', version: '' } as const;
  await refused(trainInto(into, others, { ...TINY, epochs: 1 }, backend), /other images/);
  const record = await readFile(join(into, 'training.json'), 'utf8');
  await writeFile(join(into, 'training.json'), record.slice(0, 100));
  await refused(trainTiny(into, { epochs: 1 }), /damaged/);
  await writeFile(join(into, 'training.json'), record.replace('"version": 1', '"version": 2'));
  await refused(trainTiny(into, { epochs: 1 }), /version 2/);
});

/** Runs the child until it has said that an epoch is done, and a while longer, then kills it with signal 9. */
function killedAfter(epoch: number, delay: number, into: string): Promise<string | null> {
  const script = fileURLToPath(new URL('fixtures/tiny-training.ts', import.meta.url));
  const tsconfig = fileURLToPath(new URL('../../../../tsconfig.base.json', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx'), script, into],
      { env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.stdout.on('data', (data: Buffer) => {
      if (data.toString().includes(`epoch ${epoch}\n`)) setTimeout(() => child.kill('SIGKILL'), delay);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => (code === 0 || signal !== null ? resolve(signal) : reject(new Error(errors))));
  });
}

test.run();
