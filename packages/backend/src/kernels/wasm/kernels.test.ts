import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootBackend, type Random, runSeed, uniformFrom, normalTensorsFrom } from '@vogjs/testing';
import { repairBackend, undoBackendRepairs } from '../../repair/repair.js';

const seed = runSeed();
const random = uniformFrom(seed);
const test = suite(`wasm kernels (seed ${seed})`);
test.before.each(() => bootBackend('wasm'));

const normal = normalTensorsFrom(random);
const between = (low: number, high: number, uniform: Random): number => low + Math.floor(uniform() * (high - low + 1));

/** Largest difference of two tensors over the largest value of the first. */
function relativeDifference(reference: tf.Tensor, found: tf.Tensor): number {
  assert.equal(found.shape, reference.shape);
  return tf.tidy(() => {
    const largest = tf.max(tf.abs(reference)).dataSync()[0]!;
    return tf.max(tf.abs(tf.sub(reference, found))).dataSync()[0]! / (largest || 1);
  });
}

/** A random convolution that has an output: shapes, stride and padding. */
function randomConvolution(): {
  x: tf.Tensor4D;
  filter: tf.Tensor4D;
  strides: [number, number];
  pad: 'same' | 'valid' | number;
} {
  const [height, width] = [between(3, 12, random), between(3, 12, random)];
  const edge = between(1, Math.min(5, height, width), random);
  // tfjs computes the output of a padding in numbers from the height's window and stride alone: square ones only.
  const square = random() < 0.4;
  const window = square
    ? ([edge, edge] as const)
    : ([between(1, Math.min(5, height), random), between(1, Math.min(5, width), random)] as const);
  const stride = between(1, 3, random);
  const [inChannels, outChannels] = [between(1, 9, random), between(1, 9, random)];
  const pads = square ? [edge - 1, Math.floor(edge / 2)] : (['same', 'valid'] as const);
  const pad = pads[between(0, 1, random)]!;
  return {
    x: normal(between(1, 3, random), height, width, inChannels) as tf.Tensor4D,
    filter: normal(...window, inChannels, outChannels) as tf.Tensor4D,
    strides: square ? [stride, stride] : [between(1, 4, random), between(1, 4, random)],
    pad,
  };
}

test("forward convolution with padding 'same' and a large stride = cpu", async () => {
  const cases = [
    { x: [1, 8, 8, 2], filter: [3, 3, 2, 3], strides: [4, 4] },
    { x: [2, 9, 6, 1], filter: [2, 3, 1, 2], strides: [3, 1] },
    { x: [1, 9, 6, 2], filter: [1, 2, 2, 1], strides: [3, 3] },
  ] as { x: number[]; filter: number[]; strides: [number, number] }[];
  for (const { x, filter, strides } of cases) {
    const [image, weights] = [normal(...x), normal(...filter)] as [tf.Tensor4D, tf.Tensor4D];
    const run = (): Float32Array[] =>
      tf.tidy(() => [
        tf.conv2d(image, weights, strides, 'same').dataSync().slice() as Float32Array,
        tf.fused.conv2d({ x: image, filter: weights, strides, pad: 'same' }).dataSync().slice() as Float32Array,
      ]);
    await bootBackend('wasm');
    repairBackend();
    const found = run();
    await bootBackend('cpu');
    const expected = run();
    expected.forEach((values, k) => values.forEach((value, i) => assert.ok(Math.abs(value - found[k]![i]!) < 1e-4)));
  }
});

test('input gradient of 60 random convolutions = stock kernel', () => {
  for (let k = 0; k < 60; k++) {
    tf.tidy(() => {
      const { x, filter, strides, pad } = randomConvolution();
      const rounding = typeof pad === 'number' ? 'floor' : undefined;
      const dy = normal(...tf.conv2d(x, filter, strides, pad, 'NHWC', 1, rounding).shape);
      const attrs = { strides, pad, dataFormat: 'NHWC', inputShape: x.shape, dimRoundingMode: rounding };
      const gradient = (): tf.Tensor =>
        tf.engine().runKernel('Conv2DBackpropInput', { dy, filter }, attrs as unknown as tf.NamedAttrMap) as tf.Tensor;
      undoBackendRepairs();
      const stock = gradient();
      repairBackend();
      const error = relativeDifference(stock, gradient());
      assert.ok(error < 1e-5, `${error} at ${JSON.stringify({ x: x.shape, filter: filter.shape, strides, pad })}`);
    });
  }
});

