// Only with --all: it runs an experiment at toy size
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { selectBackend } from '@vogjs/core/node';
import { saveWeights } from '@vogjs/example-models';
import { UsageError } from '@vogjs/example-shared';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scoreRun } from './detectors.js';
import { evaluateRun } from './evaluation.js';
import { runTiny, tinyData, tinyOptions } from './fixtures/tiny-run.js';
import { readRunRecord } from './run-folder.js';
import { trainRun } from './run.js';
import { tableThree } from './tables.js';

const test = suite('f-ood, resumed');

let folder = '';
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
  await selectBackend('wasm');
});
test.after(() => rm(folder, { recursive: true }));

/** Weights, table and what the tracker saw of a finished run; disposes it. */
async function outcomeOf(run: Awaited<ReturnType<typeof runTiny>>) {
  const scores = await scoreRun(run);
  const outcome = {
    weights: await saveWeights(run.model),
    table: tableThree(evaluateRun(run, scores), run.settings),
    vog: scores.methods['vog']?.values,
    epochs: run.record.epochs.map(({ loss, accuracy }) => [loss, accuracy]),
  };
  run.tracker.dispose();
  run.model.dispose();
  return outcome;
}

/** Runs the child until it has said that an epoch is done, and a while longer, then kills it with signal 9. */
function killedAfter(epoch: number, delay: number, into: string): Promise<string | null> {
  const script = fileURLToPath(new URL('fixtures/tiny-run.ts', import.meta.url));
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

test('killed by -9 between checkpoints and started again = uninterrupted: weights, VoG and table, to the bit', async () => {
  const whole = await outcomeOf(await runTiny(null));
  const killed = join(folder, 'killed');
  // Some 50 ms into the third epoch: while it trains, scores or saves.
  assert.is(await killedAfter(2, Math.floor(100 * Math.random()), killed), 'SIGKILL');
  const record = await readRunRecord(killed);
  const done = record?.epochs.length ?? 0;
  assert.ok(done >= 2 && done < 6, `${done} epochs were saved`);
  // What a process leaves that dies while it writes the files of the next epoch.
  await writeFile(join(killed, 'weights-0006.safetensors'), 'torn');
  await writeFile(join(killed, 'tracker-0006.safetensors.1.1.tmp'), 'torn');

  const resumed: number[] = [];
  const outcome = await outcomeOf(await runTiny(killed, (epoch) => resumed.push(epoch)));
  assert.is(resumed[0], done, 'it goes on where it was');
  assert.equal(outcome, whole);
  const names = (await readdir(killed)).toSorted();
  assert.equal(names, [
    'optimizer-0006.safetensors',
    'run.json',
    'tracker-0006.safetensors',
    'weights-0006.safetensors',
  ]);

  const again: number[] = [];
  assert.equal(await outcomeOf(await runTiny(killed, (epoch) => again.push(epoch))), whole);
  assert.equal(again, [], 'a finished run is evaluated again without training');
});

test('a folder holds one run: other images, a damaged record and another version are refused by what they are', async () => {
  const into = join(folder, 'one');
  const first = await runTiny(into);
  first.tracker.dispose();
  first.model.dispose();
  const refused = async (run: Promise<unknown>, text: RegExp) => {
    const error: unknown = await run.catch((cause: unknown) => cause);
    assert.instance(error, UsageError);
    assert.match((error as Error).message, text);
  };
  const data = tinyData();
  const others = { ...data, sets: { ...data.sets, outside: data.sets.outside.slice(1) } };
  await refused(trainRun(others, tinyOptions(into), { backend: 'wasm', version: '' }), /other images.*cifar100/);
  const record = await readFile(join(into, 'run.json'), 'utf8');
  await writeFile(join(into, 'run.json'), record.slice(0, 100));
  await refused(runTiny(into), /damaged/);
  await writeFile(join(into, 'run.json'), record.replace('"version": 2', '"version": 3'));
  await refused(runTiny(into), /another version/);
});

test('the weights of every checkpoint are kept where that is asked for', async () => {
  const into = join(folder, 'kept');
  const options = { ...tinyOptions(into), keepWeights: true };
  const run = await trainRun(tinyData(), options, { backend: 'wasm', version: '' });
  run.tracker.dispose();
  run.model.dispose();
  const names = (await readdir(into)).filter((name) => name.startsWith('weights')).toSorted();
  assert.equal(
    names,
    [1, 2, 3, 4, 5, 6].map((epoch) => `weights-000${epoch}.safetensors`),
  );
});

test.run();
