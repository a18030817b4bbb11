// The fused update of the running moments against the six operations that it stands in for.
// Only with --all: a software driver for WebGPU compiles every shader
import { MOMENTS_PUSH } from '@vogjs/backend';
import { pushComposed } from '@vogjs/core/engine';
import * as tf from '@tensorflow/tfjs';
import { runningMoments, type Moments } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normalTensor, randomOf, SEED, withSeed } from '@vogjs/testing';
import { useBackend } from '../support/backend.js';
import { relativeError } from '../support/reference.js';
import { withoutWebgpu } from '../support/webgpu.js';

const reason = await withoutWebgpu();
if (reason !== null) console.log(`not on webgpu: ${reason}`);

/** Mean and sum of squared deviations in two float64 passes. */
async function inFloat64(values: readonly tf.Tensor[]): Promise<Record<'mean' | 'm2', number[]>> {
  const rows = await Promise.all(values.map((value) => value.data()));
  const columns = Array.from(rows[0]!, (_, i) => rows.map((row) => row[i]!));
  const mean = columns.map((column) => column.reduce((a, b) => a + b) / column.length);
  return { mean, m2: columns.map((column, i) => column.reduce((sum, x) => sum + (x - mean[i]!) ** 2, 0)) };
}

for (const backend of reason === null ? (['cpu', 'webgpu'] as const) : (['cpu'] as const)) {
  const test = suite(`fused moments on ${backend} (seed ${SEED})`);
  test.before.each(() => useBackend(backend));

  /** Mean and m2 after seven values, one at a time. */
  async function folded(
    push: typeof pushComposed,
    values: readonly tf.Tensor[],
  ): Promise<Record<string, Float32Array>> {
    const state = tf.tidy(() =>
      values.reduce<Moments>((moments, x) => push(moments, x), runningMoments.init(values[0]!.shape)),
    );
    const entries = Object.entries(state).map(async ([name, tensor]) => [name, await tensor.data()] as const);
    const read = Object.fromEntries(await Promise.all(entries)) as Record<string, Float32Array>;
    tf.dispose(Object.values(state));
    return read;
  }

  // Whole vectors of four, a rest of each size, one element, a scalar, and a workgroup and one element more.
  for (const shape of [[4, 8, 8, 3], [5], [6], [7], [1], [], [257], [1025, 3]]) {
    test(`fused = composed: shape [${shape.join(', ')}]`, () =>
      withSeed(async () => {
        const random = randomOf(shape.reduce((a, b) => a * b, 31));
        const values = Array.from({ length: 7 }, () => normalTensor(random, shape));
        const expected = await folded(pushComposed, values);
        const actual = await folded(runningMoments.push, values);
        assert.ok(tf.getKernel(MOMENTS_PUSH, backend), 'the fused kernel was not registered');
        assert.equal([...actual['count']!], [7]);
        const exact = await inFloat64(values);
        for (const field of ['mean', 'm2'] as const) {
          assert.ok(relativeError(actual[field]!, exact[field]) < 3e-6, `${field} against float64`);
          const error = relativeError(actual[field]!, expected[field]!);
          console.log(`  ${backend} [${shape.join(', ')}] ${field}: largest relative error ${error.toExponential(1)}`);
          assert.ok(error < 2e-6, `${field}: ${error}`);
        }
        tf.dispose(values);
      }));
  }

  test('one kernel call, three tensors made', () => {
    const kernel = tf.getKernel(MOMENTS_PUSH, backend);
    const stock = kernel.kernelFunc;
    let calls = 0;
    kernel.kernelFunc = (args) => {
      calls++;
      return stock(args);
    };
    try {
      const state = runningMoments.init([5]);
      const x = tf.ones([5]);
      const before = tf.memory().numTensors;
      const next = tf.tidy(() => runningMoments.push(state, x));
      assert.is(calls, 1);
      assert.is(tf.memory().numTensors, before + 3);
      tf.dispose([...Object.values(state), ...Object.values(next), x]);
    } finally {
      kernel.kernelFunc = stock;
    }
  });

  test('under a tape the composed form is used: the kernel has no gradient', async () => {
    const state = runningMoments.init([3]);
    const slope = tf.tidy(() =>
      tf.grad((x) => runningMoments.push(runningMoments.push(state, x), tf.zeros([3])).mean)(tf.ones([3])),
    );
    assert.equal([...(await slope.data())], [0.5, 0.5, 0.5]);
  });

  test.run();
}
