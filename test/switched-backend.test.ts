// A backend that is switched between checkpoints: the second one's kernels are repaired too.
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { collectResources, createTracker, inputGradient } from '@vogjs/core';
import { csg } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('a backend switched between checkpoints');

/** Averages of every corner of a 2 x 2 image, padded; logit 0 is the first plus five times the last. */
function corners(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same', inputShape: [2, 2, 1] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, useBias: false }),
    ],
  });
  model.setWeights([
    tf.tensor2d([
      [1, 0],
      [0, 0],
      [0, 0],
      [5, 0],
    ]),
  ]);
  return model;
}

const probe = { inputs: { data: new Float32Array(4), shape: [1, 2, 2, 1] }, labels: [0] };

test('cpu, then wasm: each checkpoint sees the exact gradient, and csg is 13.875', async () => {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(entry.replace(/[^/\\]*$/, ''));
  await tf.setBackend('cpu');
  const tracker = createTracker({ metrics: [csg()], models: 'any', ...probe });
  for (const [epoch, backend] of ['cpu', 'wasm'].entries()) {
    assert.ok(await tf.setBackend(backend));
    const model = corners();
    await tracker.checkpoint(model, { epoch });
    model.dispose();
  }
  assert.is((await tracker.scores('csg')).values[0], 13.875);
  tracker.dispose();
});

test('cpu, then wasm: resources are read with repaired kernels', async () => {
  const found: number[][] = [];
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    const model = corners();
    const { gradient } = await collectResources(model, probe, { gradient: inputGradient() });
    found.push(Array.from(gradient.data));
    model.dispose();
  }
  // The first window covers four pixels, the last one alone.
  assert.equal(found, [
    [0.25, 0.25, 0.25, 5.25],
    [0.25, 0.25, 0.25, 5.25],
  ]);
});

test.run();
