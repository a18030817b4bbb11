import { seededRandom, VogError, type ErrorCode } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSeed } from '@vogjs/testing';
import { checkLabelRange, classesOf, type ProbeLabels, readLabels } from './labels.js';

const test = suite('labels');
test.before(async () => void (await tf.setBackend('cpu')));
const seed = runSeed();

function coded(code: ErrorCode, part: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof VogError && error.code === code && part.test(error.message);
}

async function refused(labels: unknown, size: number, code: ErrorCode, part: RegExp): Promise<void> {
  let thrown: unknown;
  try {
    classesOf(await readLabels(labels as ProbeLabels, size));
  } catch (error) {
    thrown = error;
  }
  assert.ok(coded(code, part)(thrown), `expected ${code} ${part}, got ${String(thrown)}`);
}

test('every accepted form of the same labels reads as the same integers', async () => {
  const random = seededRandom(seed);
  const [size, classes] = [1 + random.integer(20), 2 + random.integer(5)];
  const values = Int32Array.from({ length: size }, () => random.integer(classes));
  const rows = Float32Array.from({ length: size * classes }, (_, i) =>
    values[Math.floor(i / classes)] === i % classes ? 1 : 0,
  );
  const forms: [string, ProbeLabels, number | null][] = [
    ['array', [...values], null],
    ['Int32Array', values, null],
    ['Uint8Array', Uint8Array.from(values), null],
    ['Float64Array', Float64Array.from(values), null],
    ['array-like', { ...values, length: size } as ArrayLike<number>, null],
    ['bigints', BigInt64Array.from(values, BigInt), null],
    ['array of bigints', Array.from(values, BigInt), null],
    ['whole numbers as strings', Array.from(values, String), null],
    ['nested [N, 1]', Array.from(values, (value) => [value]), null],
    ['nested one-hot', Array.from(values, (_, i) => rows.subarray(i * classes, (i + 1) * classes)), classes],
    [
      'nested one-hot booleans',
      Array.from(values, (value) => Array.from({ length: classes }, (_, c) => c === value)),
      classes,
    ],
    ['shaped [N]', { data: values, shape: [size] }, null],
    ['shaped [N, 1]', { data: [...values], shape: [size, 1] }, null],
    ['shaped one-hot', { data: rows, shape: [size, classes] }, classes],
    ['one-hot bytes', { data: Uint8Array.from(rows), shape: [size, classes] }, classes],
    ['int32 tensor', tf.tensor1d(values, 'int32'), null],
    ['float32 tensor', tf.tensor1d(Float32Array.from(values)), null],
    ['tensor [N, 1]', tf.tensor2d(Float32Array.from(values), [size, 1]), null],
    ['one-hot tensor', tf.tensor2d(rows, [size, classes]), classes],
    ['one-hot int32 tensor', tf.tensor2d(Int32Array.from(rows), [size, classes], 'int32'), classes],
    ['one-hot bool tensor', tf.tensor2d(Uint8Array.from(rows), [size, classes], 'bool'), classes],
  ];
  for (const [form, labels, width] of forms) {
    const read = await readLabels(labels, size);
    assert.instance(classesOf(read), Int32Array);
    assert.equal([...classesOf(read)], [...values], `${form}, SEED=${seed}`);
    assert.is(read.width, width ?? 1, form);
  }
});

test('the labels read are a copy: changing the array afterwards changes nothing', () => {
  const given = Int32Array.from([0, 1, 2]);
  const read = readLabels(given, 3);
  given.fill(9);
  assert.not.instance(read, Promise);
  assert.equal('data' in read && [...read.data], [0, 1, 2]);
});

test('labels that are no integers of 0 or more are LABEL_INVALID and name the example', async () => {
  for (const [wrong, shown] of [
    [0.5, '0.5'],
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [2 ** 31, '2147483648'],
    ['1', '1'],
    ['cat', 'cat'],
    [{}, 'an object'],
    [null, 'null'],
    [undefined, 'undefined'],
  ] as const) {
    await refused([0, 1, wrong], 3, 'LABEL_INVALID', new RegExp(`Label ${shown} of example 2`));
  }
  await refused(tf.tensor1d([0, 1.5]), 2, 'LABEL_INVALID', /1\.5 of example 1/);
});

