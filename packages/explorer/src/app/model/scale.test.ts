import { seededRandom } from '@vogjs/base';
import { runSeed } from '@vogjs/testing';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BINS, binsOf, countBins, placeOf, placesOf, rangeBetween, scaleOf } from './scale.js';

const seed = runSeed();
const random = seededRandom(seed);
const N = 2000;
const values = Float32Array.from({ length: N }, () => random.normal());
values.set([Number.NaN, Infinity, -Infinity, 1e30], 100);

test(`every value that is a number is in one bin, extreme ones at the ends (SEED=${seed})`, () => {
  for (const highIsHard of [true, false]) {
    const scale = scaleOf(values, highIsHard)!;
    const counts = countBins(binsOf(scale, values), null);
    assert.is(
      counts.reduce((sum, count) => sum + count, 0),
      N - 1,
    );
    assert.ok(Math.abs(scale.hardest - scale.easiest) < 10, 'one value of 1e30 does not stretch the axis');
    assert.is(placeOf(scale, 1e30), Number(highIsHard));
    assert.is(scale.hardest > scale.easiest, highIsHard);
  }
});

test(`a range between two edges holds what its bins count, but for values that rounding moves (SEED=${seed})`, () => {
  for (const highIsHard of [true, false]) {
    const scale = scaleOf(values, highIsHard)!;
    const counts = countBins(binsOf(scale, values), null);
    const [a, b] = [random.integer(BINS), random.integer(BINS)];
    const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
    const range = rangeBetween(scale, 'vog', to / BINS, from / BINS);
    if (range === null) continue;
    const within = values.filter((value) => value >= range.low && value <= range.high).length;
    const counted = counts.slice(from, to).reduce((sum, count) => sum + count, 0);
    assert.ok(Math.abs(within - counted) <= 2, `${within} in the range, ${counted} in bins ${from} to ${to}`);
    const places = placesOf(scale, range).map((place) => Math.round(place * BINS));
    assert.equal(places, [from, to], 'the sliders stand where they were put');
  }
});

test('a range of the whole axis is none, and values that do not differ have no axis', () => {
  assert.is(rangeBetween(scaleOf(values, true)!, 'vog', 0, 1), null);
  assert.is(scaleOf(Float32Array.of(2, 2, Number.NaN, Infinity), true), null);
  assert.is(scaleOf(new Float32Array(), true), null);
  // Nearly all are the same: the axis holds those that are not.
  const rare = new Float32Array(5000);
  rare[7] = 3;
  assert.equal(scaleOf(rare, true), { easiest: 0, hardest: 3 });
});

test.run();
