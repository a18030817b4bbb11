import { epochs } from '@vogjs/core';
import { suite } from 'uvu';
import { agreesWithNumPy, assertRefused, firstBackend, golden, keepsLaws } from '../golden.test.helper.js';
import { assertClose, CLOSED, columnsOf, CONFIDENT, HALF, type Rows, SURE } from '../runs.test.helper.js';
import { el2n, type El2nOptions } from './el2n.js';

const test = suite('el2n');
test.before.each(firstBackend);

agreesWithNumPy(test, golden(import.meta.url, 'el2n'), () => [el2n(), el2n({ name: 'el2n-last', at: 'last' })]);
keepsLaws(
  test,
  () => el2n(),
  () => el2n({ at: 'last' }),
);

const valuesOf = async (labels: number[], checkpoints: Rows[], options?: El2nOptions): Promise<number[]> =>
  (await columnsOf(el2n(options), labels, checkpoints, { chunkSize: 1 }))['el2n']!;

test('one checkpoint of p = (1/2, 1/4, 1/4), labels 0 and 1', async () => {
  const expected = [Math.sqrt(1 / 4 + 1 / 16 + 1 / 16), Math.sqrt(1 / 4 + 9 / 16 + 1 / 16)];
  assertClose(await valuesOf([0, 1], [[HALF, HALF]]), expected, 'el2n');
});

test('at the last checkpoint it is that of the last, through windows too', async () => {
  const options = { windows: { early: epochs(0, 1) } };
  const { el2n: values } = await columnsOf(el2n({ at: 'last' }), [0], [[SURE], [HALF]], options);
  assertClose(values!, [Math.sqrt(3 / 8)], 'el2n');
});

test('a probability of exactly 0 puts the wrong label at the far end; a logit of minus infinity spoils nothing', async () => {
  assertClose(await valuesOf([0, 1], [[SURE, SURE]]), [0, Math.SQRT2], 'underflow');
  assertClose(await valuesOf([0], [[CLOSED]]), [Math.SQRT1_2], 'minus infinity');
});

test('a confident example keeps its digits: 1 - p is never formed', async () => {
  assertClose(await valuesOf([0], [[CONFIDENT]]), [Math.SQRT2 * Math.exp(-30)], 'el2n');
});

test('values that an option does not have are refused', () => {
  assertRefused([() => el2n({ at: 'first' as never }), /el2n: at must be 'mean' or 'last'; got "first"\./]);
});

test.run();
