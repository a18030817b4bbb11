import { seededRandom, VogError, type ErrorCode } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTracker } from '../tracker/create-tracker.js';
import { defineMetric } from '../metrics/define-metric.js';
import type { Metric } from '../metrics/metric.js';
import type { ScorableModel } from '../model/model.js';
import { inputGradient, loss, predictions } from '../resources/builtin.js';
import { runSeed } from '@vogjs/testing';
import type { ProbeInputs } from './inputs.js';

const test = suite('probe with several inputs');
test.before(async () => void (await tf.setBackend('cpu')));
const seed = runSeed();
const SIZE = 6;

const normals = (salt: number, count: number): Float32Array => {
  const random = seededRandom(seed + salt);
  return Float32Array.from({ length: count }, () => random.normal());
};
const left = normals(1, SIZE * 2);
const right = normals(2, SIZE * 3);
const labels = Int32Array.from({ length: SIZE }, (_, i) => i % 2);
const shaped: ProbeInputs = [
  { data: left, shape: [SIZE, 2] },
  { data: right, shape: [SIZE, 3] },
];

/** Logits (Σ left · w, Σ right³): the gradient of class 1 with respect to `right` is 3 right², of class 0 with respect to `left` is w. */
const W = [2, -5];
const model: ScorableModel = (inputs) => {
  const [a, b] = inputs as [tf.Tensor2D, tf.Tensor2D];
  const first = tf.matMul(a, tf.tensor2d(W, [2, 1]));
  // b * b * b: the gradient of tf.pow takes a logarithm.
  const second = tf.sum(tf.mul(tf.mul(b, b), b), 1, true);
  return tf.concat([first, second], 1);
};

/** Keeps the last gradient itself, as columns. */
function lastGradient(input: number, width: number): Metric {
  return defineMetric({
    name: `gradient-${input}`,
    hardDirection: Object.fromEntries(Array.from({ length: width }, (_, i) => [`x${i}`, 'high' as const])),
    requires: { gradient: inputGradient({ input }) },
    init: ({ size, inputShapes }) => ({ last: tf.zeros([size, ...(inputShapes[input] ?? [])]) }),
    update: (_, { gradient }) => ({ last: gradient }),
    compute: ({ last }) =>
      Object.fromEntries(
        Array.from({ length: width }, (_, i) => [`x${i}`, tf.reshape(tf.slice(last, [0, i], [-1, 1]), [-1])]),
      ),
  });
}

async function coded(run: () => unknown, code: ErrorCode, part: RegExp): Promise<void> {
  let thrown: unknown;
  try {
    await run();
  } catch (error) {
    thrown = error;
  }
  const right = thrown instanceof VogError && thrown.code === code && part.test(thrown.message);
  assert.ok(right, `expected ${code} ${part}, got ${String(thrown)}`);
}

async function gradientsWith(inputs: ProbeInputs, scored: ScorableModel = model): Promise<number[][]> {
  const metrics = [lastGradient(0, 2), lastGradient(1, 3)];
  const tracker = createTracker({ inputs, labels, metrics, chunkSize: 4 });
  try {
    await tracker.checkpoint(scored, { epoch: 0 });
    const all: number[][] = [];
    for (const metric of tracker.metrics) {
      for (const column of Object.values(await tracker.columns(metric))) all.push([...column.values]);
    }
    return all;
  } finally {
    tracker.dispose();
  }
}

test('inputGradient({ input: 1 }) = d A_y / d of the second input, and input 0 of the first', async () => {
  const gradients = await gradientsWith(shaped);
  for (const [i, y] of labels.entries()) {
    for (const [k, w] of W.entries()) assert.is(gradients[k]?.[i], y === 0 ? w : 0);
    for (let k = 0; k < 3; k++) {
      const expected = y === 1 ? 3 * (right[i * 3 + k] as number) ** 2 : 0;
      const got = gradients[2 + k]?.[i] as number;
      assert.ok(Math.abs(got - expected) <= 1e-6 * (1 + expected), `${got} = ${expected}, SEED=${seed}`);
    }
  }
});