test('filter gradient: <dW, V> = <dy, conv(x, V)>, the adjoint of the forward pass, for 60 random convolutions', () => {
  repairBackend();
  for (let k = 0; k < 60; k++) {
    tf.tidy(() => {
      const { x, filter, strides, pad } = randomConvolution();
      const rounding = typeof pad === 'number' ? 'floor' : undefined;
      const forward = tf.conv2d(x, filter, strides, pad, 'NHWC', 1, rounding);
      const dy = normal(...forward.shape);
      const attrs = { strides, pad, dataFormat: 'NHWC', filterShape: filter.shape, dimRoundingMode: rounding };
      const dw = tf
        .engine()
        .runKernel('Conv2DBackpropFilter', { x, dy }, attrs as unknown as tf.NamedAttrMap) as tf.Tensor;
      assert.equal(dw.shape, filter.shape);
      const left = tf.sum(tf.mul(dw, filter)).dataSync()[0]!;
      const right = tf.sum(tf.mul(dy, forward)).dataSync()[0]!;
      const size = tf.sum(tf.abs(tf.mul(dy, forward))).dataSync()[0]!;
      assert.ok(
        Math.abs(left - right) <= 1e-4 * size,
        `${left} = ${right} at ${JSON.stringify({ x: x.shape, filter: filter.shape, strides, pad })}`,
      );
    });
  }
});

test('filter gradient of a batch larger than one patch matrix = sum over its examples', () => {
  repairBackend();
  tf.tidy(() => {
    const x = normal(9, 64, 64, 16) as tf.Tensor4D;
    const dy = normal(9, 64, 64, 2) as tf.Tensor4D;
    const gradient = (images: tf.Tensor4D, slopes: tf.Tensor4D): tf.Tensor =>
      tf
        .engine()
        .runKernel(
          'Conv2DBackpropFilter',
          { x: images, dy: slopes },
          { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 16, 2] },
        ) as tf.Tensor;
    const parts = tf.unstack(x).map((image, i) => gradient(image.expandDims(0) as tf.Tensor4D, dy.slice(i, 1)));
    assert.ok(relativeDifference(tf.addN(parts), gradient(x, dy)) < 1e-4);
  });
});

test('matrix product: transposed operands = transposing first', () => {
  repairBackend();
  tf.tidy(() => {
    for (const [rows, inner, columns] of [
      [3, 5, 7],
      [33, 17, 50],
      [1, 40, 2],
    ] as const) {
      for (const [transposeA, transposeB] of [
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const a = normal(...(transposeA ? [inner, rows] : [rows, inner])) as tf.Tensor2D;
        const b = normal(...(transposeB ? [columns, inner] : [inner, columns])) as tf.Tensor2D;
        const plain = tf.matMul(transposeA ? a.transpose() : a, transposeB ? b.transpose() : b);
        assert.ok(relativeDifference(plain, tf.matMul(a, b, transposeA, transposeB)) < 1e-5);
      }
    }
  });
});

test('max pool gradient: what no window covers is 0, whatever lay in its memory before', () => {
  repairBackend();
  for (const channels of [1, 3, 4, 7]) {
    for (const pad of [
      [
        [0, 0],
        [1, 0],
        [1, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 1],
        [0, 1],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ] as const) {
      tf.tidy(() => {
        const x = normal(2, 4, 4, channels) as tf.Tensor4D;
        const run = () => {
          // Memory that is used again holds numbers.
          tf.dispose(Array.from({ length: 8 }, () => tf.fill([2, 4, 4, channels], 77)));
          return tf.grad((v: tf.Tensor) => tf.maxPool(v as tf.Tensor4D, 2, 2, pad as never, 'floor'))(x);
        };
        const ones = run();
        const windows = (4 + pad[1][0] + pad[1][1] - 2) >> 1;
        const sum = tf.sum(ones).dataSync()[0]!;
        assert.is(sum, 2 * channels * (windows + 1) ** 2, `${channels} channels, ${JSON.stringify(pad)}`);
        assert.ok(Array.from(ones.dataSync()).every((value) => value === 0 || value === 1));
      });
    }
  }
});

test('max pool gradient: a window of equal values hands its gradient to the first, and none is lost', () => {
  repairBackend();
  tf.tidy(() => {
    const x = tf.mul(tf.ones([1, 2, 2, 1]), -3) as tf.Tensor4D;
    assert.equal(
      Array.from(
        tf
          .grad((v: tf.Tensor) => tf.maxPool(v as tf.Tensor4D, 2, 2, 'valid'))(x)
          .dataSync(),
      ),
      [1, 0, 0, 0],
    );
    const noise = normal(2, 7, 6, 3) as tf.Tensor4D;
    const total = tf.sum(tf.grad((v: tf.Tensor) => tf.maxPool(v as tf.Tensor4D, 3, 2, 'same'))(noise)).dataSync()[0]!;
    assert.is(Math.round(total), 2 * 4 * 3 * 3);
  });
});

test('a training step leaves no tensor and no heap data behind', async () => {
  repairBackend();
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 2], filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
      tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const x = normal(8, 8, 8, 2);
  const y = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], 'int32'), 3);
  const dataIds = (): number => (tf.backend() as unknown as { numDataIds(): number }).numDataIds();
  const first = await model.trainOnBatch(x, y);
  const before = [tf.memory().numTensors, dataIds()];
  let last = first;
  for (let k = 0; k < 20; k++) last = await model.trainOnBatch(x, y);
  assert.equal([tf.memory().numTensors, dataIds()], before);
  assert.ok((last as number) < (first as number), `the loss should fall: ${String(first)} to ${String(last)}`);
  model.dispose();
});

