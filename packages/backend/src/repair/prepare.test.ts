import * as tf from '@tensorflow/tfjs';
import { bootBackend } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareBackend } from './prepare.js';
import { keepBackendRepaired } from './standing.js';

const test = suite('repairs that are loaded when a backend is met');

/** The first average covers four pixels, the last one alone: tfjs as it ships says 0.25 of each. */
function slopes(): number[] {
  return tf.tidy(() => {
    const f = (x: tf.Tensor): tf.Tensor => tf.avgPool(x as tf.Tensor4D, 2, 1, 'same');
    return Array.from(
      tf
        .grad(f)(tf.zeros([1, 2, 2, 1]))
        .dataSync(),
    );
  });
}

test('before they are loaded no pass gets past: it would run unrepaired', () => {
  assert.throws(() => keepBackendRepaired(), /loadRepairs\(\) comes before/);
});

test('tfjs chooses a backend where none is active, and it is repaired', async () => {
  assert.not.ok(tf.getBackend());
  const { backend, repaired } = await prepareBackend();
  assert.is(backend, tf.getBackend());
  assert.ok(repaired.includes('AvgPoolGrad with padding'));
  assert.equal(slopes(), [0.25, 0.75, 0.75, 2.25]);
});

test('another backend is repaired at once, without waiting', async () => {
  await bootBackend('wasm');
  assert.not.equal(slopes(), [0.25, 0.75, 0.75, 2.25], 'wasm as it ships');
  keepBackendRepaired();
  assert.equal(slopes(), [0.25, 0.75, 0.75, 2.25]);
});

test.run();
