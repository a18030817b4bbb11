import { selectBackend } from '@vogjs/backend/node';
import * as tf from '@tensorflow/tfjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { testBackends, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { type Moments, runningMoments } from './running-moments.js';

const { init, push, merge, variance } = runningMoments;
const SEED = runSeed();
const WIDTH = 7;

/** Fails with the seed in the message, and leaves no tensor. */
async function seeded(check: () => Promise<void>): Promise<void> {
  tf.engine().startScope();
  try {
    await check();
  } catch (error) {
    if (error instanceof Error) error.message += ` (SEED=${SEED} repeats this run)`;
    throw error;
  } finally {
    tf.engine().endScope();
  }
}

function streamOf(count: number, salt: number, mean = 0, spread = 1): Float32Array[] {
  const random = uniformFrom(SEED + salt);
  return Array.from({ length: count }, () => normalValues(WIDTH, random).map((x) => mean + spread * x));
}

const fold = (values: readonly Float32Array[], from: Moments = init([WIDTH])): Moments =>
  values.reduce((state, value) => push(state, tf.tensor1d(value)), from);

/** Two passes in float64. */
function reference(values: readonly Float32Array[], ddof: 0 | 1): { mean: number[]; variance: number[] } {
  const columns = Array.from({ length: WIDTH }, (_, i) => values.map((value) => value[i] as number));
  const mean = columns.map((column) => column.reduce((a, b) => a + b, 0) / column.length);
  return {
    mean,
    variance: columns.map(
      (column, i) => column.reduce((sum, x) => sum + (x - (mean[i] as number)) ** 2, 0) / (column.length - ddof),
    ),
  };
}

async function close(actual: tf.Tensor, expected: readonly number[], tolerance: number, what: string): Promise<void> {
  const values = await actual.data();
  assert.is(values.length, expected.length);
  const scale = Math.max(...expected.map(Math.abs)) || 1;
  for (const [i, e] of expected.entries()) {
    const error = Math.abs((values[i] as number) - e) / scale;
    assert.ok(error <= tolerance, `${what}[${i}]: ${values[i]} against ${e}, error ${error}`);
  }
}

for (const backend of testBackends()) {
  test(`${backend}: mean and variance of a random stream = two passes in float64`, async () => {
    await selectBackend(backend);
    await seeded(async () => {
      for (const count of [2, 3, 17, 60]) {
        const values = streamOf(count, count);
        const state = fold(values);
        assert.equal([...(await state.count.data())], [count]);
        for (const ddof of [0, 1] as const) {
          const expected = reference(values, ddof);
          await close(state.mean, expected.mean, 2e-6, `mean of ${count}`);
          await close(variance(state, { ddof }), expected.variance, 3e-6, `variance of ${count}, ddof ${ddof}`);
        }
        await close(variance(state), reference(values, 0).variance, 3e-6, 'the default is ddof 0');
      }
    });
  });

  test(`${backend}: merge(a, b) = the two streams one after the other, at every cut, and in three parts`, async () => {
    await selectBackend(backend);
    await seeded(async () => {
      const values = streamOf(9, 100);
      const whole = reference(values, 0);
      for (let cut = 0; cut <= values.length; cut++) {
        const merged = merge(fold(values.slice(0, cut)), fold(values.slice(cut)));
        assert.equal([...(await merged.count.data())], [9]);
        await close(merged.mean, whole.mean, 2e-6, `mean, cut at ${cut}`);
        await close(variance(merged), whole.variance, 3e-6, `variance, cut at ${cut}`);
      }
      const parts = [values.slice(0, 2), values.slice(2, 3), values.slice(3)].map((part) => fold(part)) as [
        Moments,
        Moments,
        Moments,
      ];
      await close(variance(merge(merge(parts[0], parts[1]), parts[2])), whole.variance, 3e-6, 'left first');
      await close(variance(merge(parts[0], merge(parts[1], parts[2]))), whole.variance, 3e-6, 'right first');
    });
  });

  test(`${backend}: below two values the variance is NaN, never 0, with either ddof`, async () => {
    await selectBackend(backend);
    await seeded(async () => {
      for (const ddof of [0, 1] as const) {
        for (const state of [init([WIDTH]), fold(streamOf(1, 7)), merge(init([WIDTH]), fold(streamOf(1, 8)))]) {
          const values = await variance(state, { ddof }).data();
          assert.is(values.length, WIDTH);
          assert.ok(values.every(Number.isNaN), `got ${values}`);
        }
      }
    });
  });

  test(`${backend}: merging with nothing changes no bit, and nothing with nothing is nothing`, async () => {
    await selectBackend(backend);
    await seeded(async () => {
      const state = fold(streamOf(5, 9));
      for (const merged of [merge(state, init([WIDTH])), merge(init([WIDTH]), state)]) {
        for (const field of ['count', 'mean', 'm2']) {
          assert.equal(
            [...(await (merged[field] as tf.Tensor).data())],
            [...(await (state[field] as tf.Tensor).data())],
          );
        }
      }
      const nothing = merge(init([WIDTH]), init([WIDTH]));
      for (const field of ['count', 'mean', 'm2'])
        assert.ok((await (nothing[field] as tf.Tensor).data()).every((x) => x === 0));
    });
  });
}

test('equal values have a variance of exactly 0, and a value of any rank keeps its shape', async () => {
  await selectBackend(testBackends()[0]);
  await seeded(async () => {
    const x = tf.mul(tf.ones([2, 3, 4]), 0.1);
    const state = push(push(push(init([2, 3, 4]), x), x), x);
    assert.equal(variance(state).shape, [2, 3, 4]);
    assert.ok((await variance(state).data()).every((v) => v === 0));
    const scalars = push(push(init([]), tf.scalar(1)), tf.scalar(3));
    assert.equal([...(await variance(scalars).data())], [1]);
    assert.equal([...(await variance(scalars, { ddof: 1 }).data())], [2]);
  });
});

test('a large common offset costs digits, not the sign: the variance stays positive at mean/sd = 1000', async () => {
  await selectBackend(testBackends()[0]);
  await seeded(async () => {
    const values = streamOf(40, 11, 1000, 1);
    const actual = await variance(fold(values)).data();
    const expected = reference(values, 0).variance;
    for (const [i, e] of expected.entries())
      assert.ok(Math.abs((actual[i] as number) - e) < 0.01 * e, `${actual[i]} against ${e}`);
  });
});

test('pure: no argument is disposed, and what is made is all that is left', async () => {
  await selectBackend(testBackends()[0]);
  const state = init([WIDTH]);
  const x = tf.ones([WIDTH]);
  const before = tf.memory().numTensors;
  const next = tf.tidy(() => push(state, x));
  assert.is(tf.memory().numTensors, before + 3);
  for (const tensor of [...Object.values(state), x]) assert.not.ok(tensor.isDisposed);
  tf.dispose([...Object.values(state), ...Object.values(next), x]);
});

test.run();