test('a slice = the stock slice, contiguous or not, of every type and rank', async () => {
  for (let round = 0; round < 60; round++) {
    const shape = Array.from({ length: between(1, 4, random) }, () => between(1, 6, random));
    const begin = shape.map((length) => between(0, length - 1, random));
    const size = shape.map((length, axis) => between(1, length - begin[axis]!, random));
    // Half of the rounds take whole trailing axes: one stretch of memory.
    if (round % 2 === 0) for (let axis = 1; axis < shape.length; axis++) [begin[axis], size[axis]] = [0, shape[axis]!];
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      const values = tf.tidy(() => tf.cast(tf.mul(normal(...shape), 3), dtype));
      undoBackendRepairs();
      const stock = tf.slice(values, begin, size);
      repairBackend();
      const found = tf.slice(values, begin, size);
      assert.equal(found.shape, stock.shape);
      assert.is(found.dtype, stock.dtype);
      assert.equal(await found.data(), await stock.data(), `[${shape}] from [${begin}] size [${size}] ${dtype}`);
      tf.dispose([values, stock, found]);
    }
  }
});

test('prelu takes the slope of its own row and channel, whatever axis shares it', async () => {
  repairBackend();
  const x = normal(2, 3, 4, 2);
  for (const shape of [[3, 1, 2], [1, 4, 1], [3, 1, 1], [4, 2], [3, 4, 2], [2], [1], [2, 1, 1, 1]]) {
    const alpha = normal(...shape);
    const [found, right] = tf.tidy(() => [
      tf.prelu(x, alpha),
      tf.add(tf.relu(x), tf.mul(alpha, tf.minimum(x, tf.zerosLike(x)))),
    ]);
    assert.ok(relativeDifference(right!, found!) < 1e-6, `slopes of shape [${shape}]`);
    tf.dispose([alpha, found!, right!]);
  }
  const layer = tf.layers.prelu({ sharedAxes: [2], inputShape: [2, 2, 1] });
  const model = tf.sequential({ layers: [layer] });
  model.setWeights([tf.tensor3d([[[2]], [[3]]])]);
  assert.equal((model.predict(tf.tensor4d([-1, -1, -1, -1], [1, 2, 2, 1])) as tf.Tensor).dataSync(), Float32Array.of(-2, -2, -3, -3)); // prettier-ignore
  x.dispose();
  model.dispose();
});

test('a clone shares the numbers of its tensor and outlives it', async () => {
  repairBackend();
  const bytes = tf.memory().numBytes;
  const buffers = tf.memory().numDataBuffers;
  const x = normal(3, 4);
  const expected = (await x.data()).slice();
  const copy = tf.clone(x);
  assert.is(tf.memory().numDataBuffers - buffers, 1, 'one buffer, two tensors');
  x.dispose();
  assert.equal(await copy.data(), expected);
  const words = tf.clone(tf.tensor(['a', 'b']));
  assert.equal(await words.data(), ['a', 'b']);
  copy.dispose();
  words.dispose();
  assert.ok(tf.memory().numBytes - bytes < 100, 'only the strings of this test are left');
});

test.run();
