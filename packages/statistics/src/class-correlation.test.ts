import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { classCorrelation, classDifficulty } from './class-correlation.js';
import { pearson } from './correlation.js';
import { assertClose, assertCode, freshRandom } from './golden.test.helper.js';

const test = suite('classCorrelation');

/** Classes that are harder by their number, with errors to match. */
function example(hardDirection: 'high' | 'low' = 'high') {
  const { seed, next } = freshRandom();
  const labels = Int32Array.from({ length: 400 }, (_, index) => index % 5);
  const sign = hardDirection === 'high' ? 1 : -1;
  const values = Float32Array.from(labels, (label) => sign * (label + next() * 3));
  const isError = Array.from(labels, (label) => next() < 0.05 + label / 8);
  return { seed, isError, scores: { values, labels, hardDirection, classNames: ['a', 'b', 'c', 'd', 'e'] } };
}

test('datasetAbsolute, the default: each class at the mean of |z|, z over all examples by population deviation', () => {
  const { seed, scores, isError } = example();
  const result = classCorrelation(scores, isError);
  assert.is(result.normalise, 'datasetAbsolute');
  const values = [...scores.values];
  const mean = values.reduce((sum, value) => sum + value) / 400;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400);
  for (const { label, className, count, score, error } of result.classes) {
    const members = values.flatMap((value, index) => (scores.labels[index] === label ? [index] : []));
    const expected = members.reduce((sum, index) => sum + Math.abs(values[index]! - mean) / std, 0) / members.length;
    assertClose(score, expected, `class ${label}, seed ${seed}`);
    assertClose(
      error,
      (100 * members.filter((index) => isError[index]).length) / members.length,
      `error, seed ${seed}`,
    );
    assert.equal([className, count], ['abcde'[label], 80]);
  }
});

test('the correlation is pearson(class scores, class errors)', () => {
  const { scores, isError } = example();
  for (const normalise of ['datasetAbsolute', 'dataset', 'classAbsolute', 'none'] as const) {
    const result = classCorrelation(scores, isError, { normalise });
    const x = result.classes.map(({ score }) => score);
    const y = result.classes.map(({ error }) => error);
    assert.equal(result.pearson, pearson(x, y));
    assert.is(result.normalise, normalise);
  }
});

test("'dataset' is turned to difficulty, 'none' is the score itself; their correlations differ in sign alone", () => {
  const { seed, scores, isError } = example('low');
  const signed = classCorrelation(scores, isError, { normalise: 'dataset' });
  const raw = classCorrelation(scores, isError, { normalise: 'none' });
  assert.equal([signed.hardDirection, raw.hardDirection], ['high', 'low']);
  assert.ok(signed.pearson.r > 0.5, `seed ${seed}, r = ${signed.pearson.r}`);
  assertClose(raw.pearson.r, -signed.pearson.r, `seed ${seed}`, 1e-9);
});

test('|z| folds classes easier than average onto the hard ones; the signed form does not', () => {
  // Three classes, evenly spaced; error rises with difficulty.
  const scores = { values: [0, 0, 1, 1, 2, 2], labels: [0, 0, 1, 1, 2, 2], hardDirection: 'high' as const };
  const isError = [0, 0, 0, 1, 1, 1];
  assertClose(classCorrelation(scores, isError, { normalise: 'dataset' }).pearson.r, 1, 'signed');
  const folded = classCorrelation(scores, isError);
  assert.is(folded.classes[0]!.score, folded.classes[2]!.score);
  assert.ok(Math.abs(folded.pearson.r) < 1e-12);
});

test('classes without examples are left out, and a class without a name goes by its number', () => {
  const scores = { values: [1, 2, 3, 9], labels: [0, 2, 7, 7], hardDirection: 'high' as const, classNames: ['cat'] };
  const { classes } = classCorrelation(scores, [0, 1, 0, 1], { normalise: 'none' });
  assert.equal(
    classes.map(({ label, className }) => [label, className]),
    [
      [0, 'cat'],
      [2, '2'],
      [7, '7'],
    ],
  );
});

