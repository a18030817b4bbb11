import { epochs } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agreesWithNumPy, firstBackend, golden, keepsLaws } from '../golden.test.helper.js';
import { assertClose, columnsOf, EVEN, HALF, type Rows, SURE } from '../runs.test.helper.js';
import { margin } from './margin.js';

const test = suite('margin');
test.before.each(firstBackend);

agreesWithNumPy(test, golden(import.meta.url, 'margin'), () => [margin()]);
keepsLaws(
  test,
  () => margin(),
  () => margin({ at: 'last' }),
);

const valuesOf = async (labels: number[], ...checkpoints: Rows[]): Promise<number[]> =>
  (await columnsOf(margin(), labels, checkpoints, { chunkSize: 1 }))['margin']!;

test('one checkpoint of p = (1/2, 1/4, 1/4), labels 0 and 1', async () => {
  assertClose(await valuesOf([0, 1], [HALF, HALF]), [1 / 4, -1 / 4], 'margin');
});

test('at the last checkpoint it is that of the last, through windows too', async () => {
  const options = { windows: { early: epochs(0, 1) } };
  const { margin: values } = await columnsOf(margin({ at: 'last' }), [0], [[SURE], [HALF]], options);
  assertClose(values!, [1 / 4], 'margin');
});

test('a probability of exactly 0 leaves it finite, and ties have the margin 0', async () => {
  assert.equal(await valuesOf([0, 1], [SURE, SURE]), [1, -1]);
  assert.equal(await valuesOf([0, 1], EVEN), [0, 0]);
});

test.run();
