import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootBackend, runSeed, uniformFrom, normalTensorsFrom } from '@vogjs/testing';
import { type BatchFunction, compareWithFiniteDifferences } from '../check/finite-differences.js';
import { repairBackend, undoBackendRepairs } from './repair.js';

const seed = runSeed();
const random = uniformFrom(seed);
const normal = normalTensorsFrom(random);

interface Fault {
  readonly name: string;
  readonly backends: readonly ('cpu' | 'wasm')[];
  readonly shape: readonly number[];
  /** Built once a check: its constants are drawn before and shared by all evaluations. */
  readonly f: () => BatchFunction;
}

const perExample =
  (f: (example: tf.Tensor) => tf.Tensor): BatchFunction =>
  (x) =>
    tf.stack(tf.unstack(x).map(f));
const both = ['cpu', 'wasm'] as const;

/** Every fault that a repair removes: the oracle must see each one before, and none after. */
const FAULTS: readonly Fault[] = [
  {
    name: 'max pool of negative values',
    backends: ['wasm'],
    shape: [3, 6, 6, 2],
    f: () => (x) => tf.maxPool(x.sub(5) as tf.Tensor4D, 2, 2, 'same'),
  },
  {
    name: 'average pool, 3x3 stride 2, same',
    backends: both,
    shape: [3, 7, 6, 2],
    f: () => (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same'),
  },
  {
    name: '3-D average pool, same',
    backends: both,
    shape: [2, 5, 5, 4, 2],
    f: () => (x) => tf.avgPool3d(x as tf.Tensor5D, 3, 2, 'same'),
  },
  {
    name: 'nearest-neighbour resize of several examples',
    backends: ['cpu'],
    shape: [3, 4, 5, 3],
    f: () => (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [8, 10]),
  },
  {
    name: 'nearest-neighbour resize, half-pixel centres',
    backends: both,
    shape: [3, 4, 5, 3],
    f: () => (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [7, 11], false, true),
  },
  {
    name: 'bilinear resize of an oblong image',
    backends: ['cpu'],
    shape: [2, 4, 5, 3],
    f: () => (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [8, 10]),
  },
  {
    name: 'bilinear resize, half-pixel centres',
    backends: both,
    shape: [2, 4, 5, 3],
    f: () => (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [8, 10], false, true),
  },
  {
    name: 'mirror padding',
    backends: both,
    shape: [2, 4, 5],
    f: () => (x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [2, 1],
          [1, 2],
        ],
        'reflect',
      ),
  },
  {
    name: 'a comparison on the way',
    backends: both,
    shape: [3, 8],
    f: () => (x) => tf.mul(x, tf.cast(tf.greater(x, 0.5), 'float32')),
  },
  {
    name: 'BatchNorm without scale and offset',
    backends: both,
    shape: [3, 4, 4, 2],
    f: () => {
      const mean = normal(2);
      const variance = tf.add(tf.square(normal(2)), 0.5);
      return (x) => tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D);
    },
  },
  {
    name: 'fused convolution (filter gradient)',
    backends: ['wasm'],
    shape: [2, 5, 6, 2],
    f: () => {
      const filter = normal(3, 3, 2, 3) as tf.Tensor4D;
      return (x) => tf.fused.conv2d({ x: x as tf.Tensor4D, filter, strides: 1, pad: 'same' });
    },
  },
  {
    name: 'convolution with respect to its filter',
    backends: ['wasm'],
    shape: [2, 3, 4, 2, 3],
    f: () => {
      const x = normal(4, 7, 6, 2) as tf.Tensor4D;
      return perExample((filter) => tf.conv2d(x, filter as tf.Tensor4D, 2, 'same'));
    },
  },
  {
    name: 'depthwise convolution',
    backends: ['wasm'],
    shape: [3, 7, 6, 2],
    f: () => {
      const filter = normal(3, 2, 2, 2) as tf.Tensor4D;
      return (x) => tf.depthwiseConv2d(x as tf.Tensor4D, filter, 2, 'same');
    },
  },
  {
    name: 'depthwise convolution with respect to its filter',
    backends: ['wasm'],
    shape: [2, 3, 2, 2, 2],
    f: () => {
      const x = normal(3, 7, 6, 2) as tf.Tensor4D;
      return perExample((filter) => tf.depthwiseConv2d(x, filter as tf.Tensor4D, 1, 'same'));
    },
  },
  {
    name: '3-D convolution',
    backends: ['wasm'],
    shape: [2, 4, 5, 4, 2],
    f: () => {
      const filter = normal(2, 3, 2, 2, 3) as tf.Tensor5D;
      return (x) => tf.conv3d(x as tf.Tensor5D, filter, 2, 'same');
    },
  },
  {
    name: '3-D convolution with respect to its filter',
    backends: ['wasm'],
    shape: [2, 2, 3, 2, 2, 3],
    f: () => {
      const x = normal(2, 4, 5, 4, 2) as tf.Tensor5D;
      return perExample((filter) => tf.conv3d(x, filter as tf.Tensor5D, 2, 'same'));
    },
  },
  {
    name: 'embedding with respect to its weights',
    backends: ['wasm'],
    shape: [2, 6, 3],
    f: () => {
      const ids = tf.tensor2d(
        [
          [0, 2],
          [2, 5],
        ],
        [2, 2],
        'int32',
      );
      return perExample((weights) => tf.gather(weights, ids));
    },
  },
];

