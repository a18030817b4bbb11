import { seededRandom, VogError, type ErrorCode } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTracker } from '../tracker/create-tracker.js';
import type { Tracker } from '../tracker/tracker.js';
import type { TrackerOptions } from '../run/options.js';
import { defineMetric } from '../metrics/define-metric.js';
import type { Metric } from '../metrics/metric.js';
import type { ScorableModel } from '../model/model.js';
import { inputGradient, loss } from '../resources/builtin.js';
import { runSeed } from '@vogjs/testing';
import { fingerprintOf } from './fingerprint.js';
import { Probe } from './probe.js';
import type { ChunkInputs, ProbeInputs } from './inputs.js';

const test = suite('probe');
test.before(async () => void (await tf.setBackend('cpu')));
const seed = runSeed();
const SIZE = 9;
const SHAPE = [2, 3];
const WIDTH = 6;
const CLASSES = 3;

const normals = (salt: number, count: number): Float32Array => {
  const random = seededRandom(seed + salt);
  return Float32Array.from({ length: count }, () => random.normal());
};
const data = normals(1, SIZE * WIDTH);
const labels = Int32Array.from({ length: SIZE }, (_, i) => i % CLASSES);
const weights = tf.keep(tf.tensor2d(normals(2, WIDTH * CLASSES), [WIDTH, CLASSES]));
/** Not linear, so that the gradient depends on the input. */
const model: ScorableModel = (x) => tf.matMul(tf.tanh(tf.reshape(x as tf.Tensor, [-1, WIDTH])), weights as tf.Tensor2D);

/** Sums over checkpoints of the input gradient's absolute values, and of the loss: what reading inputs wrongly changes. */
function gradientSum(input = 0): Metric {
  return defineMetric({
    name: 'gradient-sum',
    hardDirection: 'high',
    requires: { gradient: inputGradient({ input }), loss },
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: ({ sum }, values) => {
      const flat = tf.reshape(tf.abs(values.gradient), [values.gradient.shape[0] as number, -1]);
      return { sum: tf.add(sum, tf.add(tf.sum(flat, 1), values.loss)) };
    },
    compute: ({ sum }) => sum,
  });
}

async function scoresWith(options: Partial<TrackerOptions>, scored: ScorableModel = model): Promise<number[]> {
  const tracker = createTracker({
    inputs: { data, shape: [SIZE, ...SHAPE] },
    labels,
    metrics: [gradientSum()],
    chunkSize: 4,
    ...options,
  });
  try {
    for (const epoch of [0, 1]) await tracker.checkpoint(scored, { epoch });
    return [...(await tracker.scores()).values];
  } finally {
    tracker.dispose();
  }
}

async function coded(run: () => unknown, code: ErrorCode, part = /./): Promise<void> {
  let thrown: unknown;
  try {
    await run();
  } catch (error) {
    thrown = error;
  }
  const right = thrown instanceof VogError && thrown.code === code && part.test(thrown.message);
  assert.ok(right, `expected ${code} ${part}, got ${String(thrown)}`);
}

function sourceOf(read: (start: number, end: number) => ChunkInputs | Promise<ChunkInputs>): ProbeInputs {
  return { size: SIZE, shape: SHAPE, read };
}

const part = (start: number, end: number): Float32Array => data.subarray(start * WIDTH, end * WIDTH);

test('every accepted form of the same inputs gives the same scores, to the bit', async () => {
  const tensor = tf.tensor(data, [SIZE, ...SHAPE]);
  const wide = Float64Array.from(data);
  const shapeOf = (start: number, end: number): number[] => [end - start, ...SHAPE];
  const forms: [string, ProbeInputs][] = [
    ['tensor', tensor],
    ['list of one tensor', [tensor]],
    ['number[]', { data: [...data], shape: [SIZE, ...SHAPE] }],
    ['Float64Array', { data: wide, shape: [SIZE, ...SHAPE] }],
    ['list of one array', [{ data, shape: [SIZE, ...SHAPE] }]],
    ['source of typed arrays', sourceOf(part)],
    ['source of number[]', sourceOf((start, end) => [...part(start, end)])],
    ['source of tensors', sourceOf((start, end) => tf.tensor(part(start, end), shapeOf(start, end)))],
    ['source of lists', sourceOf((start, end) => [part(start, end)])],
    ['asynchronous source', sourceOf(async (start, end) => part(start, end))],
    [
      'slow source of lists of tensors',
      sourceOf(async (start, end) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return [tf.tensor(part(start, end), shapeOf(start, end))];
      }),
    ],
    ['source with its shape in a list', { size: SIZE, shape: [SHAPE], read: part }],
  ];
  const expected = await scoresWith({});
  assert.ok(expected.every((value) => value > 0));
  for (const [form, inputs] of forms) assert.equal(await scoresWith({ inputs }), expected, `${form}, SEED=${seed}`);
  assert.is(tensor.isDisposed, false);
});

