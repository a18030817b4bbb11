import * as tf from '@tensorflow/tfjs';
import { bootBackend, normalTensorsFrom, runSeed, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repairBackend } from '../../../repair/repair.js';
import { exactConvolutions } from './exact.js';
import { useOwnKernels } from './kernels.js';

const seed = runSeed();
const random = uniformFrom(seed);
const normal = normalTensorsFrom(random);
const test = suite(`wasm convolutions tap by tap (seed ${seed})`);
test.before.each(async () => {
  await bootBackend('wasm');
  repairBackend();
  exactConvolutions(true);
});
test.after.each(() => {
  exactConvolutions(false);
  useOwnKernels(true);
});

const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));

interface Case {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: 'same' | 'valid' | tf.backend_util.ExplicitPadding;
}

/** Windows from 1 x 1 to 4 x 4, strides larger and smaller than they are, every padding, 64 positions or more. */
function randomCase(): Case {
  const strides: [number, number] = [between(1, 3), between(1, 3)];
  const [height, width] = [between(8, 13), between(8, 13)];
  const explicit: tf.backend_util.ExplicitPadding = [
    [0, 0],
    [between(0, 2), between(0, 2)],
    [between(0, 2), between(0, 2)],
    [0, 0],
  ];
  return {
    x: normal(between(12, 16), height, width, between(16, 27)) as tf.Tensor4D,
    filter: tf.zeros([between(1, 4), between(1, 4), 1, 1]),
    strides,
    // TensorFlow.js takes either.
    dilations: Math.max(...strides) === 1 ? [between(1, 2), between(1, 2)] : [1, 1],
    pad: (['same', 'valid', explicit] as const)[between(0, 2)]!,
  };
}

const infoOf = ({ x, filter, strides, dilations, pad }: Case): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computeConv2DInfo(x.shape, filter.shape, strides, dilations, pad);

/** Calls `visit` with the places of x, filter and output that are multiplied: [example and pixel, tap, example and position]. */
function eachProduct(
  info: tf.backend_util.Conv2DInfo,
  visit: (pixel: number, tap: number, position: number) => void,
): void {
  for (let n = 0; n < info.batchSize; n++) {
    for (let i = 0; i < info.outHeight; i++) {
      for (let j = 0; j < info.outWidth; j++) {
        for (let u = 0; u < info.filterHeight; u++) {
          for (let v = 0; v < info.filterWidth; v++) {
            const row = i * info.strideHeight + u * info.dilationHeight - info.padInfo.top;
            const column = j * info.strideWidth + v * info.dilationWidth - info.padInfo.left;
            if (row < 0 || column < 0 || row >= info.inHeight || column >= info.inWidth) continue;
            const pixel = (n * info.inHeight + row) * info.inWidth + column;
            visit(pixel, u * info.filterWidth + v, (n * info.outHeight + i) * info.outWidth + j);
          }
        }
      }
    }
  }
}

/** Both by the definition in float64. */
function float64(info: tf.backend_util.Conv2DInfo, x: Float32Array, filter: Float32Array, dy: Float32Array) {
  const [inner, outer] = [info.inChannels, info.outChannels];
  const y = new Float64Array(info.batchSize * info.outHeight * info.outWidth * outer);
  const dx = new Float64Array(x.length);
  eachProduct(info, (pixel, tap, position) => {
    for (let c = 0; c < inner; c++) {
      for (let o = 0; o < outer; o++) {
        const weight = filter[(tap * inner + c) * outer + o]!;
        y[position * outer + o]! += x[pixel * inner + c]! * weight;
        dx[pixel * inner + c]! += dy[position * outer + o]! * weight;
      }
    }
  });
  return { y, dx };
}

/** The largest error over the largest value. */
function errorOf(found: tf.Tensor, expected: Float64Array): number {
  const values = found.dataSync();
  assert.is(values.length, expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(values[i]! - value)), 0) / (largest || 1);
}

test('24 random convolutions, forward and input gradient = float64, and other digits than without our kernels', () => {
  let differ = 0;
  for (let k = 0; k < 24; k++) {
    tf.tidy(() => {
      const drawn = randomCase();
      const [rows, columns] = drawn.filter.shape;
      // One of the two is a multiple of eight, for the forward pass or the gradient; the other kernel serves the other.
      const channels =
        k % 2 === 0 ? ([drawn.x.shape[3], 8 * between(2, 4)] as const) : ([24, between(16, 27)] as const);
      const x = normal(...drawn.x.shape.slice(0, 3), channels[0]) as tf.Tensor4D;
      const filter = normal(rows, columns, ...channels) as tf.Tensor4D;
      const made: Case = { ...drawn, x, filter };
      const info = infoOf(made);
      const forward = (): tf.Tensor => tf.conv2d(x, filter, made.strides, made.pad, 'NHWC', made.dilations);
      const y = forward();
      const dy = normal(...y.shape);
      const attrs = { strides: made.strides, pad: made.pad, dataFormat: 'NHWC', inputShape: x.shape };
      const isDilated = Math.max(...made.dilations) > 1;
      const backward = (): tf.Tensor =>
        tf.engine().runKernel('Conv2DBackpropInput', { dy, filter }, attrs as tf.NamedAttrMap) as tf.Tensor;
      const expected = float64(
        info,
        x.dataSync() as Float32Array,
        filter.dataSync() as Float32Array,
        dy.dataSync() as Float32Array,
      );
      const where = JSON.stringify({ ...made, x: x.shape, filter: filter.shape });
      assert.ok(errorOf(y, expected.y) < 2e-6, `${errorOf(y, expected.y)} forward at ${where}`);
      if (!isDilated) assert.ok(errorOf(backward(), expected.dx) < 2e-6, `backward at ${where}`);
      useOwnKernels(false);
      if (tf.max(tf.abs(tf.sub(y, forward()))).dataSync()[0]! > 0) differ++;
      useOwnKernels(true);
    });
  }
  assert.ok(differ > 4, `${differ} of 24 were computed another way without our kernels`);
});

test('fused bias and relu = bias and relu after it', () => {
  tf.tidy(() => {
    const x = normal(4, 9, 8, 17) as tf.Tensor4D;
    const filter = normal(3, 2, 17, 24) as tf.Tensor4D;
    const bias = normal(24);
    const plain = tf.add(tf.conv2d(x, filter, [2, 1], 'same'), bias);
    for (const [activation, apart] of [
      ['linear', plain],
      ['relu', tf.relu(plain)],
    ] as const) {
      const fused = tf.fused.conv2d({ x, filter, strides: [2, 1], pad: 'same', bias, activation });
      assert.is(tf.max(tf.abs(tf.sub(fused, apart))).dataSync()[0], 0, activation);
    }
  });
});

test('no memory of the backend is left', () => {
  const backend = tf.backend() as tf.KernelBackend & { numDataIds(): number };
  const [x, filter] = [normal(4, 8, 8, 16), normal(3, 3, 16, 16)] as [tf.Tensor4D, tf.Tensor4D];
  const before = backend.numDataIds();
  tf.tidy(() => void tf.grad((v: tf.Tensor) => tf.conv2d(v as tf.Tensor4D, filter, 2, 'same'))(x));
  assert.is(backend.numDataIds(), before);
  tf.dispose([x, filter]);
});

test.run();
