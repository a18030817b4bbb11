import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { repairBackend } from '../../repair/repair.js';

const seed = runSeed();
const test = suite(`3-D max pooling on wasm (seed ${seed})`);

test('windows without a positive value give their largest, not the smallest positive float', async () => {
  await bootBackend('wasm');
  repairBackend();
  const x = tf.tensor5d([-1, -2, -3, -4, -5, -6, -7, -8], [1, 2, 2, 2, 1]);
  const y = tf.maxPool3d(x, 2, 2, 'same');
  assert.equal([...(await y.data())], [-1]);
  tf.dispose([x, y]);
});

test('values and input gradients are those of the cpu backend, for any window, stride and padding', async () => {
  const found: Float32Array[][] = [];
  for (const backend of ['cpu', 'wasm'] as const) {
    await bootBackend(backend);
    repairBackend();
    const random = uniformFrom(seed);
    const results: Float32Array[] = [];
    for (const window of [1, 2, 3] as const) {
      for (const stride of [1, 2, 3] as const) {
        for (const padding of ['same', 'valid'] as const) {
          const shape: [number, number, number, number, number] = [2, 4, 5, 3, 2];
          const pool = (x: tf.Tensor): tf.Tensor => tf.maxPool3d(x as tf.Tensor5D, window, stride, padding);
          const x = tf.tensor(normalValues(240, random), shape);
          const y = pool(x);
          const dy = tf.tensor(normalValues(y.size, random), y.shape);
          const dx = tf.grad(pool)(x, dy);
          results.push(Float32Array.from(await y.data()), Float32Array.from(await dx.data()));
          tf.dispose([x, y, dy, dx]);
        }
      }
    }
    found.push(results);
  }
  const [right, wasm] = found as [Float32Array[], Float32Array[]];
  assert.is(right.length, 36);
  for (const [i, values] of right.entries()) {
    const worst = values.reduce((most, value, k) => Math.max(most, Math.abs(value - wasm[i]![k]!)), 0);
    assert.ok(values.length === wasm[i]!.length && worst < 1e-5, `result ${i} is ${worst} off`);
  }
});

test.run();
