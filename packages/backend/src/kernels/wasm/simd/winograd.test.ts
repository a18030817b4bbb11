// Only with --all: float64 references of whole convolutions take seconds.
import * as tf from '@tensorflow/tfjs';
import { bootBackend, normalTensorsFrom, runSeed, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repairBackend } from '../../../repair/repair.js';
import { exactConvolutions, fastForwardConvolutions } from './exact.js';
import { boundedConvolution, type Image, LARGE_TILES, SMALL_TILES } from './reference.test.support.js';

const seed = runSeed();
const random = uniformFrom(seed);
const normal = normalTensorsFrom(random);
const test = suite(`wasm convolutions by Winograd (seed ${seed})`);
test.before.each(async () => {
  await bootBackend('wasm');
  repairBackend();
});
test.after.each(() => {
  exactConvolutions(false);
  fastForwardConvolutions(true);
});

const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
/** No multiples of the panel, most of them. */
const channels = (): number => 4 * between(4, 9);

/** Sizes that are no multiples of the tile, every padding. A forward pass has whole panels of output channels. */
function randomCase(outChannels = channels()): { x: tf.Tensor4D; filter: tf.Tensor4D; pad: 'same' | 'valid' | number } {
  const inChannels = channels();
  const pads = ['same', 'valid', 1, 2] as const;
  return {
    x: normal(between(5, 9), between(6, 13), between(7, 13), inChannels) as tf.Tensor4D,
    filter: normal(3, 3, inChannels, outChannels) as tf.Tensor4D,
    pad: pads[between(0, 3)]!,
  };
}

const padOf = (pad: 'same' | 'valid' | number): number => ({ same: 1, valid: 0 })[String(pad)] ?? Number(pad);
const imageOf = (x: tf.Tensor): Image => ({ shape: x.shape as Image['shape'], values: x.dataSync() as Float32Array });

/** The largest error over its bound, which must not be above 1; and that the bound says something. */
function assertWithinBound(
  found: tf.Tensor,
  x: Image,
  filter: Float32Array,
  outChannels: number,
  pad: number,
  tiles: typeof LARGE_TILES,
): void {
  const values = found.dataSync();
  const { expected, bound } = boundedConvolution(x, filter, outChannels, pad, tiles);
  assert.equal(values.length, expected.length);
  let worst = 0;
  values.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - expected[i]!) / bound[i]!)));
  assert.ok(worst <= 1, `${worst} of the bound at ${JSON.stringify({ x: x.shape, outChannels, pad })}`);
  assert.ok(worst > 0, 'nothing was rounded: this was not computed in float32');
}

test('forward = float64 within the stated bound, for 8 random convolutions', () => {
  for (let k = 0; k < 8; k++) {
    tf.tidy(() => {
      const { x, filter, pad } = randomCase(8 * between(2, 4));
      const rounding = typeof pad === 'number' ? 'floor' : undefined;
      const y = tf.conv2d(x, filter, 1, pad, 'NHWC', 1, rounding);
      assertWithinBound(y, imageOf(x), filter.dataSync() as Float32Array, filter.shape[3], padOf(pad), SMALL_TILES);
    });
  }
});

test('input gradient = float64 within the stated bound, for 8 random convolutions', () => {
  for (let k = 0; k < 8; k++) {
    tf.tidy(() => {
      const { x, filter, pad } = randomCase();
      const rounding = typeof pad === 'number' ? 'floor' : undefined;
      const dy = normal(...tf.conv2d(x, filter, 1, pad, 'NHWC', 1, rounding).shape);
      const attrs = { strides: 1, pad, dataFormat: 'NHWC', inputShape: x.shape, dimRoundingMode: rounding };
      const dx = tf
        .engine()
        .runKernel('Conv2DBackpropInput', { dy, filter }, attrs as unknown as tf.NamedAttrMap) as tf.Tensor;
      const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
      assertWithinBound(
        dx,
        imageOf(dy),
        turned.dataSync() as Float32Array,
        filter.shape[2],
        2 - padOf(pad),
        LARGE_TILES,
      );
    });
  }
});

