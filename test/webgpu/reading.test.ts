// A WebGPU device cannot be read at once in Node: that is said by code.
// Only with --all: a software driver for WebGPU compiles every shader
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { useBackend } from '../support/backend.js';
import { withoutWebgpu } from '../support/webgpu.js';

const reason = await withoutWebgpu();
const test = suite('reading at once');
const unreadable = (error: unknown): boolean =>
  error instanceof VogError && error.code === 'BACKEND_UNAVAILABLE' && /await tensor\.data\(\)/.test(error.message);

if (reason !== null) console.log(`not on webgpu: ${reason}`);

const onWebgpu = reason === null ? test : () => {};
onWebgpu(
  'webgpu refuses dataSync, and a layer that calls it, by code; what the host still holds is given',
  async () => {
    await useBackend('webgpu');
    const given = tf.tensor1d([1, 2]);
    assert.equal([...given.dataSync()], [1, 2]);
    // Not an addition: of a few numbers that the host holds it does that itself.
    const computed = tf.reverse(given);
    assert.throws(() => computed.dataSync(), unreadable);
    assert.equal([...(await computed.data())], [2, 1]);
    const encoding = tf.layers.categoryEncoding({ numTokens: 4, outputMode: 'multiHot' } as never);
    assert.throws(() => encoding.apply(tf.reverse(tf.tensor2d([[1, 2, 3]], [1, 3], 'int32'))), unreadable);
    tf.dispose([given, computed]);
  },
);

test('a device of another backend is read at once', async () => {
  await useBackend('wasm');
  assert.equal([...tf.add(tf.tensor1d([1, 2]), 1).dataSync()], [2, 3]);
});

test.run();
