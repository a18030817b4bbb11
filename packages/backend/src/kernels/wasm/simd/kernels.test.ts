// Only with --all: 60 random pools and 60 convolutions, each twice, take seconds.
import * as tf from '@tensorflow/tfjs';
import { bootBackend, normalTensorsFrom, runSeed, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withLeanGradients } from '../../../lean/lean.js';
import { repairBackend } from '../../../repair/repair.js';
import type { WasmBackend } from '../heap.js';
import { simdKernels, useOwnKernels } from './kernels.js';

const seed = runSeed();
const random = uniformFrom(seed);
const normal = normalTensorsFrom(random);
const test = suite(`own wasm kernels (seed ${seed})`);
test.before.each(async () => {
  await bootBackend('wasm');
  repairBackend();
});
test.after.each(() => useOwnKernels(true));

const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));

/** The numbers with our own kernels and without them, largest difference over the largest value. */
function difference(run: () => tf.Tensor): number {
  return tf.tidy(() => {
    const [own, other] = [true, false].map((on) => {
      useOwnKernels(on);
      return run();
    }) as [tf.Tensor, tf.Tensor];
    assert.equal(own.shape, other.shape);
    const largest = tf.max(tf.abs(other)).dataSync()[0]!;
    return tf.max(tf.abs(tf.sub(own, other))).dataSync()[0]! / (largest || 1);
  });
}

const inputGradient = (dy: tf.Tensor, filter: tf.Tensor, attrs: object): tf.Tensor =>
  tf.engine().runKernel('Conv2DBackpropInput', { dy, filter }, attrs as tf.NamedAttrMap) as tf.Tensor;

test('this engine compiles them', () => {
  assert.ok(simdKernels(tf.backend() as unknown as WasmBackend));
});

test('gradient of 60 random max pools, with ties = the loop in JavaScript', () => {
  for (let k = 0; k < 60; k++) {
    const channels = between(1, 13);
    const window: [number, number] = [between(1, 3), between(1, 3)];
    const strides: [number, number] = [between(1, 4), between(1, 4)];
    const pad = random() < 0.5 ? 'same' : 'valid';
    // Rounded: many pixels are equal.
    const x = tf.round(normal(between(1, 3), between(3, 9), between(3, 9), channels)) as tf.Tensor4D;
    const dy = normal(...tf.maxPool(x, window, strides, pad).shape) as tf.Tensor4D;
    const gradient = (): tf.Tensor =>
      tf.grad((v: tf.Tensor) => tf.maxPool(v as tf.Tensor4D, window, strides, pad))(x, dy);
    const error = difference(gradient);
    assert.ok(error < 1e-6, `${error} at ${JSON.stringify({ x: x.shape, window, strides, pad })}`);
    tf.dispose([x, dy]);
  }
});

test('convolutions of one channel by few filters = without them, forward and input gradient', () => {
  for (let k = 0; k < 30; k++) {
    tf.tidy(() => {
      const edge = between(1, 5);
      const [inChannels, outChannels] = [between(1, 3), between(1, 16)];
      const x = normal(between(1, 5), between(edge, 12), between(8, 19), inChannels) as tf.Tensor4D;
      const filter = normal(edge, between(1, 5), inChannels, outChannels) as tf.Tensor4D;
      const pad = random() < 0.5 ? 'same' : 'valid';
      const forward = difference(() => tf.conv2d(x, filter, 1, pad));
      const dy = normal(...tf.conv2d(x, filter, 1, pad).shape);
      const attrs = { strides: 1, pad, dataFormat: 'NHWC', inputShape: x.shape };
      const backward = difference(() => inputGradient(dy, filter, attrs));
      const where = JSON.stringify({ x: x.shape, filter: filter.shape, pad });
      assert.ok(forward < 1e-5, `${forward} forward at ${where}`);
      assert.ok(backward < 1e-5, `${backward} backward at ${where}`);
    });
  }
});

