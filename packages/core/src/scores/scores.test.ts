import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from '@vogjs/base';
import { forRandomInputs } from '@vogjs/testing';
import { randomScores, scoresOf } from './properties.test.helper.js';
import { Scores, type Normalisation } from './scores.js';
import type { HardDirection, ScoresInit } from './facts.js';

const coded = (code: string, part: RegExp) => (error: unknown) =>
  error instanceof VogError && error.code === code && part.test(error.message);

test('hardest and easiest follow the direction: the largest value is hard, or the smallest', () => {
  const values = [0.5, 2, 1];
  const high = scoresOf(values);
  const low = scoresOf(values, { hardDirection: 'low' });
  assert.equal(
    high.hardest(3).map(({ index }) => index),
    [1, 2, 0],
  );
  assert.equal(
    high.easiest(3).map(({ index }) => index),
    [0, 2, 1],
  );
  assert.equal(
    low.hardest(3).map(({ index }) => index),
    [0, 2, 1],
  );
  assert.equal(
    low.easiest(3).map(({ index }) => index),
    [1, 2, 0],
  );
});

test('ranking() = a slow reference: stable on ties, NaN last, infinities by their sign', () => {
  forRandomInputs(200, (random) => {
    const scores = randomScores(random);
    const sign = scores.hardDirection === 'high' ? 1 : -1;
    // Insertion in probe order: an example goes before the first one that is strictly easier.
    const reference: number[] = [];
    for (const [index, value] of scores.values.entries()) {
      const easier = reference.findIndex((other) => {
        const theirs = scores.values[other]!;
        return !Number.isNaN(value) && (Number.isNaN(theirs) || sign * value > sign * theirs);
      });
      reference.splice(easier === -1 ? reference.length : easier, 0, index);
    }
    assert.equal([...scores.ranking()], reference);
  });
});

test('percentiles() = 100 (easier + tied / 2) / n, whichever direction is hard', () => {
  forRandomInputs(200, (random) => {
    const scores = randomScores(random);
    const sign = scores.hardDirection === 'high' ? 1 : -1;
    const ranked = [...scores.values].filter((value) => !Number.isNaN(value)).map((value) => sign * value);
    const percentiles = scores.percentiles();
    for (const [index, value] of scores.values.entries()) {
      const easier = ranked.filter((other) => other < sign * value).length;
      const tied = ranked.filter((other) => other === sign * value).length;
      const expected = Number.isNaN(value) ? Number.NaN : Math.fround((100 * (easier + tied / 2)) / ranked.length);
      assert.ok(Object.is(percentiles[index], expected), `example ${index}: ${percentiles[index]}, not ${expected}`);
    }
  });
});

test('percentiles of SciPy: percentileofscore([1, 2, 3, 3, 4], 3, kind="mean") = 60', () => {
  assert.equal(scoresOf([1, 2, 3, 3, 4]).percentiles(), Float32Array.of(10, 30, 60, 60, 90));
});

test('turning the direction and the sign of every value changes no ranking and no percentile', () => {
  forRandomInputs(100, (random) => {
    const scores = randomScores(random);
    const turned = new Scores({
      ...scores,
      values: scores.values.map((value) => -value),
      hardDirection: scores.hardDirection === 'high' ? 'low' : 'high',
    });
    assert.equal(turned.ranking(), scores.ranking());
    assert.equal([...turned.percentiles()], [...scores.percentiles()]);
  });
});

test('hardest(N) has ranks 1, 2, …, easiest(N) is its reverse, and neither names one without a score', () => {
  forRandomInputs(100, (random) => {
    const scores = randomScores(random);
    const size = scores.values.length;
    const scored = [...scores.values].filter((value) => !Number.isNaN(value)).length;
    const hardest = scores.hardest(size);
    assert.equal(
      hardest.map(({ rank }) => rank),
      Array.from({ length: scored }, (_, position) => position + 1),
    );
    assert.ok(hardest.every(({ value, percentile }) => !Number.isNaN(value) && !Number.isNaN(percentile)));
    assert.equal(scores.easiest(size), hardest.toReversed());
    const few = random.integer(size + 1);
    assert.equal(scores.easiest(few), scores.easiest(size).slice(0, few));
    assert.equal(scores.hardest(few), hardest.slice(0, few));
    assert.equal(scores.hardest(size + 5), hardest);
  });
});

test('scores that are all NaN name nobody, give no percentile and no rank', () => {
  const none = scoresOf([Number.NaN, Number.NaN]);
  assert.equal([none.hardest(1), none.easiest(1)], [[], []]);
  assert.ok(none.percentiles().every(Number.isNaN));
  assert.is(none.toCsv(), 'id,label,vog,percentile,rank\r\n0,,NaN,NaN,\r\n1,,NaN,NaN,\r\n');
});

