import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from '@vogjs/base';
import { gaussianNoise } from './gaussian-noise.js';

const coded = (code: string) => (error: unknown) => error instanceof VogError && error.code === code;

test('gaussianNoise is N(0.5, 1) clipped to [0, 1]: its two point masses and its mean', () => {
  const seed = Math.floor(Math.random() * 2 ** 40);
  const { data, shape } = gaussianNoise({ size: 20, shape: [32, 32, 3], seed });
  assert.equal(shape, [20, 32, 32, 3]);
  assert.is(data.length, 20 * 3072);
  assert.ok(
    data.every((value) => value >= 0 && value <= 1),
    `seed ${seed}`,
  );
  // P(N(0.5, 1) < 0) = P(N(0.5, 1) > 1) = Phi(-0.5) = 0.3085375387; bounds of six standard deviations.
  const tail = 0.3085375387;
  const bound = 6 * Math.sqrt((tail * (1 - tail)) / data.length);
  for (const end of [0, 1]) {
    const share = data.filter((value) => value === end).length / data.length;
    assert.ok(Math.abs(share - tail) < bound, `share of ${end}: ${share}, seed ${seed}`);
  }
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  assert.ok(Math.abs(mean - 0.5) < 6 * Math.sqrt(0.25 / data.length), `mean ${mean}, seed ${seed}`);
});

test('gaussianNoise: equal seeds give equal images, others give others, and more images start with the same', () => {
  const noise = (size: number, seed: number): Float32Array => gaussianNoise({ size, shape: [4, 4], seed }).data;
  assert.equal(noise(3, 7), noise(3, 7));
  assert.not.equal(noise(3, 7), noise(3, 8));
  assert.equal(noise(5, 7).slice(0, 48), noise(3, 7));
});

test('gaussianNoise refuses a size, shape or seed that is not a whole number', () => {
  for (const size of [-1, 0.5, Number.NaN]) {
    assert.throws(() => gaussianNoise({ size, shape: [2], seed: 1 }), coded('ARGUMENT_INVALID'));
  }
  assert.throws(() => gaussianNoise({ size: 1, shape: [2, -1], seed: 1 }), coded('INPUT_SHAPE'));
  assert.throws(() => gaussianNoise({ size: 1, shape: [2], seed: 0.5 }), coded('ARGUMENT_INVALID'));
});

test('gaussianNoise refuses what is no options, an option that nothing reads, and more than an array holds', () => {
  const call = gaussianNoise as (...args: unknown[]) => unknown;
  const sound = { size: 1, shape: [2], seed: 1 };
  for (const options of [
    undefined,
    null,
    3,
    'x',
    { ...sound, mean: 0 },
    { ...sound, size: '1' },
    { ...sound, seed: 1n },
  ]) {
    assert.throws(() => call(options), coded('ARGUMENT_INVALID'));
  }
  for (const shape of [undefined, null, 32, '32', [1n], [[2]], ['2']]) {
    assert.throws(() => call({ ...sound, shape }), coded('INPUT_SHAPE'));
  }
  assert.throws(() => call({ ...sound, shape: [2 ** 40] }), coded('ARGUMENT_INVALID'));
});

test.run();
