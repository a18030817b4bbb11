// Only with --all: it lays out twice
import { seededRandom } from '@vogjs/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { layOut } from './lay-out.js';

/** The same in every run: of some draws a layout may tear a group apart. */
const random = seededRandom(1);
const SIZE = 5;
const GROUPS = 3;

/** Rows around three far corners, in turns. */
const rowsOf = (count: number): Float32Array =>
  Float32Array.from({ length: count * SIZE }, (_, at) => {
    const group = Math.floor(at / SIZE) % GROUPS;
    return (at % SIZE === group ? 10 : 0) + random.normal() / 5;
  });

test("rows that are near lie near: each is nearest to its own group's middle", () => {
  const count = 90;
  const values = rowsOf(count);
  values[7 * SIZE] = Number.NaN;
  const told: number[] = [];
  const places = layOut(values, SIZE, (done) => void told.push(done));
  assert.equal([...places.subarray(14, 16)], [Number.NaN, Number.NaN]);
  const middles = Array.from({ length: GROUPS }, (_, group) => {
    const own = Array.from({ length: count }, (__, row) => row).filter((row) => row % GROUPS === group && row !== 7);
    const mean = (axis: number): number => own.reduce((sum, row) => sum + places[2 * row + axis]!, 0) / own.length;
    return [mean(0), mean(1)] as const;
  });
  for (let row = 0; row < count; row++) {
    if (row === 7) continue;
    const away = middles.map(([x, y]) => Math.hypot(places[2 * row]! - x, places[2 * row + 1]! - y));
    assert.is(away.indexOf(Math.min(...away)), row % GROUPS, `row ${row}`);
  }
  assert.ok(told.every((done, at) => done >= 0 && done <= 1 && done >= (told[at - 1] ?? 0)));
  assert.equal([...layOut(values, SIZE, () => {})], [...places], 'the same each time');
});

test('few rows, none, and equal ones have places or none, and nothing fails', () => {
  for (const count of [0, 1, 3]) {
    const places = layOut(new Float32Array(count * SIZE).fill(1), SIZE, () => {});
    assert.is(places.length, 2 * count);
    assert.ok(places.every((place) => Number.isFinite(place)));
  }
  assert.ok(layOut(new Float32Array(20 * SIZE).fill(1), SIZE, () => {}).every((place) => Number.isFinite(place)));
});

test.run();
