import * as tf from '@tensorflow/tfjs';
import { bootBackend, normalTensorsFrom, runSeed, uniformFrom } from '@vogjs/testing';
import { setFlagsFromString } from 'node:v8';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repairBackend } from '../../../repair/repair.js';
import { PLAIN, RELAXED } from './built.js';
import { boundedConvolution, SMALL_TILES } from './reference.test.support.js';

const seed = runSeed();
const normal = normalTensorsFrom(uniformFrom(seed));
const test = suite(`wasm kernels with relaxed SIMD (seed ${seed})`);
// Node 20 has it behind a flag, newer ones as it is. Nothing is compiled before the first convolution.
test.before(() => setFlagsFromString('--experimental-wasm-relaxed-simd'));

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, 'base64'));

test('the engine takes both builds, and they differ', () => {
  assert.ok(WebAssembly.validate(bytesOf(PLAIN)));
  assert.ok(WebAssembly.validate(bytesOf(RELAXED)));
  assert.is.not(PLAIN, RELAXED);
});

test('forward = float64 within the stated bound, by the relaxed build', async () => {
  await bootBackend('wasm');
  repairBackend();
  const compiled: string[] = [];
  const { Module } = WebAssembly;
  WebAssembly.Module = class extends Module {
    constructor(bytes: BufferSource) {
      super(bytes);
      compiled.push(Buffer.from(bytes as Uint8Array).toString('base64'));
    }
  } as typeof Module;
  try {
    const x = normal(5, 9, 8, 24) as tf.Tensor4D;
    const filter = normal(3, 3, 24, 32) as tf.Tensor4D;
    const y = tf.conv2d(x, filter, 1, 'same');
    assert.equal(compiled, [RELAXED]);
    const image = { shape: x.shape, values: x.dataSync() as Float32Array };
    const { expected, bound } = boundedConvolution(image, filter.dataSync() as Float32Array, 32, 1, SMALL_TILES);
    y.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) <= bound[i]!, `output ${i}`));
    tf.dispose([x, filter, y]);
  } finally {
    WebAssembly.Module = Module;
  }
});

test.run();
