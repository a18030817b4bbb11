import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { repairBackend } from './repair.js';

const seed = runSeed();
const test = suite(`gradients that tfjs gets wrong, by hand (seed ${seed})`);
const BACKENDS = ['cpu', 'wasm'] as const;
const values = (t: tf.Tensor): number[] => Array.from(t.dataSync());

/** Gradient of the sum of `weights` times f. */
const gradientOf = (f: (x: tf.Tensor) => tf.Tensor, x: tf.TensorLike, weights?: tf.TensorLike): number[] =>
  tf.tidy(() => {
    const at = tf.tensor(x as number[], undefined, 'float32');
    return values(tf.grad(f)(at, weights === undefined ? undefined : tf.tensor(weights as number[])));
  });

function close(found: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  assert.is(found.length, expected.length);
  found.forEach((value, k) => {
    const allowed = tolerance * (1 + Math.abs(expected[k]!));
    assert.ok(Math.abs(value - expected[k]!) <= allowed, `[${found.join()}] is not [${expected.join()}]`);
  });
}

for (const backend of BACKENDS) {
  const claim = (name: string, check: () => void): void => {
    test(`${backend}: ${name}`, async () => {
      await bootBackend(backend);
      repairBackend();
      check();
    });
  };

  claim('a constant map moved by t moves its global maximum by t', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.globalMaxPooling2d({ inputShape: [2, 2, 1] } as never),
        tf.layers.dense({ units: 2, useBias: false }),
      ],
    });
    model.setWeights([tf.tensor2d([[1, 0]])]);
    const gradient = gradientOf(
      (x) => (model.predict(x) as tf.Tensor2D).slice([0, 0], [1, 1]),
      tf.zeros([1, 2, 2, 1]).arraySync() as never,
    );
    close(gradient, [0.25, 0.25, 0.25, 0.25]);
    model.dispose();
  });

  for (const [name, f] of [
    ['max', tf.max],
    ['min', tf.min],
  ] as const) {
    claim(`tied entries of tf.${name} share one gradient, along every axis`, () => {
      const random = uniformFrom(seed);
      const ties = Array.from({ length: 60 }, () => Math.floor(3 * random()));
      const x = tf.tensor(ties, [3, 4, 5], 'float32');
      for (const axis of [0, 1, 2, -1, [0, 2], [1, 2], undefined] as (number | number[] | undefined)[]) {
        for (const keepDims of [false, true]) {
          const shares = tf.tidy(() => tf.grad((t) => f(t, axis, keepDims))(x));
          const sums = values(tf.sum(shares, axis));
          close(
            sums,
            sums.map(() => 1),
          );
          shares.dispose();
        }
      }
      x.dispose();
    });
  }

  claim('padded rows, all equal, count once in a global maximum over time', () => {
    const f = (x: tf.Tensor): tf.Tensor => tf.max(tf.tanh(x), 1);
    close(
      gradientOf(f, [[[0.5], [2], [2], [2]]]),
      [0, 1, 1, 1].map((k) => (k / 3) * (1 - Math.tanh(2) ** 2)),
    );
  });

  claim('maximum and minimum of two equal tensors, of shapes that differ, hand the gradient on once', () => {
    for (const f of [tf.maximum, tf.minimum]) {
      close(
        gradientOf((x) => f(x, tf.clone(x)), [1, 2]),
        [1, 1],
      );
      const [a, b] = tf.grads((x, y) => f(x, y))([tf.ones([2, 1]), tf.ones([3])]);
      close([...values(a!), ...values(b!)].slice(0, 2), [3, 3]);
      assert.is(
        values(a!)
          .concat(values(b!))
          .reduce((x, y) => x + y),
        6,
      );
    }
    close(
      gradientOf((x) => tf.squaredDifference(x, tf.scalar(1)), [3, 0]),
      [4, -2],
    );
    close(
      gradientOf(
        (x) =>
          tf.squaredDifference(
            tf.tensor2d([
              [1, 2],
              [3, 5],
            ]),
            x,
          ),
        [1, 1],
      ),
      [-4, -10],
    );
  });

  claim('the running sum along an axis that is not the last', () => {
    const weights = [
      [
        [1, 2],
        [3, 4],
      ],
    ];
    close(
      gradientOf(
        (x) => tf.cumsum(x, 1),
        [
          [
            [0, 0],
            [0, 0],
          ],
        ],
        weights,
      ),
      [4, 6, 3, 4],
    );
    close(
      gradientOf(
        (x) => tf.cumsum(x, 1, true),
        [
          [
            [0, 0],
            [0, 0],
          ],
        ],
        weights,
      ),
      [3, 4, 0, 0],
    );
    close(
      gradientOf(
        (x) => tf.cumsum(x, 1, false, true),
        [
          [
            [0, 0],
            [0, 0],
          ],
        ],
        weights,
      ),
      [1, 2, 4, 6],
    );
    close(
      gradientOf(
        (x) => tf.cumsum(x, -2),
        [
          [
            [0, 0],
            [0, 0],
          ],
        ],
        weights,
      ),
      [4, 6, 3, 4],
    );
    close(
      gradientOf(
        (x) => tf.cumsum(x, 0),
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ),
      [9, 12, 8, 10, 5, 6],
    );
  });

  claim('a running sum along a negative axis is the one along the same axis', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([
        [1, 2],
        [3, 4],
      ]);
      assert.equal(values(tf.cumsum(x, -1)), [1, 3, 3, 7]);
      assert.equal(values(tf.cumprod(x, -2)), [1, 2, 3, 8]);
    });
  });

  claim('products, running and whole, where factors are zero', () => {
    close(
      gradientOf(
        (x) => tf.prod(x, 1),
        [
          [2, 0, 3],
          [0, 0, 5],
          [2, 3, 4],
        ],
      ),
      [0, 6, 0, 0, 0, 0, 12, 8, 6],
    );
    close(
      gradientOf((x) => tf.prod(x, -1), [[2, 0, 3]]),
      [0, 6, 0],
    );
    // y = [a, ab, abc] at a = 2, b = 0, c = 3: da = 1 + b + bc, db = a + ac, dc = ab.
    close(
      gradientOf((x) => tf.cumprod(x, 1), [[2, 0, 3]]),
      [1, 8, 0],
    );
    // Exclusive: y = [1, a, ab]. From the other end: y = [abc, bc, c].
    close(
      gradientOf((x) => tf.cumprod(x, 1, true), [[2, 0, 3]]),
      [1, 2, 0],
    );
    close(
      gradientOf((x) => tf.cumprod(x, 1, false, true), [[2, 0, 3]]),
      [0, 9, 1],
    );
    close(
      gradientOf((x) => tf.cumprod(x, 0), [[2], [0], [3]]),
      [1, 8, 0],
    );
  });

  claim('batch normalisation along axis 1 normalises that axis', () => {
    const model = tf.sequential({
      layers: [tf.layers.batchNormalization({ axis: 1, epsilon: 1e-7, inputShape: [2, 3, 1] })],
    });
    model.setWeights([tf.tensor1d([1, 10]), tf.zeros([2]), tf.zeros([2]), tf.ones([2])]);
    close(values(model.predict(tf.ones([1, 2, 3, 1])) as tf.Tensor), [1, 1, 1, 10, 10, 10]);
    close(
      gradientOf(
        (x) => model.predict(x) as tf.Tensor,
        [
          [
            [[1], [1], [1]],
            [[1], [1], [1]],
          ],
        ],
      ),
      [1, 1, 1, 10, 10, 10],
    );
    model.dispose();
  });

  claim('batch normalisation by statistics of any shape is the formula, and so are its five gradients', () => {
    const random = uniformFrom(seed + 1);
    const normal = (shape: number[]): tf.Tensor => tf.tensor(normalValues(tf.util.sizeFromShape(shape), random), shape);
    for (const shape of [[3], [1, 2, 1, 1], [1, 1, 4, 1], [1, 2, 4, 3], [2, 2, 4, 1], [1, 1, 1, 3]]) {
      tf.tidy(() => {
        const inputs = [
          normal([2, 2, 4, 3]),
          normal(shape),
          tf.add(tf.abs(normal(shape)), 0.5),
          normal(shape),
          normal(shape),
        ];
        const byKernel = (...t: tf.Tensor[]): tf.Tensor =>
          tf.batchNorm(t[0]!, t[1] as tf.Tensor4D, t[2] as tf.Tensor4D, t[3] as tf.Tensor4D, t[4] as tf.Tensor4D, 1e-3);
        const byFormula = (...[x, mean, variance, offset, scale]: tf.Tensor[]): tf.Tensor =>
          tf.add(tf.mul(tf.mul(tf.sub(x!, mean!), tf.rsqrt(tf.add(variance!, 1e-3))), scale!), offset!);
        const dy = normal([2, 2, 4, 3]);
        close(values(byKernel(...inputs)), values(byFormula(...inputs)));
        const expected = tf.grads(byFormula)(inputs, dy);
        tf.grads(byKernel)(inputs, dy).forEach((found, k) => {
          assert.equal(found.shape, expected[k]!.shape);
          close(values(found), values(expected[k]!), 1e-4);
        });
      });
    }
  });

  claim('what moves in steps has a zero gradient: any, all, and, or, xor, not, comparisons, floorDiv, integers', () => {
    const x = [[-1, 0.4, 2, 3]];
    const one = (t: tf.Tensor): tf.Tensor => tf.cast(t, 'float32');
    const steps: ((t: tf.Tensor) => tf.Tensor)[] = [
      (t) => one(tf.any(tf.notEqual(t, 0), -1, true)),
      (t) => one(tf.all(tf.greaterEqual(t, 0), -1, true)),
      (t) => one(tf.logicalAnd(tf.greater(t, 0), tf.less(t, 2.5))),
      (t) => one(tf.logicalOr(tf.greater(t, 0), tf.lessEqual(t, -0.5))),
      (t) => one(tf.logicalXor(tf.greater(t, 0), tf.equal(t, 3))),
      (t) => one(tf.logicalNot(tf.greater(t, 0))),
      (t) => one(tf.floorDiv(t, tf.scalar(0.7))),
      (t) => one(tf.cast(tf.mul(t, 3), 'int32')),
      (t) => one(tf.cast(t, 'bool')),
      (t) => one(tf.argMax(tf.cast(t, 'int32'), 1)),
      (t) => one(tf.greaterEqual(tf.cast(t, 'int32'), tf.scalar(1, 'int32'))),
    ];
    for (const step of steps) {
      const factor = tf.tidy(() => values(tf.add(tf.zeros([1, 4]), step(tf.tensor2d(x)))));
      close(
        gradientOf((t) => tf.mul(t, step(t)), x),
        factor,
      );
    }
  });

  claim('a product of one matrix with many is summed over them', () => {
    const [a, b] = tf.grads((s, t) => tf.matMul(s, t))([tf.ones([1, 2, 3]), tf.ones([4, 3, 5])]);
    assert.equal(a!.shape, [1, 2, 3]);
    close(
      values(a!),
      Array.from({ length: 6 }, () => 20),
    );
    close(
      values(b!),
      Array.from({ length: 60 }, () => 2),
    );
    const [, weights] = tf.grads((s, t) => tf.matMul(s, t))([tf.ones([4, 2, 3]), tf.ones([3, 5])]);
    close(
      values(weights!),
      Array.from({ length: 15 }, () => 8),
    );
  });

  claim('a power of exponent 0 is constant, at 0 too', () => {
    close(
      gradientOf((x) => tf.pow(x, tf.tensor1d([0, 2, 3])), [0, 0, -2]),
      [0, 0, 12],
    );
  });

  claim('copies of any rank are summed, and pieces put together, one piece too', () => {
    close(
      gradientOf((x) => tf.tile(x, [1, 2, 1, 3, 2]), [[[[[1, 2]]]]]),
      [12, 12],
    );
    close(
      gradientOf((x) => tf.unstack(x, 1)[0]!, [[[1, 2]]]),
      [1, 1],
    );
    close(
      gradientOf((x) => tf.split(x, 1, 1)[0]!, [[1, 2]]),
      [1, 1],
    );
  });

  claim('picked entries go back where they came from: gather with a batch, gatherND, topk, slices with steps', () => {
    const ids = tf.tensor3d(
      [
        [
          [1, 1],
          [0, 2],
        ],
      ],
      [1, 2, 2],
      'int32',
    );
    const table = [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ];
    assert.equal(values(tf.gather(tf.tensor3d(table), ids, 2, 2)), [2, 2, 4, 6]);
    close(
      gradientOf((x) => tf.gather(x, ids, 2, 2), table),
      [0, 2, 0, 1, 0, 1],
    );
    const one = tf.tensor2d(
      [
        [1, 1],
        [0, 1],
      ],
      [2, 2],
      'int32',
    );
    const rows = [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ];
    close(
      gradientOf((x) => tf.gather(x, one, 1, 1), rows, rows),
      [0, 0, 4, 6, 5, 6, 7, 8],
    );
    const pair = tf.tensor2d(
      [
        [0, 1],
        [0, 1],
        [1, 0],
      ],
      [3, 2],
      'int32',
    );
    close(
      gradientOf(
        (x) => tf.gatherND(x, pair),
        [
          [1, 2],
          [3, 4],
        ],
        [1, 2, 5],
      ),
      [0, 3, 5, 0],
    );
    close(
      gradientOf(
        (x) => tf.topk(x, 2).values,
        [
          [1, 5, 3],
          [4, 4, 4],
        ],
        [
          [1, 2],
          [3, 4],
        ],
      ),
      [0, 1, 2, 3, 4, 0],
    );
    close(
      gradientOf((x) => tf.stridedSlice(x, [3], [-5], [-2]), [1, 2, 3, 4], [7, 9]),
      [0, 9, 0, 7],
    );
    tf.dispose([ids, one, pair]);
  });

  claim('x[1, ::2] takes every other row of one matrix, and its gradient goes there', () => {
    const part = (x: tf.Tensor): tf.Tensor => tf.stridedSlice(x, [1, 0, 0], [2, 3, 2], [1, 2, 1], 0, 0, 0, 0, 1);
    const x = tf.range(0, 12).reshape([2, 3, 2]);
    assert.equal(values(part(x)), [6, 7, 10, 11]);
    close(
      gradientOf(part, x.arraySync() as never, [
        [1, 2],
        [3, 4],
      ]),
      [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4],
    );
  });

  claim('depth to space, a flip, a crop and a transposed 3-D convolution send their gradient back', () => {
    close(
      gradientOf(
        (x) => tf.depthToSpace(x as tf.Tensor4D, 2),
        [[[[1, 2, 3, 4]]]],
        [
          [
            [[1], [2]],
            [[3], [4]],
          ],
        ],
      ),
      [1, 2, 3, 4],
    );
    close(
      gradientOf((x) => tf.image.flipLeftRight(x as tf.Tensor4D), [[[[1], [2]]]], [[[[5], [7]]]]),
      [7, 5],
    );
    const crop = (x: tf.Tensor): tf.Tensor =>
      tf.image.cropAndResize(x as tf.Tensor4D, [[0, 0, 1, 0.5]], [0], [2, 2], 'bilinear');
    close(
      gradientOf(
        crop,
        [
          [
            [[1], [2], [3]],
            [[4], [5], [6]],
          ],
        ],
        [
          [
            [[1], [2]],
            [[3], [4]],
          ],
        ],
      ),
      [1, 2, 0, 3, 4, 0],
    );
    const filter = tf.tensor5d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2, 1, 1]);
    const [dx, df] = tf.grads((x, w) =>
      tf.conv3dTranspose(x as tf.Tensor5D, w as tf.Tensor5D, [1, 2, 2, 2, 1], 2, 'valid'),
    )([tf.fill([1, 1, 1, 1, 1], 3), filter]);
    close([...values(dx!), ...values(df!)], [36, 3, 3, 3, 3, 3, 3, 3, 3]);
    filter.dispose();
  });

  claim('sizes that are rounded up have no gradient here, said by code', () => {
    for (const f of [
      (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, 0, 'ceil'),
      (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 2, 2, 0, 'round'),
      (x: tf.Tensor) => tf.avgPool3d(x.expandDims(0) as tf.Tensor5D, 2, 2, 0, 'round'),
    ]) {
      assert.throws(
        () => tf.tidy(() => tf.grad(f)(tf.ones([1, 4, 4, 2]))),
        (error: unknown) => error instanceof VogError && error.code === 'GRADIENT_UNSUPPORTED',
      );
    }
  });
}

