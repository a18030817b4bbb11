// Only with --all: one metric takes seconds; together.test.ts runs them all
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agreesWithNumPy, firstBackend, golden, keepsLaws } from '../golden.test.helper.js';
import { assertClose, columnsOf, CONFIDENT, HALF, type Rows, SURE } from '../runs.test.helper.js';
import { dataIq } from './data-iq.js';
import { dataIqGroups } from './groups.js';

const test = suite('Data-IQ');
test.before.each(firstBackend);

agreesWithNumPy(test, golden(import.meta.url, 'data-iq'), () => [dataIq()]);
keepsLaws(test, () => dataIq());

const columnsAt = (labels: number[], rows: Rows) => columnsOf(dataIq(), labels, [rows], { chunkSize: 1 });

test('one checkpoint of p = (1/2, 1/4, 1/4), labels 0 and 1', async () => {
  const { aleatoric, confidence } = await columnsAt([0, 1], [HALF, HALF]);
  assertClose(aleatoric!, [1 / 4, 3 / 16], 'aleatoric');
  assertClose(confidence!, [1 / 2, 1 / 4], 'confidence');
});

test('a sure prediction is not aleatoric, and an all but sure one keeps its digits: 1 - p is never formed', async () => {
  assert.equal((await columnsAt([0, 1], [SURE, SURE]))['aleatoric'], [0, 0]);
  assertClose((await columnsAt([0], [CONFIDENT]))['aleatoric']!, [Math.exp(-30)], 'aleatoric');
});

test('groups at the published thresholds; options move them; NaN is refused', () => {
  const columns = { aleatoric: [0.01, 0.02, 0.24, 0.2], confidence: [0.9, 0.1, 0.5, 0.8] };
  assert.equal(dataIqGroups(columns), ['easy', 'hard', 'ambiguous', 'ambiguous']);
  assert.equal(dataIqGroups(columns, { percentile: 100 }), ['easy', 'hard', 'ambiguous', 'easy']);
  assert.throws(() => dataIqGroups({ aleatoric: [NaN], confidence: [1] }), /NaN/);
  assert.throws(() => dataIqGroups(columns, { easy: 0.2, hard: 0.3 }), /hard < easy/);
});

test.run();
