// Where pixels are equal, max pooling has many gradients: every backend must take the same one.
// Only with --all: a software driver for WebGPU compiles every shader
import { settleDevice } from '@vogjs/backend';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { randomOf, SEED, withSeed } from '@vogjs/testing';
import { useBackend } from '../support/backend.js';
import { withoutWebgpu } from '../support/webgpu.js';

const reason = await withoutWebgpu();
if (reason !== null) console.log(`not on webgpu: ${reason}`);
const backends = reason === null ? (['cpu', 'wasm', 'webgpu'] as const) : (['cpu', 'wasm'] as const);
const test = suite(`max pool of equal pixels (seed ${SEED})`);
const SHAPE: [number, number, number, number] = [2, 9, 8, 3];

for (const [size, strides, pad] of [
  [2, 2, 'valid'],
  [3, 2, 'same'],
  [3, 1, 'same'],
  [2, 3, 'valid'],
  [[2, 3], [1, 2], 'same'],
  [5, 2, 'same'],
  [4, 1, 'same'],
  [3, 2, 1],
  [[9, 8], 1, 'valid'],
] as const) {
  test(`the first of equal pixels has the gradient, on ${backends.join(', ')}: ${size} stride ${strides} ${pad}`, () =>
    withSeed(async () => {
      const random = randomOf(1);
      // Few values: nearly every window has equal pixels, and some are negative.
      const pixels = Float32Array.from({ length: SHAPE.reduce((a, b) => a * b) }, () => random.integer(3) - 1);
      const pool = (x: tf.Tensor): tf.Tensor =>
        tf.maxPool(x as tf.Tensor4D, size as number, strides as number, pad, pad === 1 ? 'floor' : undefined);
      const gradients: number[][] = [];
      for (const backend of backends) {
        await useBackend(backend);
        const gradient = tf.tidy(() => {
          const x = tf.tensor4d(pixels, SHAPE);
          const { shape, size: length } = pool(x);
          const dy = tf.tensor(
            Float32Array.from({ length }, (_, i) => 1 + (i % 17)),
            shape,
          );
          return tf.grad(pool)(x, dy);
        });
        gradients.push([...(await gradient.data())]);
        await settleDevice('here');
        gradient.dispose();
      }
      for (const [i, gradient] of gradients.entries()) assert.equal(gradient, gradients[0], backends[i]);
    }));
}

test.run();