test('two classes, no labels, no spread, NaN and unknown forms are refused', () => {
  const scores = { values: [1, 2, 3], labels: [0, 1, 2], hardDirection: 'high' as const };
  assertCode('SAMPLE_TOO_SMALL', () => classCorrelation({ ...scores, labels: [0, 1, 1] }, [0, 1, 0]));
  assertCode('ARGUMENT_INVALID', () => classCorrelation({ ...scores, labels: null }, [0, 1, 0]));
  assertCode('ARGUMENT_INVALID', () => classCorrelation(scores, [0, 0, 0]));
  assertCode('ARGUMENT_INVALID', () => classCorrelation({ ...scores, values: [0.1, 0.1, 0.1] }, [0, 1, 0]));
  assertCode('INPUT_NOT_FINITE', () => classCorrelation({ ...scores, values: [1, NaN, 3] }, [0, 1, 0]));
  assertCode('INPUT_NOT_FINITE', () => classCorrelation({ ...scores, values: [1, Infinity, 3] }, [0, 1, 0]));
  assertCode('LABEL_INVALID', () => classCorrelation({ ...scores, labels: [0, 1, -1] }, [0, 1, 0]));
  assertCode('PROBE_MISMATCH', () => classCorrelation({ ...scores, labels: [0, 1] }, [0, 1, 0]));
  assertCode('PROBE_MISMATCH', () => classCorrelation(scores, [0, 1]));
  assertCode('ARGUMENT_INVALID', () => classCorrelation(scores, [0, 1, 0], { normalise: 'class' as 'none' }));
});

test('scores that are all the same are 0 in every normalisation, whatever the number, how often, and how large', () => {
  for (const value of [0.1, 1 / 3, 0.7, 1e300, -1.7e308, 5e-324, 0]) {
    for (const count of [2, 3, 7, 10, 49, 999]) {
      const labels = Int32Array.from({ length: count }, (_, index) => index % 3);
      const scores = { values: new Float64Array(count).fill(value), labels, hardDirection: 'high' as const };
      for (const normalise of ['datasetAbsolute', 'dataset', 'classAbsolute'] as const) {
        const classes = classDifficulty(scores, new Uint8Array(count), { normalise });
        assert.equal(
          classes.map(({ score }) => Math.abs(score)),
          classes.map(() => 0),
          `${count} times ${value}, ${normalise}`,
        );
      }
    }
  }
});

test('huge and tiny scores keep their z-scores: neither squares nor sums overflow', () => {
  const labels = [0, 0, 1, 1];
  for (const scale of [1, 1e-320, 1e-200, 1e200, 8e307]) {
    const values = Float64Array.of(-2, -1, 1, 2).map((value) => value * scale);
    const scores = { values, labels, hardDirection: 'high' as const };
    const [first, second] = classDifficulty(scores, [0, 0, 1, 1], { normalise: 'dataset' });
    const expected = 1.5 / Math.sqrt(2.5);
    assert.ok(Math.abs(first!.score + expected) < 1e-3, `${scale}: ${first!.score}`);
    assert.ok(Math.abs(second!.score - expected) < 1e-3, `${scale}: ${second!.score}`);
  }
});

test('classes with equal means are tied, though their sums round differently: no correlation is made of it', () => {
  const labels = [0, 0, 0, 1, 1, 1, 2, 2, 2];
  const values = [0.1, 0.2, 0.6, 0.6, 0.2, 0.1, 0.3, 0.3, 0.3];
  const scores = { values, labels, hardDirection: 'high' as const };
  for (const normalise of ['none', 'dataset'] as const) {
    assertCode('ARGUMENT_INVALID', () => classCorrelation(scores, [1, 0, 0, 1, 1, 0, 0, 0, 0], { normalise }));
  }
});

test('a label of two milliards takes no memory', () => {
  const scores = { values: [1, 2, 3, 5], labels: [0, 2e9, 2e9, 7], hardDirection: 'high' as const };
  assert.equal(
    classDifficulty(scores, [0, 1, 1, 0]).map(({ label, count }) => [label, count]),
    [
      [0, 1],
      [7, 1],
      [2e9, 2],
    ],
  );
});

test.run();
