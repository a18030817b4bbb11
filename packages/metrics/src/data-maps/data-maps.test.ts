import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agreesWithNumPy, firstBackend, golden, keepsLaws } from '../golden.test.helper.js';
import { assertClose, columnsOf, EVEN, HALF, type Rows } from '../runs.test.helper.js';
import { dataMaps } from './data-maps.js';

const test = suite('data maps');
test.before.each(firstBackend);

agreesWithNumPy(test, golden(import.meta.url, 'data-maps'), () => [dataMaps()]);
keepsLaws(test, () => dataMaps());

const columnsAt = (labels: number[], ...checkpoints: Rows[]) =>
  columnsOf(dataMaps(), labels, checkpoints, { chunkSize: 1 });

test('one checkpoint has no variability', async () => {
  const { variability, correctness } = await columnsAt([0, 1], [HALF, HALF]);
  assert.equal(variability, [NaN, NaN]);
  assert.equal(correctness, [1, 0]);
});

test('confidence is the mean over checkpoints, variability the population deviation', async () => {
  const { confidence, variability, correctness } = await columnsAt([0], [HALF], [[0, 0, Math.log(2)]]);
  assertClose(confidence!, [3 / 8], 'confidence');
  assertClose(variability!, [1 / 8], 'variability');
  assert.equal(correctness, [1 / 2]);
});

test('the first of equal logits is the prediction', async () => {
  assert.equal((await columnsAt([0, 1], EVEN))['correctness'], [1, 0]);
});

test.run();
