import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agreesWithNumPy, firstBackend, golden, keepsLaws } from '../golden.test.helper.js';
import { assertClose, CLOSED, columnsOf, HALF, type Rows, SURE } from '../runs.test.helper.js';
import { entropy } from './entropy.js';

const test = suite('entropy');
test.before.each(firstBackend);

agreesWithNumPy(test, golden(import.meta.url, 'entropy'), () => [entropy()]);
keepsLaws(
  test,
  () => entropy(),
  () => entropy({ at: 'last' }),
);

const valuesOf = async (labels: number[], ...checkpoints: Rows[]): Promise<number[]> =>
  (await columnsOf(entropy(), labels, checkpoints, { chunkSize: 1 }))['entropy']!;

test('p = (1/2, 1/4, 1/4) has 1.5 log 2 nats, whatever the label', async () => {
  assertClose(await valuesOf([0, 1], [HALF, HALF]), [1.5 * Math.log(2), 1.5 * Math.log(2)], 'entropy');
});

test('a probability of exactly 0 adds 0, by underflow or by a logit of minus infinity', async () => {
  assert.equal(await valuesOf([0, 1], [SURE, SURE]), [0, 0]);
  assertClose(await valuesOf([0], [CLOSED]), [Math.log(2)], 'entropy');
});

test.run();