test('every accepted form of the same labels gives the same scores', async () => {
  const rows = Float32Array.from({ length: SIZE * CLASSES }, (_, i) =>
    labels[Math.floor(i / CLASSES)] === i % CLASSES ? 1 : 0,
  );
  const expected = await scoresWith({});
  for (const form of [
    [...labels],
    Uint8Array.from(labels),
    { data: rows, shape: [SIZE, CLASSES] },
    tf.tensor1d(labels, 'int32'),
    tf.tensor2d(rows, [SIZE, CLASSES]),
  ]) {
    assert.equal(await scoresWith({ labels: form }), expected);
  }
});

test('the chunk size changes no score: 1, 2, …, N, more than N', async () => {
  const expected = await scoresWith({ chunkSize: SIZE });
  for (const chunkSize of [1, 2, 3, 5, 8, SIZE + 1, 1000]) {
    const values = await scoresWith({ chunkSize });
    for (const [i, value] of values.entries()) {
      assert.ok(Math.abs(value - (expected[i] as number)) <= 1e-6 * Math.abs(value), `${chunkSize}, SEED=${seed}`);
    }
  }
});

test('the tensors that a source gives are disposed, also when they are refused; those given as inputs are not', async () => {
  const given: tf.Tensor[] = [];
  const giving = (change: (x: tf.Tensor, start: number) => tf.Tensor): ProbeInputs =>
    sourceOf((start, end) => {
      const tensor = change(tf.tensor(part(start, end), [end - start, ...SHAPE]), start);
      given.push(tensor);
      return tensor;
    });
  await scoresWith({ inputs: giving((x) => x) });
  assert.ok(given.length >= 6 && given.every((tensor) => tensor.isDisposed));
  given.length = 0;
  await coded(() => scoresWith({ inputs: giving((x) => tf.reshape(x, [-1, 3, 2])) }), 'INPUT_SHAPE', /\[8, 3, 2\]/);
  const nan = giving((x, start) => (start === 4 ? tf.mul(x, Number.NaN) : x));
  await coded(() => scoresWith({ inputs: nan }), 'INPUT_NOT_FINITE', /example 4/);
  assert.ok(given.every((tensor) => tensor.isDisposed));
});

test('a source that gives the wrong thing is INPUT_SHAPE and says for which stretch', async () => {
  const wrong: [unknown, RegExp][] = [
    [new Float32Array(5), /read\(0, 8\) gave 5 values.*\[8, 2, 3\]/],
    [[new Float32Array(24), new Float32Array(24)], /must give one input.*got 2/],
    [[], /got 0|gave 0 values/],
    [[new Float32Array(7)], /gave 7 values/],
  ];
  for (const [value, message] of wrong) {
    await coded(() => scoresWith({ inputs: sourceOf(() => value as ChunkInputs) }), 'INPUT_SHAPE', message);
  }
});

test('a source that gives nothing, undefined or null, is INPUT_SHAPE', async () => {
  for (const nothing of [undefined, null]) {
    const inputs = sourceOf(() => nothing as unknown as ChunkInputs);
    await coded(() => scoresWith({ inputs }), 'INPUT_SHAPE', /read\(0, 8\)/);
  }
});

test('NaN in an array of a source is found as it is read, by example, whatever the chunk size; infinity too', async () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e39]) {
    // Example 8 is in the first chunk of 9, but not in the trial pass over 8.
    for (const [example, chunkSize] of [
      [0, 4],
      [7, 4],
      [8, 4],
      [8, SIZE],
    ] as const) {
      const spoilt = Array.from(data);
      spoilt[example * WIDTH + 5] = bad;
      const inputs = sourceOf((start, end) => spoilt.slice(start * WIDTH, end * WIDTH));
      await coded(() => scoresWith({ inputs, chunkSize }), 'INPUT_NOT_FINITE', new RegExp(`example ${example}\\b`));
    }
  }
});

test("a source's own error comes through as it is, thrown or rejected", async () => {
  const gone = new Error('disk gone');
  for (const read of [
    (): never => {
      throw gone;
    },
    (): Promise<ChunkInputs> => Promise.reject(gone),
  ]) {
    let thrown: unknown;
    await scoresWith({ inputs: sourceOf(read) }).catch((error: unknown) => (thrown = error));
    assert.is(thrown, gone);
  }
});