test('rows that are not one-hot are LABEL_INVALID and name the row', async () => {
  const rows: [number[], RegExp][] = [
    [[1, 0, 0, 0, 0, 0], /row 1 is all zeros/],
    [[1, 0, 0, 0, 1, 1], /row 1/],
    [[1, 0, 0, 0, 0.9, 0.1], /row 1 .*0\.(9|89999)/],
    [[1, 0, 0, 0, -1, 0], /row 1/],
    [[1, 0, 0, 0, 2, 0], /row 1/],
  ];
  for (const [data, part] of rows) {
    await refused({ data, shape: [2, 3] }, 2, 'LABEL_INVALID', part);
    await refused(tf.tensor2d(data, [2, 3]), 2, 'LABEL_INVALID', part);
  }
});

test('NaN, nothing or a name in a row is LABEL_INVALID and names the example', async () => {
  for (const wrong of [Number.NaN, null, 'owl']) {
    const data = [1, 0, 0, 0, 1, wrong] as number[];
    await refused({ data, shape: [2, 3] }, 2, 'LABEL_INVALID', new RegExp(`Label ${wrong} of example 1`));
    await refused([data.slice(0, 3), data.slice(3)], 2, 'LABEL_INVALID', new RegExp(`Label ${wrong} of example 1`));
  }
});

test('labels of another count or rank are INPUT_SHAPE; no labels at all are LABEL_INVALID', async () => {
  await refused([0, 1], 3, 'INPUT_SHAPE', /\[2\].*3 examples/);
  await refused({ data: [0, 1, 1], shape: [2] }, 2, 'INPUT_SHAPE', /\[2\]/);
  await refused({ data: [0, 1, 1, 0], shape: [2, 2, 1] }, 2, 'INPUT_SHAPE', /\[2, 2, 1\]/);
  await refused(tf.zeros([2, 2, 2]), 2, 'INPUT_SHAPE', /\[2, 2, 2\]/);
  await refused(tf.scalar(1), 1, 'INPUT_SHAPE', /\[\]/);
  for (const nothing of [null, 5, '0,1', {}]) await refused(nothing, 2, 'LABEL_INVALID', /labels must be/);
});

test('checkLabelRange refuses the first label outside 0 to classes - 1 and tells where the count comes from', () => {
  checkLabelRange(Int32Array.from([0, 1, 2]), 3, 'the model');
  assert.throws(
    () => checkLabelRange(Int32Array.from([0, 3, 9]), 3, 'the model'),
    coded('LABEL_INVALID', /Label 3 of example 1.*the model has 3 classes/),
  );
  assert.throws(() => checkLabelRange(Int32Array.from([-1]), 3, 'x'), coded('LABEL_INVALID', /Label -1 of example 0/));
});

test('names become their place in classNames, or their sorted rank, and name the classes', async () => {
  const words = ['owl', 'ant', 'bee', 'ant'];
  const sorted = await readLabels(words, 4);
  assert.equal([...classesOf(sorted)], [2, 0, 1, 0]);
  assert.equal(sorted.names, { list: ['ant', 'bee', 'owl'], order: 'sorted' });
  const ordered = await readLabels(words, 4, ['owl', 'bee', 'cat', 'ant']);
  assert.equal([...classesOf(ordered)], [0, 3, 1, 3]);
  assert.equal([...classesOf(await readLabels(tf.tensor1d(words), 4))], [2, 0, 1, 0]);
  // Digits that are names are looked up as names.
  assert.equal([...classesOf(await readLabels(['10', '2'], 2, ['2', '10']))], [1, 0]);
  assert.equal([...classesOf(await readLabels(['10', '2'], 2))], [10, 2]);
  assert.throws(
    () => readLabels(words, 4, ['owl', 'ant']),
    coded('LABEL_INVALID', /'bee' of example 2.*classNames: owl, ant/),
  );
});

test('false and -1 are class 0, true and +1 class 1; other signs are refused with what to do', async () => {
  assert.equal([...classesOf(await readLabels([true, false], 2))], [1, 0]);
  assert.equal([...classesOf(await readLabels([-1, 1, -1], 3))], [0, 1, 0]);
  assert.equal([...classesOf(await readLabels([1, 1], 2))], [1, 1], 'ones alone are class 1 either way');
  await refused([0, 1, -1], 3, 'LABEL_INVALID', /Label -1 of example 2.*leave them out/);
  await refused([2, 1, -1], 3, 'LABEL_INVALID', /Label -1 of example 2/);
});

test('nested labels of unequal rows, rows among values and lists of tensors are refused', async () => {
  await refused([[1, 0], [1]], 2, 'INPUT_SHAPE', /row 0 has 2 values and row 1 has 1/);
  await refused([[1, 0], 1], 2, 'LABEL_INVALID', /row 1 is number/);
  await refused([tf.scalar(1), tf.scalar(0)], 2, 'LABEL_INVALID', /tf\.stack/);
});

test.run();
