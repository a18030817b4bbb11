import { selectBackend } from '../node/select-backend.js';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testBackends, runSeed, uniformFrom, normalTensorsFrom } from '@vogjs/testing';
import { withLeanGradients } from './lean.js';

const seed = runSeed();
const random = uniformFrom(seed);
const normal = normalTensorsFrom(random);

const KERNELS = ['Conv2DBackpropFilter', 'Conv3DBackpropFilterV2', 'DepthwiseConv2dNativeBackpropFilter'];

/** Everything the lean section touches, by identity. */
const registered = (backend = tf.getBackend()): unknown[] => [
  ...KERNELS.map((name) => tf.getKernel(name, backend)),
  tf.getGradient('FusedBatchNorm'),
  tf.getGradient('Relu'),
];
const same = (a: unknown[], b: unknown[]): boolean => a.length === b.length && a.every((object, i) => object === b[i]);

for (const backend of testBackends()) {
  const test = suite(`lean gradients on ${backend} (seed ${seed})`);
  test.before.each(async () => {
    await selectBackend(backend);
  });

  /** Convolution (fused: no activation), BatchNorm, depthwise convolution: every derivative that is skipped. */
  const network = () => {
    const filter = normal(3, 3, 2, 4) as tf.Tensor4D;
    const depthwise = normal(3, 3, 4, 1) as tf.Tensor4D;
    const [mean, scale, offset] = [normal(4), normal(4), normal(4)] as tf.Tensor1D[];
    const variance = tf.add(tf.square(normal(4)), 0.5) as tf.Tensor1D;
    return (x: tf.Tensor): tf.Tensor => {
      const hidden = tf.fused.conv2d({ x: x as tf.Tensor4D, filter, strides: 1, pad: 'same' });
      const normed = tf.batchNorm(hidden, mean!, variance, offset!, scale!);
      return tf.depthwiseConv2d(tf.tanh(normed), depthwise, 2, 'same');
    };
  };

  test('lean gradient = plain gradient', async () => {
    const f = network();
    const x = normal(3, 7, 6, 2);
    const lean = tf.tidy(() => withLeanGradients(() => tf.grad(f)(x)));
    const plain = tf.tidy(() => tf.grad(f)(x));
    const [difference = Number.NaN] = await tf.max(tf.abs(tf.sub(lean, plain))).data();
    assert.ok(difference < 1e-5, `${difference}`);
  });

  test("relu's gradient is dy where x > 0, and 0 at 0 and below", async () => {
    const x = tf.tensor1d([-2, -0, 0, 1e-30, 3, Infinity]);
    const dy = tf.tensor1d([5, 5, 5, 5, -7, 5]);
    const lean = tf.tidy(() => withLeanGradients(() => tf.grad((input) => tf.relu(input))(x, dy)));
    assert.equal([...(await lean.data())], [0, 0, 0, 5, -7, 5]);
  });

  test('no filter gradient runs inside, one does outside', () => {
    const filterGradient = tf.getKernel('Conv2DBackpropFilter', tf.getBackend());
    const stock = filterGradient.kernelFunc;
    let calls = 0;
    filterGradient.kernelFunc = (args) => {
      calls++;
      return stock(args);
    };
    try {
      const f = network();
      tf.tidy(() => withLeanGradients(() => tf.grad(f)(normal(1, 5, 5, 2))));
      assert.is(calls, 0);
      tf.tidy(() => tf.grad(f)(normal(1, 5, 5, 2)));
      assert.is(calls, 1);
    } finally {
      filterGradient.kernelFunc = stock;
    }
  });

  test('the registry holds the same objects afterwards: returned, thrown, nested', () => {
    const before = registered();
    withLeanGradients(() => assert.not(same(registered(), before)));
    assert.ok(same(registered(), before));
    assert.throws(
      () =>
        withLeanGradients(() => {
          throw new RangeError('inside');
        }),
      (error: unknown) => error instanceof RangeError,
    );
    assert.ok(same(registered(), before));
    withLeanGradients(() => {
      const inner = registered();
      assert.throws(
        () =>
          withLeanGradients(() => {
            throw new RangeError('inside');
          }),
        'inside',
      );
      assert.ok(same(registered(), inner));
    });
    assert.ok(same(registered(), before));
  });

  test('an absent kernel is absent afterwards', () => {
    const kernel = tf.getKernel('Conv3DBackpropFilterV2', tf.getBackend());
    tf.unregisterKernel('Conv3DBackpropFilterV2', tf.getBackend());
    try {
      withLeanGradients(() => assert.ok(tf.getKernel('Conv3DBackpropFilterV2', tf.getBackend())));
      assert.is(tf.getKernel('Conv3DBackpropFilterV2', tf.getBackend()), undefined);
    } finally {
      tf.registerKernel(kernel);
    }
  });

  test('a promise is refused by code, and the registry is back', () => {
    const before = registered();
    assert.throws(
      () => withLeanGradients(() => Promise.resolve(1)),
      (error: unknown) => error instanceof VogError && error.code === 'ARGUMENT_INVALID',
    );
    assert.ok(same(registered(), before));
  });

  test("a filter's gradient asked for inside is an error, never zeros", () => {
    const x = normal(1, 5, 5, 2) as tf.Tensor4D;
    const filter = normal(3, 3, 2, 4) as tf.Tensor4D;
    const convolve = (w: tf.Tensor): tf.Tensor => tf.conv2d(x, w as tf.Tensor4D, 1, 'same');
    assert.throws(() => tf.tidy(() => withLeanGradients(() => tf.grad(convolve)(filter))), 'does not match');
  });

  test('layer normalisation, whose statistics depend on x, keeps its gradient', async () => {
    const layer = tf.layers.layerNormalization();
    const x = normal(2, 3, 4);
    const f = (v: tf.Tensor): tf.Tensor => tf.square(layer.apply(v) as tf.Tensor);
    const dy = normal(2, 3, 4);
    f(x).dispose();
    const lean = tf.tidy(() => withLeanGradients(() => tf.grad(f)(x, dy)));
    const plain = tf.tidy(() => tf.grad(f)(x, dy));
    const [difference = Number.NaN] = await tf.max(tf.abs(tf.sub(lean, plain))).data();
    assert.ok(difference < 1e-5, `${difference}`);
  });

  test('no tensor is left behind', () => {
    const f = network();
    const x = normal(2, 5, 5, 2);
    tf.tidy(() => withLeanGradients(() => tf.grad(f)(x))).dispose();
    const before = tf.memory().numTensors;
    for (let k = 0; k < 5; k++) tf.tidy(() => withLeanGradients(() => tf.grad(f)(x))).dispose();
    assert.is(tf.memory().numTensors, before);
  });

  test.run();
}