test('tensors, arrays, a mix, and sources of either give the same gradients', async () => {
  const expected = await gradientsWith(shaped);
  const [a, b] = [tf.tensor2d(left, [SIZE, 2]), tf.tensor2d(right, [SIZE, 3])];
  const shape = [[2], [3]];
  const parts = (start: number, end: number): [Float32Array, Float32Array] => [
    left.subarray(start * 2, end * 2),
    right.subarray(start * 3, end * 3),
  ];
  for (const inputs of [
    [a, b],
    [a, { data: [...right], shape: [SIZE, 3] }],
    { size: SIZE, shape, read: parts },
    { size: SIZE, shape, read: async (start: number, end: number) => parts(start, end).map((part) => [...part]) },
    {
      size: SIZE,
      shape,
      read: (start: number, end: number) => [a.slice(start, end - start), parts(start, end)[1]],
    },
  ] satisfies ProbeInputs[]) {
    assert.equal(await gradientsWith(inputs), expected);
  }
});

test('a source with the inputs in the wrong order or number is INPUT_SHAPE', async () => {
  const shape = [[2], [3]];
  const read = (start: number, end: number): Float32Array[] => [
    right.subarray(start * 3, end * 3),
    left.subarray(start * 2, end * 2),
  ];
  await coded(() => gradientsWith({ size: SIZE, shape, read }), 'INPUT_SHAPE', /for input 0/);
  const one = (start: number, end: number): Float32Array[] => read(start, end).slice(1);
  await coded(() => gradientsWith({ size: SIZE, shape, read: one }), 'INPUT_SHAPE', /must give 2 inputs.*got 1/);
});

test('the gradient of an input that the logits do not read is zero or refused, never a wrong number', async () => {
  const deaf: ScorableModel = (inputs) => tf.tile((inputs as tf.Tensor[])[0]?.sum(1, true) as tf.Tensor, [1, 2]);
  let outcome: unknown;
  try {
    outcome = (await gradientsWith(shaped, deaf)).slice(2).flat();
  } catch (error) {
    outcome = error;
  }
  if (outcome instanceof VogError) assert.is(outcome.code, 'GRADIENT_UNSUPPORTED');
  else assert.equal(outcome, new Array<number>(SIZE * 3).fill(0));
});

test('an input that the probe has not is refused when the tracker is made', () =>
  coded(
    async () => createTracker({ inputs: shaped, labels, metrics: [lastGradient(2, 1)] }),
    'ARGUMENT_INVALID',
    /input 2/,
  ));

const tokens = tf.keep(
  tf.tensor2d(
    Int32Array.from({ length: SIZE * 3 }, (_, i) => i % 5),
    [SIZE, 3],
    'int32',
  ),
);
const embedding = tf.keep(tf.tensor2d(normals(3, 5 * 2), [5, 2]));
const tokenModel: ScorableModel = (x) => tf.sum(tf.gather(embedding as tf.Tensor2D, x as tf.Tensor2D), 1);

test('the gradient of an int32 input is GRADIENT_UNSUPPORTED, which says what to do; the tape is left clean', async () => {
  const tracker = createTracker({ inputs: tokens, labels, metrics: [lastGradient(0, 3)] });
  const before = tf.memory().numTensors;
  await coded(() => tracker.checkpoint(tokenModel, { epoch: 0 }), 'GRADIENT_UNSUPPORTED', /int32.*embedding/);
  assert.is(tf.memory().numTensors, before);
  tracker.dispose();
  assert.is((await gradientsWith(shaped)).length, 5);
});

test('int32 inputs are read as they are by metrics that need no gradient', async () => {
  const metric = defineMetric({
    name: 'forward',
    hardDirection: 'high',
    requires: { loss, predictions },
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: ({ sum }, values) => ({ sum: tf.add(sum, values.loss) }),
    compute: ({ sum }) => sum,
  });
  const tracker = createTracker({ inputs: tokens, labels, metrics: [metric], chunkSize: 4 });
  await tracker.checkpoint(tokenModel, { epoch: 0 });
  const expected = tf.tidy(() => {
    const p = tf.logSoftmax((tokenModel as (x: tf.Tensor) => tf.Tensor)(tokens)).arraySync() as number[][];
    return [...labels].map((y, i) => -(p[i]?.[y] as number));
  });
  for (const [i, value] of (await tracker.scores()).values.entries()) {
    assert.ok(Math.abs(value - (expected[i] as number)) < 1e-6, `SEED=${seed}`);
  }
  tracker.dispose();
});

test.run();
