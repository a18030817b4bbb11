import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agreesWithNumPy, assertRefused, firstBackend, golden, keepsLaws } from '../golden.test.helper.js';
import { assertClose, CLOSED, columnsOf, EVEN, HALF, type Rows, SURE } from '../runs.test.helper.js';
import { aum } from './aum.js';

const test = suite('aum');
test.before.each(firstBackend);

agreesWithNumPy(test, golden(import.meta.url, 'aum'), () => [aum()]);
keepsLaws(test, () => aum());

const valuesOf = async (labels: number[], ...checkpoints: Rows[]): Promise<number[]> =>
  (await columnsOf(aum(), labels, checkpoints, { chunkSize: 1 }))['aum']!;

test('one checkpoint of p = (1/2, 1/4, 1/4), labels 0 and 1', async () => {
  assertClose(await valuesOf([0, 1], [HALF, HALF]), [Math.log(2), -Math.log(2)], 'aum');
});

test('it is the mean over checkpoints', async () => {
  assertClose(await valuesOf([0], [HALF], [[0, 0, Math.log(2)]]), [0], 'aum', { floor: 1 });
});

test('it is of the logits, where probabilities underflow or one is closed', async () => {
  assert.equal(await valuesOf([0, 1], [SURE, SURE]), [200, -200]);
  assert.equal(await valuesOf([0], [CLOSED]), [0]);
});

test('ties have the margin 0', async () => {
  assert.equal(await valuesOf([0, 1], EVEN), [0, 0]);
});

test('it is a mean: it has no option `at`', () => {
  assertRefused([() => aum({ at: 'last' } as never), /aum: unknown option 'at'\. Known: name\./]);
});

test.run();