test('a tensor given as inputs and disposed since is DISPOSED, at the start and in the middle of a run', async () => {
  const tensor = tf.tensor(data, [SIZE, ...SHAPE]);
  const tracker: Tracker = createTracker({ inputs: tensor, labels, metrics: [gradientSum()] });
  await tracker.checkpoint(model, { epoch: 0 });
  tensor.dispose();
  await coded(() => tracker.checkpoint(model, { epoch: 1 }), 'DISPOSED', /inputs/);
  await coded(() => scoresWith({ inputs: tensor }), 'DISPOSED', /inputs/);
  tracker.dispose();
});

test('inputs without examples, lists of unequal length and things that are no inputs are refused by code', async () => {
  const cases: [unknown, ErrorCode, RegExp][] = [
    [[], 'PROBE_EMPTY', /empty list/],
    [tf.zeros([0, 3]), 'PROBE_EMPTY', /\[0, 3\]/],
    [tf.scalar(1), 'PROBE_EMPTY', /\[\]/],
    [{ data: [], shape: [0, 2] }, 'PROBE_EMPTY', /\[0, 2\]/],
    [{ size: 0, shape: [2], read: part }, 'PROBE_EMPTY', /\[0\]/],
    [{ size: 2.5, shape: [2], read: part }, 'PROBE_EMPTY', /2\.5/],
    [[tf.zeros([3, 2]), tf.zeros([4, 2])], 'INPUT_SHAPE', /3 and 4/],
    [{ data: [1, 2, 3], shape: [2, 2] }, 'INPUT_SHAPE', /needs 4 values; the array has 3/],
    [undefined, 'ARGUMENT_INVALID', /inputs/],
    [null, 'ARGUMENT_INVALID', /inputs/],
    [5, 'ARGUMENT_INVALID', /inputs/],
    [{ size: 5, shape: [2] }, 'ARGUMENT_INVALID', /inputs/],
    [new Float32Array(5), 'ARGUMENT_INVALID', /inputs/],
    [[[1, 2]], 'ARGUMENT_INVALID', /inputs/],
  ];
  for (const [inputs, code, message] of cases) {
    await coded(() => new Probe({ inputs: inputs as ProbeInputs }), code, message);
  }
});

test('ids: the index by default; too few, or two that read alike, are refused', async () => {
  const inputs = tf.zeros([3, 2]);
  assert.equal([...new Probe({ inputs }).ids], [0, 1, 2]);
  await coded(() => new Probe({ inputs, ids: ['a', 'b'] }), 'INPUT_SHAPE', /ids has length 2, for 3 examples/);
  await coded(() => new Probe({ inputs, ids: ['a', 'b', 'a'] }), 'IDS_DUPLICATE', /0 and 2/);
  // A saved state and a table hold them as text.
  await coded(() => new Probe({ inputs, ids: [1, 2, '1'] }), 'IDS_DUPLICATE', /0 and 2/);
});

test('the fingerprint tells probes apart by size, shape, labels, ids and their order', async () => {
  const base = { inputs: tf.zeros([3, 2]), labels: [0, 1, 2], ids: ['a', 'b', 'c'] };
  const others = [
    { ...base, inputs: tf.zeros([3, 4]) },
    { ...base, inputs: tf.zeros([3, 2, 1]) },
    { ...base, labels: [0, 2, 1] },
    { ...base, labels: undefined },
    { ...base, ids: ['b', 'a', 'c'] },
    { ...base, ids: ['ab', '', 'c'] },
  ];
  const print = async (options: ConstructorParameters<typeof Probe>[0]): Promise<string> => {
    const probe = new Probe(options);
    await probe.prepare();
    return JSON.stringify(fingerprintOf(probe));
  };
  const expected = await print(base);
  assert.is(await print({ ...base, labels: tf.tensor1d([0, 1, 2]) }), expected);
  for (const other of others) assert.is.not(await print(other), expected);
  assert.is(new Set(await Promise.all(others.map(print))).size, others.length);
});

test('what readNpy and readIdx give is taken as it is: a dtype beside it, bytes and whole numbers of 64 bits', async () => {
  const whole = Array.from(data, (value) => Math.round(value));
  const shape = [SIZE, ...SHAPE];
  const expected = await scoresWith({ inputs: { data: whole, shape } });
  const bigints = BigInt64Array.from(whole, BigInt);
  assert.equal(await scoresWith({ inputs: { data: bigints, shape, dtype: 'int64' } }), expected);
  assert.equal(await scoresWith({ inputs: { data: Int8Array.from(whole), shape, dtype: 'int8' } }), expected);
});

test.run();
