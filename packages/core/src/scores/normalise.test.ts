import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from '@vogjs/base';
import { forRandomInputs } from '@vogjs/testing';
import { randomScores, scoresOf } from './properties.test.helper.js';

const classes = { labels: Int32Array.of(0, 0, 1, 1, 1), classNames: ['cat', 'dog'] };

test("normalise('class') = (value - class mean) / class population standard deviation", () => {
  // Class 0: mean 2, deviation 1. Class 1: 0, 3, 6: mean 3, deviation sqrt(6).
  const { values } = scoresOf([1, 3, 0, 3, 6], classes).normalise('class');
  assert.equal(values, Float32Array.of(-1, 1, -3 / Math.sqrt(6), 0, 3 / Math.sqrt(6)));
});

test("normalise('classAbsolute') = |normalise('class')|, high is hard", () => {
  const scores = scoresOf([1, 3, 0, 3, 6], classes);
  const absolute = scores.normalise('classAbsolute');
  assert.equal(absolute.values, scores.normalise('class').values.map(Math.abs));
  assert.is(absolute.hardDirection, 'high');
  assert.not.match(absolute.notes.join(), /'low'/);
});

test("normalise('classAbsolute') of scores where low is hard turns the direction and says so", () => {
  const absolute = scoresOf([1, 3, 0, 3, 6], { ...classes, hardDirection: 'low' }).normalise('classAbsolute');
  assert.is(absolute.hardDirection, 'high');
  assert.match(absolute.notes.join(), /was 'low' and is 'high'/);
});

test("normalise('dataset') = (value - mean) / population standard deviation, labels or none", () => {
  const { values, labels } = scoresOf([0, 3, 6]).normalise('dataset');
  assert.equal(values, Float32Array.of(-3 / Math.sqrt(6), 0, 3 / Math.sqrt(6)));
  assert.is(labels, null);
});

test("normalise('none') is the scores themselves", () => {
  const scores = scoresOf([1, 2]);
  assert.is(scores.normalise('none'), scores);
});

test('a class of one example, or of equal scores, gets 0, and the notes name it', () => {
  const labels = Int32Array.of(0, 1, 1, 2, 2);
  const { values, notes } = scoresOf([5, 0.1, 0.1, 1, 3], { labels, classNames: ['cat', 'dog', 'owl'] }).normalise(
    'class',
  );
  assert.equal(values, Float32Array.of(0, 0, 0, -1, 1));
  assert.is(notes.filter((note) => /one example only: class 0 \(cat\)\./.test(note)).length, 1);
  assert.is(notes.filter((note) => /all values equal: class 1 \(dog\)\./.test(note)).length, 1);
  assert.not.match(notes.join(), /owl/);
});

test('notes name ten such classes and count the rest', () => {
  const labels = Int32Array.from({ length: 25 }, (_, index) => index);
  const { notes } = scoresOf(new Float32Array(25), { labels }).normalise('class');
  assert.match(notes.join(), /class 0, class 1, .*, class 9 and 15 more\./);
});

test('NaN and infinities change no other score, and stay as they are, with a note', () => {
  const scores = scoresOf([1, Number.NaN, 3, Infinity, -Infinity]).normalise('dataset');
  assert.equal([...scores.values], [-1, Number.NaN, 1, Infinity, -Infinity]);
  assert.match(scores.notes.join(), /1 NaN left out/);
  assert.match(scores.notes.join(), /2 infinite left out/);
});

test('earlier notes, names and the originals are kept', () => {
  const scores = scoresOf([1, 3, 0, 3, 6], { ...classes, notes: ['earlier'], hardDirection: 'low' });
  const normalised = scores.normalise('class');
  assert.is(normalised.notes[0], 'earlier');
  assert.equal(scores.values, Float32Array.of(1, 3, 0, 3, 6));
  const { metric, column, window, checkpoints, ids, labels, classNames, hardDirection } = scores;
  for (const [name, value] of Object.entries({
    metric,
    column,
    window,
    checkpoints,
    ids,
    labels,
    classNames,
    hardDirection,
  })) {
    assert.is(normalised[name as 'metric'], value, name);
  }
});

test('after normalise by class, each class has mean 0 and population deviation 1, or is all 0', () => {
  forRandomInputs(200, (random) => {
    const scores = randomScores(random);
    const { values } = scores.normalise('class');
    for (let label = 0; label < 4; label++) {
      const own = [...values].filter((value, index) => scores.labels![index] === label && Number.isFinite(value));
      if (own.length === 0) continue;
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const deviation = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length);
      assert.ok(Math.abs(mean) < 1e-6, `mean ${mean}`);
      assert.ok(own.every((value) => value === 0) || Math.abs(deviation - 1) < 1e-6, `deviation ${deviation}`);
    }
    assert.equal(
      [...values].map((value, index) => Number.isFinite(value) || Object.is(value, scores.values[index])),
      [...values].map(() => true),
    );
  });
});

test('normalise by class keeps the order within a class', () => {
  forRandomInputs(100, (random) => {
    const scores = randomScores(random);
    const within = (order: Int32Array): number[][] =>
      [0, 1, 2, 3].map((label) => [...order].filter((index) => scores.labels![index] === label));
    // A score that float32 rounds onto its neighbour could tie; the values of randomScores are too far apart for that.
    assert.equal(within(scores.normalise('class').ranking()), within(scores.ranking()));
  });
});

test('a normalisation by class without labels is ARGUMENT_INVALID', () => {
  for (const kind of ['class', 'classAbsolute'] as const) {
    assert.throws(
      () => scoresOf([1, 2]).normalise(kind),
      (error: unknown) =>
        error instanceof VogError && error.code === 'ARGUMENT_INVALID' && /dataset/.test(error.message),
    );
  }
});

test.run();