test('filters that are transformed part by part, tiles in several blocks = exact convolutions', () => {
  tf.tidy(() => {
    for (const [batch, edge, inChannels, outChannels] of [
      [9, 9, 256, 256],
      [5, 18, 400, 36],
      [24, 16, 20, 32],
    ] as const) {
      const x = normal(batch, edge, edge, inChannels) as tf.Tensor4D;
      const filter = normal(3, 3, inChannels, outChannels) as tf.Tensor4D;
      const fast = tf.conv2d(x, filter, 1, 'same');
      exactConvolutions(true);
      const exact = tf.conv2d(x, filter, 1, 'same');
      exactConvolutions(false);
      const largest = tf.max(tf.abs(exact)).dataSync()[0]!;
      const error = tf.max(tf.abs(tf.sub(fast, exact))).dataSync()[0]! / largest;
      assert.ok(error > 0, 'both were computed in one way');
      assert.ok(error < 1e-5, `${error} of the largest value`);
    }
  });
});

test('fused bias and relu = bias and relu after it', () => {
  tf.tidy(() => {
    const x = normal(4, 9, 8, 16) as tf.Tensor4D;
    const filter = normal(3, 3, 16, 24) as tf.Tensor4D;
    const bias = normal(24);
    const plain = tf.add(tf.conv2d(x, filter, 1, 'same'), bias);
    for (const [activation, apart] of [
      ['linear', plain],
      ['relu', tf.relu(plain)],
      ['elu', tf.elu(plain)],
    ] as const) {
      const fused = tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation });
      assert.ok(tf.max(tf.abs(tf.sub(fused, apart))).dataSync()[0]! < 1e-4, activation);
    }
  });
});

test('zeros, constants and one huge value = exact convolutions', () => {
  tf.tidy(() => {
    const filter = normal(3, 3, 16, 16) as tf.Tensor4D;
    const huge = tf.buffer([4, 8, 8, 16]);
    huge.set(1e30, 1, 3, 0, 5);
    for (const x of [tf.zeros([4, 8, 8, 16]), tf.ones([4, 8, 8, 16]), huge.toTensor()] as tf.Tensor4D[]) {
      const fast = tf.conv2d(x, filter, 1, 'same');
      exactConvolutions(true);
      const exact = tf.conv2d(x, filter, 1, 'same');
      exactConvolutions(false);
      const largest = tf.max(tf.abs(exact)).dataSync()[0]!;
      assert.ok(tf.max(tf.abs(tf.sub(fast, exact))).dataSync()[0]! <= 1e-5 * largest);
      // An example that has nothing to do with the huge value keeps its digits.
      const last = tf.max(tf.abs(tf.slice(exact, 3, 1))).dataSync()[0]!;
      const other = tf.max(tf.abs(tf.sub(tf.slice(fast, 3, 1), tf.slice(exact, 3, 1)))).dataSync()[0]!;
      assert.ok(other <= 1e-5 * last, `${other} beside ${last}`);
    }
  });
});

test('fastForwardConvolutions(false): a forward pass is that of the definition', () => {
  tf.tidy(() => {
    // Large enough for Winograd's products to be taken: a small one is computed by the definition either way.
    const x = normal(between(4, 9), between(8, 13), between(8, 13), channels()) as tf.Tensor4D;
    const filter = normal(3, 3, x.shape[3], 8 * between(2, 4)) as tf.Tensor4D;
    const run = (): number[] => [...tf.conv2d(x, filter, 1, 'same').dataSync()];
    fastForwardConvolutions(false);
    const plain = run();
    exactConvolutions(true);
    assert.equal(plain, run());
    exactConvolutions(false);
    fastForwardConvolutions(true);
    assert.not.equal(plain, run());
  });
});

test('exactConvolutions() refuses what is neither true nor false', () => {
  assert.throws(
    () => exactConvolutions('yes' as unknown as boolean),
    (error: Error) => 'code' in error && error.code === 'ARGUMENT_INVALID' && error.message.includes('true or false'),
  );
});

test('no tensor and no memory of the backend is left', () => {
  const backend = tf.backend() as tf.KernelBackend & { numDataIds(): number };
  const x = normal(4, 8, 8, 16) as tf.Tensor4D;
  const filter = normal(3, 3, 16, 16) as tf.Tensor4D;
  const before = backend.numDataIds();
  tf.dispose(tf.conv2d(x, filter, 1, 'same'));
  assert.is(backend.numDataIds(), before);
  tf.dispose([x, filter]);
});

test.run();
