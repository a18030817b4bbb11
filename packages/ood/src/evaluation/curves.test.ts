import { seededRandom } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CurvePoint, distanceTo, oodCurves } from './curves.js';
import { evaluateOod } from './evaluation.js';
import { assertClose, assertCode, freshRandom, randomSides } from './ood.test.helper.js';

const test = suite('oodCurves');

/** Every threshold, counted one by one. */
function exactCurves(ins: number[], outs: number[]) {
  const points = [...new Set([...ins, ...outs])].map((cut) => {
    const [tp, fp] = [ins.filter((value) => value >= cut).length, outs.filter((value) => value >= cut).length];
    const [lost, found] = [ins.filter((value) => value <= cut).length, outs.filter((value) => value <= cut).length];
    return {
      roc: { x: fp / outs.length, y: tp / ins.length },
      precisionRecallIn: { x: tp / ins.length, y: tp / (tp + fp) },
      precisionRecallOut: { x: found / outs.length, y: found / (found + lost) },
    };
  });
  return {
    roc: points.map(({ roc }) => roc),
    precisionRecallIn: points.map(({ precisionRecallIn }) => precisionRecallIn),
    precisionRecallOut: points.map(({ precisionRecallOut }) => precisionRecallOut),
  };
}
const names = ['roc', 'precisionRecallIn', 'precisionRecallOut'] as const;
const away = (line: readonly CurvePoint[], point: CurvePoint) =>
  Math.min(...line.slice(1).map((to, index) => distanceTo(line[index]!, to, point)));

/** A point that was left out diagonally from its neighbour was 4 % too far with the first of these. */
for (const { seed, random } of [{ seed: 2_606_063_326, random: seededRandom(2_606_063_326) }, freshRandom()]) {
  test(`every exact point lies within the tolerance of the lines, and every kept point is an exact one (${seed})`, () => {
    for (const [size, tolerance] of [
      [300, 0.002],
      [300, 0.03],
      [5, 0.01],
    ] as const) {
      const { ins, outs } = randomSides(random, size, size + 7);
      const curves = oodCurves(ins, outs, { tolerance });
      const exact = exactCurves(ins, outs);
      for (const name of names) {
        for (const point of exact[name])
          assert.ok(away(curves[name], point) <= tolerance * (1 + 1e-9), `${name}, seed ${seed}`);
        const known = new Set([{ x: 0, y: name === 'roc' ? 0 : 1 }, ...exact[name]].map(({ x, y }) => `${x} ${y}`));
        for (const { x, y } of curves[name]) assert.ok(known.has(`${x} ${y}`), `${name} ${x} ${y}, seed ${seed}`);
      }
    }
  });
}

test('the area under the thinned ROC is the AUROC to the tolerance; curves end where they must', () => {
  const { seed, random } = freshRandom();
  const ins = Float64Array.from({ length: 20_000 }, () => 1 + random.normal());
  const outs = Float64Array.from({ length: 30_000 }, () => random.normal());
  const { roc, precisionRecallIn, precisionRecallOut, base, counts } = oodCurves(ins, outs);
  const area = roc.slice(1).reduce((sum, { x, y }, index) => sum + ((x - roc[index]!.x) * (y + roc[index]!.y)) / 2, 0);
  assertClose(area, evaluateOod(ins, outs).auroc, `seed ${seed}`, 0.002);
  assert.equal(
    [roc[0], roc.at(-1)],
    [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
  );
  assert.equal(
    [precisionRecallIn.at(-1), precisionRecallOut.at(-1)],
    [
      { x: 1, y: 0.4 },
      { x: 1, y: 0.6 },
    ],
  );
  assert.equal(
    [base, counts],
    [
      { in: 0.4, out: 0.6 },
      { in: 20_000, out: 30_000 },
    ],
  );
  for (const line of [roc, precisionRecallIn, precisionRecallOut])
    assert.ok(line.length < 400, `${line.length} points`);
});

test('tolerances and options that cannot be are refused', () => {
  assertCode('ARGUMENT_INVALID', () => oodCurves([1], [0], { tolerance: 0 }));
  assertCode('ARGUMENT_INVALID', () => oodCurves([1], [0], { points: 100 } as object));
  assertCode('INPUT_NOT_FINITE', () => oodCurves([1], [NaN]));
});

test.run();
