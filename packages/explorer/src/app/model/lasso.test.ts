import { seededRandom } from '@vogjs/base';
import { rankAgreement } from '@vogjs/statistics';
import { runSeed } from '@vogjs/testing';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { agreementOf } from './agreement.js';
import { boxOf, decodeLasso, encodeLasso, rowsInside, thinned } from './lasso.js';
import { SortedColumn } from './sorted.js';

const seed = runSeed();
const random = seededRandom(seed);
const N = 1000;
const draw = (): Float32Array => Float32Array.from({ length: N }, () => random.uniform());
const [x, y] = [draw(), draw()];

test(`a triangle holds what lies on the inner side of its three edges (SEED=${seed})`, () => {
  const points = [0.1, 0.1, 0.9, 0.2, 0.4, 0.8];
  const sides = [0, 2, 4].map((at) => {
    const [ax, ay] = [points[at]!, points[at + 1]!];
    const [bx, by] = [points[(at + 2) % 6]!, points[(at + 3) % 6]!];
    return (px: number, py: number) => (bx - ax) * (py - ay) - (by - ay) * (px - ax) > 0;
  });
  const mask = rowsInside({ x, y }, { points });
  for (let row = 0; row < N; row++) {
    assert.is(
      mask[row] === 1,
      sides.every((side) => side(x[row]!, y[row]!)),
      `row ${row}`,
    );
  }
});

test('a box holds its edges, NaN lies in none, and a region that crosses itself leaves out what it winds round twice', () => {
  const places = { x: Float32Array.of(0, 1, 0.5, Number.NaN), y: Float32Array.of(0, 1, 0.5, 0.5) };
  const inBox = (points: readonly number[]): number[] => [...rowsInside(places, { points })];
  assert.equal(inBox(boxOf({ x: 0, y: 0 }, { x: 1, y: 1 })), [1, 1, 1, 0]);
  assert.equal(inBox(boxOf({ x: 1, y: 0.4 }, { x: 0.4, y: 1 })), [0, 1, 1, 0]);
  const once = [0.2, 0.2, 0.8, 0.2, 0.8, 0.8, 0.2, 0.8];
  assert.equal(inBox([...once, ...once]), [0, 0, 0, 0]);
});

test('a long path keeps its shape in few corners, and an address gives the region back', () => {
  const circle = Array.from({ length: 400 }, (_, at) => {
    const angle = (2 * Math.PI * at) / 400;
    return [0.5 + 0.4 * Math.cos(angle), 0.5 + 0.4 * Math.sin(angle)];
  }).flat();
  const points = thinned(circle);
  assert.is(points.length, 96);
  const [before, after] = [circle, points].map((each) => rowsInside({ x, y }, { points: each })) as [
    Uint8Array,
    Uint8Array,
  ];
  // Only rows between the circle and a chord change sides: 48 corners of 400 are nine steps apart at most, and a corner is
  // rounded to thousandths in both directions.
  const deepest = 0.4 * (1 - Math.cos((9 * Math.PI) / 400)) + Math.SQRT1_2 / 1000;
  for (const [row, value] of before.entries()) {
    const away = Math.hypot(x[row]! - 0.5, y[row]! - 0.5) - 0.4;
    assert.ok(value === after[row] || Math.abs(away) <= deepest, `row ${row} changed sides ${away} from the circle`);
  }
  const lasso = { map: 'ranks', across: 'a~b@late', upwards: '100 %', points } as const;
  assert.equal(decodeLasso(encodeLasso(lasso)), [lasso]);
});

test(`agreement is Spearman's, and the overlap of the hardest tenths, as in statistics (SEED=${seed})`, () => {
  const [a, b] = [draw(), draw()];
  for (let row = 0; row < N; row++) b[row] = 0.5 * b[row]! + a[row]!;
  const known = rankAgreement({
    a: { values: a, hardDirection: 'high' },
    b: { values: b, hardDirection: 'low' },
  } as unknown as Parameters<typeof rankAgreement>[0]);
  const { spearman, overlap } = agreementOf(
    new SortedColumn(a).percentiles(true),
    new SortedColumn(b).percentiles(false),
  );
  assert.ok(Math.abs(spearman - known.spearman[0]![1]!) < 1e-5);
  assert.ok(Math.abs(overlap - known.topOverlap[0]![1]!) < 1e-9);
  assert.ok(Number.isNaN(agreementOf(new Float32Array(4).fill(50), a.slice(0, 4)).spearman));
});

test.run();
