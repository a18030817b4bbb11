import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decimalText, shortestDecimal } from './decimal.js';
import { seededRandom } from './random.js';

const test = suite('decimal');

test('a float32 read back from its text has the same bits, and -0 its sign', () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = seededRandom(seed);
  const bits = Uint32Array.from({ length: 5000 }, () => random.integer(2 ** 32));
  const values = [...new Float32Array(bits.buffer), -0, 0, Infinity, -Infinity, 2 ** 24 + 2, 2 ** 40];
  for (const value of values) {
    const read = Math.fround(Number(decimalText(value)));
    assert.ok(Object.is(read, value) || Number.isNaN(value), `seed ${seed}: ${value} reads back as ${read}`);
  }
});

test('no digit more than it takes', () => {
  const texts = [0.1, 1e-7, 1 / 3, 83.333336, 2.5].map((value) => decimalText(Math.fround(value)));
  assert.equal(texts, ['0.1', '1e-7', '0.33333334', '83.333336', '2.5']);
  assert.ok(Number.isNaN(shortestDecimal(Number.NaN)));
});

test.run();