test('wasm: log1p, sin, cos, sign and selu are right to an ulp of float32 near 0 and far', async () => {
  await bootBackend('wasm');
  repairBackend();
  const random = uniformFrom(seed + 2);
  const x = Float32Array.from({ length: 4000 }, (_, k) => (k % 2 ? 1 : -1) * 10 ** (-37 + 41 * random()));
  x.set([3e-8, 1e-7, -1e-7, 0, 1e-37]);
  const selu = (v: number): number => (v >= 0 ? 1.0507009873554805 * v : 1.7580993408473768 * Math.expm1(v));
  const cases = [
    ['log1p', tf.log1p, Math.log1p],
    ['sin', tf.sin, Math.sin],
    ['cos', tf.cos, Math.cos],
    ['sign', tf.sign, Math.sign],
    ['selu', tf.selu, selu],
  ] as const;
  for (const [name, kernel, exact] of cases) {
    const found = tf.tidy(() => kernel(tf.tensor1d(x)).dataSync());
    x.forEach((v, k) => {
      const expected = exact(v);
      if (Number.isNaN(expected)) return assert.ok(Number.isNaN(found[k]), `${name}(${v}) is ${found[k]}`);
      const allowed = 1.2e-7 * Math.abs(expected) + 1e-44;
      assert.ok(Math.abs(found[k]! - expected) <= allowed, `${name}(${v}) is ${found[k]}, not ${expected}`);
    });
  }
  assert.ok(Math.abs(tf.log1p(3e-8).dataSync()[0]! - 3e-8) < 1e-14);
});

test('wasm: a cast to bool says what is not 0', async () => {
  await bootBackend('wasm');
  repairBackend();
  assert.equal(values(tf.cast(tf.cast(tf.tensor1d([-2, 0, 0.3, 256]), 'bool'), 'float32')), [1, 0, 1, 1]);
});

test.run();