test("ids 1 and '1' are one id: files cannot tell them apart", () => {
  for (const ids of [
    [1, '1'],
    [0, -0],
  ]) {
    assert.throws(
      () => scoresOf([0.5, 0.25], { ids }),
      (error: unknown) => error instanceof VogError && error.code === 'IDS_DUPLICATE',
    );
  }
});

test('an example carries its id, label, class, value and percentile', () => {
  const scores = scoresOf([0.25, 0.1], { ids: ['a', 'b'], labels: Int32Array.of(1, 0), classNames: ['cat', 'dog'] });
  assert.equal(scores.hardest(1), [
    { rank: 1, index: 0, id: 'a', label: 1, className: 'dog', value: 0.25, percentile: 75 },
  ]);
  assert.equal(scores.easiest(1), [
    { rank: 2, index: 1, id: 'b', label: 0, className: 'cat', value: 0.1, percentile: 25 },
  ]);
  assert.equal(scoresOf([1]).hardest(1), [
    { rank: 1, index: 0, id: 0, label: null, className: null, value: 1, percentile: 50 },
  ]);
});

test('Math.fround(value) of an example = its value in `values`', () => {
  forRandomInputs(50, (random) => {
    const scale = 10 ** (random.integer(60) - 30);
    const scores = scoresOf(Array.from({ length: 50 }, () => random.normal() * scale));
    for (const { index, value } of scores.hardest(50)) assert.is(Math.fround(value), scores.values[index]);
  });
});

test('console.table(hardest(n)) shows short numbers', () => {
  const output = new PassThrough();
  new Console(output).table(scoresOf([0.1, 0.7, 0.3], { ids: ['x', 'y', 'z'] }).hardest(2));
  const lines = String(output.read()).trimEnd().split('\n');
  assert.match(lines[1]!, /rank.*index.*id.*label.*className.*value.*percentile/);
  assert.match(lines[3]!, / 1 +│ +1 +│ +'y' +│ +null +│ +null +│ +0\.7 +│ +83\.333336 +│$/);
  assert.is(lines.length, 6);
});

test('ranking() is a copy: writing into it changes nothing', () => {
  const scores = scoresOf([1, 2, 3]);
  scores.ranking().fill(0);
  assert.equal(scores.ranking(), Int32Array.of(2, 1, 0));
});

const REFUSED: readonly (readonly [string, Partial<ScoresInit>, string, RegExp])[] = [
  ['values of another type', { values: [1, 2] as unknown as Float32Array }, 'ARGUMENT_INVALID', /Float32Array/],
  ['no values', { values: new Float32Array(), ids: [] }, 'PROBE_EMPTY', /at least one/],
  ['too few ids', { ids: ['a'] }, 'INPUT_SHAPE', /ids has length 1, and values 2/],
  ['too many labels', { labels: new Int32Array(3) }, 'INPUT_SHAPE', /labels has length 3, and values 2/],
  ['an id twice', { ids: ['a', 'a'] }, 'IDS_DUPLICATE', /"a" is given twice/],
  ['an id that is NaN', { ids: [Number.NaN, 1] }, 'ARGUMENT_INVALID', /id 0 is NaN/],
  ['a negative label', { labels: Int32Array.of(0, -1) }, 'LABEL_INVALID', /label -1 of example 1/],
  ['a label without a name', { labels: Int32Array.of(2, 0), classNames: ['a', 'b'] }, 'LABEL_INVALID', /0 to 1/],
  ['a direction that is none', { hardDirection: 'up' as HardDirection }, 'ARGUMENT_INVALID', /'high' or 'low'/],
  ['half a checkpoint', { checkpoints: 0.5 }, 'ARGUMENT_INVALID', /checkpoints is 0.5/],
];
for (const [name, more, code, part] of REFUSED) {
  test(`${name}: ${code}`, () => {
    assert.throws(() => scoresOf([1, 2], more), coded(code, part));
  });
}

test('a count of examples that is not a whole number, and an unknown normalisation: ARGUMENT_INVALID', () => {
  const scores = scoresOf([1, 2]);
  for (const n of [-1, 0.5, Number.NaN]) {
    assert.throws(() => scores.hardest(n), coded('ARGUMENT_INVALID', /whole number/));
    assert.throws(() => scores.easiest(n), coded('ARGUMENT_INVALID', /whole number/));
  }
  assert.throws(() => scores.normalise('mean' as Normalisation), coded('ARGUMENT_INVALID', /'classAbsolute'/));
});

test.run();
