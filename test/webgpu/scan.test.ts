// Running sums and products from the end, along axes of several lengths: WebGPU keeps a shader for all of them.
// Only with --all: a software driver for WebGPU compiles every shader
import { settleDevice } from '@vogjs/backend';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { useBackend } from '../support/backend.js';
import { withoutWebgpu } from '../support/webgpu.js';

const reason = await withoutWebgpu();
if (reason !== null) console.log(`not on webgpu: ${reason}`);
const backends = reason === null ? (['cpu', 'wasm', 'webgpu'] as const) : (['cpu', 'wasm'] as const);
const test = suite('running sums and products from the end');

async function read(result: tf.Tensor): Promise<number[]> {
  const values = [...(await result.data())];
  result.dispose();
  await settleDevice('here');
  return values;
}

for (const backend of backends) {
  for (const [name, scan, join] of [
    ['cumsum', tf.cumsum, (a: number, b: number) => a + b],
    ['cumprod', tf.cumprod, (a: number, b: number) => a * b],
  ] as const) {
    test(`${name} of 3, 7, 2 and 5 numbers, one length after the other, on ${backend}`, async () => {
      await useBackend(backend);
      for (const length of [3, 7, 2, 5]) {
        const x = Array.from({ length }, (_, k) => 1 + (k % 3));
        const start = name === 'cumsum' ? 0 : 1;
        const from = (first: number): number => x.slice(first).reduce(join, start);
        const found = await read(tf.tidy(() => scan(tf.tensor2d([x, x]), 1, false, true)));
        assert.equal(found, [...x.map((_, k) => from(k)), ...x.map((_, k) => from(k))]);
        const exclusive = await read(tf.tidy(() => scan(tf.tensor1d(x), 0, true, true)));
        assert.equal(
          exclusive,
          x.map((_, k) => from(k + 1)),
        );
      }
    });
  }

  test(`the gradient of a running sum counts the entries behind, for every length, on ${backend}`, async () => {
    await useBackend(backend);
    for (const length of [4, 2, 6, 3]) {
      const found = await read(tf.tidy(() => tf.grad((x: tf.Tensor) => tf.cumsum(x, 0))(tf.zeros([length]))));
      assert.equal(
        found,
        Array.from({ length }, (_, k) => length - k),
      );
    }
  });
}

test.run();
