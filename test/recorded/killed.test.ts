// Only with --all: native TensorFlow starts in a process that is killed.
// A process that is killed while TensorFlow loads a recording leaves a folder, and the next recorder removes it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { testBackends } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordedAs, recordedOn, recording, vogSection } from './sections.js';

const HOUR = 3_600_000;
const ts = fileURLToPath(new URL('../../scripts/ts.mjs', import.meta.url));
const child = fileURLToPath(new URL('killed.ts', import.meta.url));

for (const backend of recording(testBackends())) {
  const test = suite(`a process killed in the middle of a recording on ${backend}`);
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-test-'));
  test.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true });
  });

  test('the folder that it leaves is gone once the next one records', async () => {
    // A function leaves nothing on the disk.
    const env = { ...process.env, TMPDIR: folder, VOGJS_RECORDED: 'saved-model' };
    const { signal } = spawnSync(process.execPath, [ts, child, backend], { env, stdio: 'ignore' });
    const names = (): string[] => readdirSync(folder).filter((name) => name.startsWith('vogjs-recorded-'));
    assert.is(names().length, 1, `ended by ${signal}`);
    const then = new Date(Date.now() - HOUR);
    utimesSync(join(folder, names()[0]!), then, then);
    process.env['TMPDIR'] = folder;
    const passes = await recordedOn(backend);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [5] })] });
    await recordedAs('saved-model', () =>
      tf.dispose(passes.run(vogSection(model, tf.ones([2, 5]), Int32Array.of(0, 1)))),
    );
    assert.equal(names(), []);
    passes.dispose();
    model.dispose();
  });
  test.run();
}

const elsewhere = suite('killed processes without native TensorFlow');
elsewhere('nothing of them records', () => {
  assert.equal(recording(['cpu', 'wasm', 'webgpu']), []);
});
elsewhere.run();