/** Whether the gradient is right; one that throws is not. */
async function isRight({ shape, f }: Fault): Promise<boolean> {
  const x = normal(...shape);
  try {
    return (await compareWithFiniteDifferences(f(), x, { random, coordinates: 200 })).agrees;
  } catch {
    return false;
  } finally {
    x.dispose();
  }
}

const test = suite(`repairs (seed ${seed})`);

for (const backend of both) {
  for (const fault of FAULTS.filter(({ backends }) => backends.includes(backend))) {
    test(`${backend}: ${fault.name} is wrong as it comes and right when repaired`, async () => {
      await bootBackend(backend);
      undoBackendRepairs();
      const before = await isRight(fault);
      repairBackend();
      assert.not(before, 'finite differences should reject the stock gradient');
      assert.ok(await isRight(fault), 'finite differences should accept the repaired gradient');
    });
  }

  test(`${backend}: repairing twice equals repairing once, and undoing restores every object`, async () => {
    await bootBackend(backend);
    undoBackendRepairs();
    const stock = tf.getKernelsForBackend(backend);
    const first = repairBackend();
    const repaired = tf.getKernelsForBackend(backend);
    assert.equal(repairBackend(), first);
    assert.ok(tf.getKernelsForBackend(backend).every((kernel) => repaired.includes(kernel)));
    assert.ok(first.repaired.includes('AvgPoolGrad with padding'));
    undoBackendRepairs();
    assert.is(tf.getKernelsForBackend(backend).length, stock.length);
    assert.ok(tf.getKernelsForBackend(backend).every((kernel) => stock.includes(kernel)));
    repairBackend();
  });

  const refusals: Record<string, BatchFunction> = {
    'dilated convolution': (x) =>
      tf.conv2d(x as tf.Tensor4D, tf.ones([3, 3, 2, 2]) as tf.Tensor4D, 1, 'same', 'NHWC', 2),
    'fused dilated convolution': (x) =>
      tf.fused.conv2d({ x: x as tf.Tensor4D, filter: tf.ones([3, 3, 2, 2]), strides: 1, pad: 'same', dilations: 2 }),
    'dilated depthwise convolution': (x) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, tf.ones([3, 3, 2, 1]) as tf.Tensor4D, 1, 'same', 'NHWC', 2),
    'dilated 3-D convolution': (x) =>
      tf.conv3d(x.expandDims(0) as tf.Tensor5D, tf.ones([2, 2, 2, 2, 1]) as tf.Tensor5D, 1, 'same', 'NDHWC', 2),
    'a rotated image': (x) => tf.image.rotateWithOffset(x as tf.Tensor4D, 0.5),
    scatterND: (x) => tf.scatterND(tf.tensor2d([[1]], [1, 1], 'int32'), x, [2, 4, 4, 2]),
    'integer input of an embedding': (x) => tf.gather(tf.ones([9, 2]), tf.cast(x, 'int32')),
    // The wasm backend cannot run einsum forward either.
    ...(backend === 'cpu' ? { einsum: (x: tf.Tensor) => tf.einsum('bijk,kl->bijl', x, tf.ones([2, 3])) } : {}),
  };
  for (const [name, f] of Object.entries(refusals)) {
    test(`${backend}: the gradient of ${name} is refused by code, and the forward pass is not`, async () => {
      await bootBackend(backend);
      repairBackend();
      tf.tidy(() => {
        const x = tf.ones([1, 4, 4, 2]);
        assert.ok(f(x).size > 0);
        assert.throws(
          () => tf.grad(f)(x),
          (error: unknown) =>
            error instanceof VogError && error.code === 'GRADIENT_UNSUPPORTED' && error.message.includes(backend),
        );
      });
    });
  }
}

test('wasm: oneHot as float32 holds ones and zeros, and nothing for an index out of range', async () => {
  await bootBackend('wasm');
  repairBackend();
  const rows = tf.oneHot(tf.tensor1d([2, 0, 7, -1], 'int32'), 3, 1, 0, 'float32');
  assert.equal(Array.from(rows.dataSync()), [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  rows.dispose();
});

test.run();
