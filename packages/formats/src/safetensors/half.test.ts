import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { forRandomInputs } from '@vogjs/testing';
import { type HalfType, narrowToHalves, widenHalves } from './half.js';

const test = suite('half');
const COUNT = 2 ** 16;

/** Every 16-bit pattern, widened. */
function everyHalf(type: HalfType): Float32Array {
  return widenHalves(type, new Uint8Array(Uint16Array.from({ length: COUNT }, (_, i) => i).buffer), COUNT);
}

/** What the standard says a pattern is worth, in float64. */
function valueOf(pattern: number, exponentBits: number): number {
  const fractionBits = 15 - exponentBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = pattern >= 2 ** 15 ? -1 : 1;
  const exponent = Math.floor((pattern % 2 ** 15) / 2 ** fractionBits);
  const fraction = (pattern % 2 ** fractionBits) / 2 ** fractionBits;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

for (const [type, exponentBits] of [
  ['F16', 5],
  ['BF16', 8],
] as const) {
  test(`all 65,536 patterns of ${type} are worth what IEEE 754 says, with their sign`, () => {
    const wrong = [...everyHalf(type)].flatMap((value, pattern) =>
      Object.is(value, valueOf(pattern, exponentBits)) ? [] : [[pattern, value]],
    );
    assert.equal(wrong, []);
  });
}

for (const type of ['F16', 'BF16'] as const) {
  const all = everyHalf(type);
  // Those that are finite, in order: positive ones count upwards.
  const positive = all.subarray(0, COUNT / 2).filter(Number.isFinite);

  test(`narrow(widen(pattern)) = pattern for each of ${type} that is a number`, () => {
    const back = new Uint16Array(narrowToHalves(type, all).buffer);
    assert.equal(
      [...all].flatMap((value, pattern) => (Number.isNaN(value) || back[pattern] === pattern ? [] : [pattern])),
      [],
    );
    assert.ok(widenHalves(type, narrowToHalves(type, all), COUNT).filter(Number.isNaN).length > 0);
  });

  test(`a number between two of ${type} goes to the nearer, from the middle to the even one`, () => {
    const largest = positive.length - 1;
    forRandomInputs(300, (random) => {
      const at = random.integer(largest);
      const [low, high] = [positive[at]!, positive[at + 1]!];
      const share = [0.5, 0.25, 0.75, random.uniform()][random.integer(4)]!;
      const value = Math.fround(low + share * (high - low));
      const [down, up] = [value - low, high - value];
      const expected = down < up || (down === up && at % 2 === 0) ? at : at + 1;
      for (const sign of [1, -1]) {
        const [got] = new Uint16Array(narrowToHalves(type, Float32Array.of(sign * value)).buffer);
        assert.is(got, expected + (sign === 1 ? 0 : 2 ** 15), `${sign * value}`);
      }
    });
  });

  test(`beyond the middle after the largest of ${type} is infinity; infinity stays, NaN stays NaN`, () => {
    const [last, before] = [positive.at(-1)!, positive.at(-2)!];
    const middle = last + (last - before) / 2;
    const given = Float32Array.of(middle, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, last);
    const read = widenHalves(type, narrowToHalves(type, given), 5);
    assert.equal(
      [...read],
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, last],
    );
  });
}

test('a NaN keeps its sign and the bits of its fraction', () => {
  const [nan] = new Uint32Array(widenHalves('F16', Uint8Array.of(0x01, 0xfe), 1).buffer);
  assert.is(nan, 0xff_c0_20_00);
  const [other] = new Uint32Array(widenHalves('BF16', Uint8Array.of(0x01, 0xff), 1).buffer);
  assert.is(other, 0xff_01_00_00);
});

test.run();
