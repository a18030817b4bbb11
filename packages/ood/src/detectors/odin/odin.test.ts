// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
import { selectBackend } from '@vogjs/core/node';
import { normals, normalTensor, randomOf, SEED, testBackends } from '@vogjs/testing';
import type * as tf from '@tensorflow/tfjs';
import * as assert from 'uvu/assert';
import { msp, scoreOod } from '../../index.js';
import { assertClose, denseNetwork } from '../../networks.test.helper.js';
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { odin } from './odin.js';

const test = suite(`odin (SEED=${SEED})`);

againstGolden(
  test,
  (deviation) => [odin(), odin({ name: 'odin-1', temperature: 1, epsilon: 0.05, channelStd: deviation })],
  new URL('odin.golden.json', import.meta.url),
);

refuses(test, [
  () => odin({ temperature: 0 }),
  () => odin({ epsilon: -0.1 }),
  () => odin({ channelStd: [1, 0] }),
  () => odin({ channelStd: [] }),
  () => odin({ input: 1.5 }),
]);

for (const backend of testBackends()) {
  test(`${backend}: ODIN at ε = 0 is MSP at every temperature, bit for bit`, async () => {
    await selectBackend(backend);
    const model = denseNetwork(randomOf(7), 2);
    const examples = { inputs: normalTensor(randomOf(8), [31, 6], 3) };
    for (const temperature of [0.1, 1, 10, 1000]) {
      const scores = await scoreOod(model, examples, [msp({ temperature }), odin({ temperature, epsilon: 0 })]);
      assert.equal([...(scores.odin.values as Float64Array)], [...(scores.msp.values as Float64Array)]);
    }
    model.dispose();
  });

  test(`${backend}: ODIN steps against the gradient of the cross-entropy at T, also where p is 1 in float32`, async () => {
    await selectBackend(backend);
    const model = denseNetwork(randomOf(9), 1);
    const { rowsWithClearSlopes, scoreOf } = await odinInFloat64(model, 0.05);
    const temperatures = [1000, 1, 0.02];
    const rows = rowsWithClearSlopes(12, normals(randomOf(10), 60 * 6), temperatures);
    for (const temperature of temperatures) {
      const inputs = { data: Float32Array.from(rows.flat()), shape: [rows.length, 6] };
      const scores = await scoreOod(model, { inputs }, [odin({ temperature, epsilon: 0.05 })]);
      const expected = rows.map((row) => scoreOf(row, temperature));
      assertClose(scores.odin.values, expected, `T = ${temperature}`, 2e-5);
    }
    model.dispose();
  });
}

/** ODIN of the small network by plain float64 arithmetic, with the derivative written out. */
async function odinInFloat64(model: tf.LayersModel, epsilon: number) {
  const [k1, b1, k2, b2] = (await Promise.all(model.getWeights().map((weight) => weight.array()))) as [
    number[][],
    number[],
    number[][],
    number[],
  ];
  const hidden = (x: number[]): number[] =>
    b1.map((b, j) => Math.tanh(x.reduce((sum, v, i) => sum + v * k1[i]![j]!, b)));
  const logitsAt = (h: number[]): number[] => b2.map((b, c) => h.reduce((sum, v, j) => sum + v * k2[j]![c]!, b));
  const softmax = (a: number[], t: number): number[] => {
    const largest = Math.max(...a);
    const e = a.map((value) => Math.exp((value - largest) / t));
    const sum = e.reduce((x, y) => x + y, 0);
    return e.map((value) => value / sum);
  };
  /** The slope along each input, as the terms that it is the sum of. */
  const slopesOf = (x: number[], t: number): number[][] => {
    const h = hidden(x);
    const a = logitsAt(h);
    const p = softmax(a, t);
    const y = a.indexOf(Math.max(...a));
    const others = p.reduce((sum, value, c) => (c === y ? sum : sum + value), 0);
    const slope = p.map((value, c) => (c === y ? -others : value));
    return x.map((_, i) =>
      h.flatMap((value, j) => slope.map((s, c) => k1[i]![j]! * (1 - value ** 2) * s * k2[j]![c]!)),
    );
  };
  const sumOf = (terms: readonly number[]): number => terms.reduce((sum, term) => sum + term, 0);
  /** Far enough from 0 that float32 sees the sign of it as float64 does: ODIN's step takes nothing else. */
  const isClear = (terms: readonly number[]): boolean => Math.abs(sumOf(terms)) > 1e-4 * sumOf(terms.map(Math.abs));
  return {
    rowsWithClearSlopes: (count: number, values: Float32Array, temperatures: readonly number[]): number[][] =>
      Array.from({ length: values.length / 6 }, (_, row) => [...values.subarray(6 * row, 6 * row + 6)])
        .filter((row) => temperatures.every((t) => slopesOf(row, t).every(isClear)))
        .slice(0, count),
    scoreOf: (x: number[], t: number): number => {
      const disturbed = slopesOf(x, t).map((terms, i) => x[i]! - epsilon * Math.sign(sumOf(terms)));
      return Math.max(...softmax(logitsAt(hidden(disturbed)), t));
    },
  };
}

test.run();