test('input gradients without padding, of every batch and stride = without them', () => {
  for (let k = 0; k < 30; k++) {
    tf.tidy(() => {
      const window: [number, number] = [between(2, 5), between(3, 5)];
      const strides: [number, number] = [between(1, 3), between(1, 3)];
      const [inChannels, outChannels] = [between(4, 12), 4 * between(1, 5)];
      const x = normal(between(1, 6), between(5, 12), between(5, 12), inChannels) as tf.Tensor4D;
      const filter = normal(...window, inChannels, outChannels) as tf.Tensor4D;
      const dy = normal(...tf.conv2d(x, filter, strides, 'valid').shape);
      const attrs = { strides, pad: 'valid', dataFormat: 'NHWC', inputShape: x.shape };
      const error = difference(() => inputGradient(dy, filter, attrs));
      assert.ok(error < 1e-5, `${error} at ${JSON.stringify({ x: x.shape, filter: filter.shape, strides })}`);
    });
  }
});

test('a bias and the gradient of relu, for 1 to 9 channels = without them', () => {
  for (let channels = 1; channels <= 9; channels++) {
    tf.tidy(() => {
      const [x, bias] = [normal(3, 5, 2, channels), normal(channels)];
      assert.is(
        difference(() => tf.add(x, bias)),
        0,
      );
      const dy = normal(...x.shape);
      const relu = (): tf.Tensor => withLeanGradients(() => tf.grad((v: tf.Tensor) => tf.relu(v))(tf.round(x), dy));
      assert.is(difference(relu), 0);
    });
  }
});

test('batch normalisation of 1 to 9 channels, with and without scale and offset = float64', () => {
  const float64 = ([x, mean, variance, scale, offset]: (readonly number[])[], channels: number): number[] =>
    x!.map((value, i) => {
      const c = i % channels;
      const slope = (scale?.[c] ?? 1) / Math.sqrt(variance![c]! + 1e-3);
      return (value - mean![c]!) * slope + (offset?.[c] ?? 0);
    });
  for (let channels = 1; channels <= 9; channels++) {
    for (const hasScale of [true, false]) {
      for (const hasOffset of [true, false]) {
        tf.tidy(() => {
          const [x, mean, scales, offsets] = [
            normal(3, 5, 2, channels),
            normal(channels),
            normal(channels),
            normal(channels),
          ];
          const variance = tf.square(normal(channels));
          const [scale, offset] = [hasScale ? scales : undefined, hasOffset ? offsets : undefined];
          const y = tf.batchNorm(x!, mean as tf.Tensor1D, variance, offset as tf.Tensor1D, scale as tf.Tensor1D, 1e-3);
          const given = [x, mean, variance, scale, offset].map((tensor) => tensor && [...tensor.dataSync()]);
          const expected = float64(given as number[][], channels);
          const most = 3e-7 * Math.max(...expected.map(Math.abs));
          y.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) <= most, `${channels} channels`));
        });
      }
    }
  }
});

test('they leave no memory of the backend behind', () => {
  const backend = tf.backend() as tf.KernelBackend & { numDataIds(): number };
  const x = normal(2, 12, 12, 1) as tf.Tensor4D;
  const filters = [normal(5, 5, 1, 6), normal(5, 5, 6, 8)] as tf.Tensor4D[];
  const statistics = tf.ones([8]) as tf.Tensor1D;
  const before = backend.numDataIds();
  tf.tidy(() => {
    const network = (image: tf.Tensor): tf.Tensor => {
      const first = tf.maxPool(tf.relu(tf.conv2d(image as tf.Tensor4D, filters[0]!, 1, 'same')), 2, 2, 'valid');
      const second = tf.conv2d(first, filters[1]!, 1, 'valid');
      return tf.batchNorm(second, statistics, statistics);
    };
    withLeanGradients(() => tf.grad(network)(x));
  });
  assert.is(backend.numDataIds(), before);
  tf.dispose([x, statistics, ...filters]);
});

test.run();
