import { seededRandom } from '@vogjs/base';
import { runSeed } from '@vogjs/testing';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { componentsOf } from './components.js';

const seed = runSeed();
const random = seededRandom(seed);
const [N, SIZE] = [400, 12];

const column = (places: Float32Array, count: number, at: number): number[] =>
  Array.from({ length: places.length / count }, (_, row) => places[row * count + at]!);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const covariance = (a: readonly number[], b: readonly number[]): number => {
  const [x, y] = [mean(a), mean(b)];
  return mean(a.map((value, at) => (value - x) * (b[at]! - y)));
};

/** Rows of length 1 that differ along two axes most: 0.3 along the first, 0.1 along the second, 0.01 along all. */
const data = new Float32Array(N * SIZE);
for (let row = 0; row < N; row++) {
  const own = Array.from({ length: SIZE }, () => 0.01 * random.normal());
  own[3]! += 1;
  own[7]! += 0.3 * random.normal();
  own[1]! += 0.1 * random.normal();
  const scale = 1 + random.uniform();
  for (const [i, value] of own.entries()) data[row * SIZE + i] = scale * value;
}

test(`components are uncorrelated, of falling spread, and along what differs most (SEED=${seed})`, () => {
  const { places, share } = componentsOf({ data, examples: N, size: SIZE }, 3);
  const [first, second, third] = [0, 1, 2].map((at) => column(places, 3, at)) as [number[], number[], number[]];
  const spreads = [first, second, third].map((values) => covariance(values, values));
  assert.ok(spreads[0]! > spreads[1]! && spreads[1]! > spreads[2]!, spreads.join());
  for (const [a, b] of [
    [first, second],
    [first, third],
    [second, third],
  ] as const) {
    assert.ok(Math.abs(covariance(a, b)) < 1e-4 * spreads[0]!);
  }
  const unit = (i: number): number[] =>
    Array.from({ length: N }, (_, row) => {
      const own = data.subarray(row * SIZE, (row + 1) * SIZE);
      return own[i]! / Math.hypot(...own);
    });
  const correlation = covariance(first, unit(7)) / Math.sqrt(spreads[0]! * covariance(unit(7), unit(7)));
  assert.ok(correlation > 0.98, `${correlation}`);
  const total = Array.from({ length: SIZE }, (_, i) => covariance(unit(i), unit(i))).reduce((sum, each) => sum + each);
  const held = spreads.reduce((sum, each) => sum + each, 0) / total;
  assert.ok(Math.abs(share - held) < 1e-4, `${share} is told, ${held} is held`);
});

test('a row of zeros, of NaN and of infinities is on no map, and the others are', () => {
  const hurt = data.slice();
  hurt.fill(0, 0, SIZE);
  hurt[SIZE] = Number.NaN;
  hurt[2 * SIZE] = Infinity;
  const { places } = componentsOf({ data: hurt, examples: N, size: SIZE }, 2);
  assert.ok(places.subarray(0, 6).every(Number.isNaN));
  assert.ok(places.subarray(6).every(Number.isFinite));
});

test('rows that do not differ, a single one, none, and fewer features than components lie somewhere', () => {
  const same = componentsOf({ data: new Float32Array(5 * SIZE).fill(2), examples: 5, size: SIZE }, 2);
  assert.ok(same.places.every((place) => Math.abs(place) < 1e-6));
  assert.ok(componentsOf({ data: data.slice(0, SIZE), examples: 1, size: SIZE }, 2).places.every(Number.isFinite));
  assert.ok(componentsOf({ data: new Float32Array(3), examples: 3, size: 1 }, 2).places.every(Number.isNaN));
  const narrow = componentsOf({ data: Float32Array.of(1, -1, 1, -1), examples: 4, size: 1 }, 3);
  assert.equal(
    [...narrow.places].map(Math.abs).map((place) => Number(place.toFixed(6))),
    [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0],
  );
});

test.run();
