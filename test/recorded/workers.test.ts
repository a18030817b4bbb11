// Only with --all: native TensorFlow starts in several threads of one process.
// Recorded passes in worker threads: each thread has sessions of its own, and all give what eager passes give.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { runSeed, testBackends } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recording } from './sections.js';

interface Told {
  readonly values: number[];
  readonly state: string;
  readonly open: number;
}

const seed = runSeed();

function inThread(backend: string, recorded: boolean): Promise<Told> {
  return new Promise((resolve, reject) => {
    // A thread does not take over what lets this one read TypeScript.
    const [reader, entry] = [import.meta.resolve('tsx/esm/api'), new URL('worker.ts', import.meta.url).href];
    const worker = new Worker(`import('${reader}').then(({ register }) => (register(), import('${entry}')))`, {
      eval: true,
      workerData: { backend, seed, recorded },
      execArgv: ['--conditions=@vogjs/source'],
      env: { ...process.env, TSX_TSCONFIG_PATH: fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url)) },
    });
    worker.once('message', (told: Told) => {
      resolve(told);
      void worker.terminate();
    });
    worker.once('error', reject);
  });
}

for (const backend of recording(testBackends())) {
  const test = suite(`recorded passes in threads on ${backend} (seed ${seed})`);
  test('two threads at once record what one computes eagerly', async () => {
    const [a, b, eager] = await Promise.all([true, true, false].map((recorded) => inThread(backend, recorded)));
    const scale = Math.max(...eager!.values);
    assert.ok(scale > 0);
    for (const told of [a!, b!]) {
      assert.equal([told.state, told.open], ['recorded', 0]);
      for (const [i, value] of eager!.values.entries()) assert.ok(Math.abs(told.values[i]! - value) <= 2e-5 * scale);
    }
  });
  test.run();
}

const elsewhere = suite('threads without native TensorFlow');
elsewhere('nothing of them records', () => {
  assert.equal(recording(['cpu', 'wasm', 'webgpu']), []);
});
elsewhere.run();
