// A chunk never holds a tensor that the device refuses: WebGPU reports that late, and by an event only.
// Only with --all: a software driver for WebGPU compiles every shader
import { deviceTensorBytes } from '@vogjs/backend';
import * as tf from '@tensorflow/tfjs';
import { createTracker, type GradientEngine, tapeGradientEngine } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import * as assert from 'uvu/assert';
import { randomOf, SEED, withSeed } from '@vogjs/testing';
import { randomiseWeights } from '../support/random.js';
import { webgpuSuite, withoutWebgpu } from '../support/webgpu.js';

const reason = await withoutWebgpu();
const test = webgpuSuite(`chunk size on webgpu (seed ${SEED})`, reason);

test('the largest tensor of a chunk stays within the storage buffers of the device', () =>
  withSeed(async () => {
    await selectBackend('webgpu');
    const { device } = tf.backend() as unknown as { device: { limits: Record<string, number> } };
    const { limits: own } = device;
    const { maxStorageBufferBindingSize = 0, maxBufferSize = 0 } = own;
    assert.is(deviceTensorBytes(), Math.min(maxStorageBufferBindingSize, maxBufferSize));
    // A small device, of which sixteen of these maps and no more are one tensor.
    const side = 64;
    const small = 16 * side * side * 4 * 4;
    const limits = new Proxy(own, {
      get: (all, name) => (name === 'maxStorageBufferBindingSize' ? small : all[String(name)]),
    });
    Object.defineProperty(device, 'limits', { value: limits, configurable: true });
    const model = tf.sequential({
      layers: [
        tf.layers.averagePooling2d({ poolSize: [side, side], inputShape: [side, side, 4] }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ],
    });
    randomiseWeights(model, randomOf(1));
    const size = 10_000;
    let now = 0;
    const gradientEngine: GradientEngine = {
      run: (...args) => {
        now += 1000;
        return tapeGradientEngine.run(...args);
      },
    };
    const tracker = createTracker({
      inputs: {
        size,
        shape: [side, side, 4],
        read: (start, end) => tf.ones([end - start, side, side, 4]),
      },
      labels: new Int32Array(size),
      metrics: [vog()],
      workingMemory: 2 ** 40,
      provide: { gradientEngine, clock: { now: () => now } },
    });
    const plan = await tracker.begin(model);
    assert.is(plan.chunkSize, 16, plan.chunkSizeReason);
    assert.match(plan.chunkSizeReason, /than the device gives one tensor/);
    Object.defineProperty(device, 'limits', { value: own });
    assert.is(deviceTensorBytes(), Math.min(maxStorageBufferBindingSize, maxBufferSize));
    tracker.dispose();
    model.dispose();
  }));

test.run();
