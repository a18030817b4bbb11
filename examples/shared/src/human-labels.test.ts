import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { humanLabels } from './human-labels.js';

const test = suite('human labels');

const ROWS = 6;
const ROW_LENGTH = 50_000;

/** A label file in which row r calls image i class (i + r) % 10; the first row is clean. */
const file = Uint8Array.from({ length: ROWS * ROW_LENGTH }, (_, at) => {
  const row = Math.floor(at / ROW_LENGTH);
  return ((at % ROW_LENGTH) + row) % 10;
});
const clean = Int32Array.from({ length: 20 }, (_, i) => i % 10);

test('rows: clean, aggre, worse, random1, random2, random3', () => {
  assert.is(humanLabels(file, 'aggre', clean).given[0], 1);
  assert.is(humanLabels(file, 'worse', clean).given[0], 2);
  assert.is(humanLabels(file, 'random1', clean).given[0], 3);
  assert.equal([...humanLabels(file, 'worse', clean).wrong], new Array(20).fill(1));
});

test('labels of other images, or half a file, are refused', () => {
  const code = (expected: string) => (error: unknown) => error instanceof VogError && error.code === expected;
  assert.throws(() => humanLabels(file, 'aggre', clean.toReversed()), code('PROBE_MISMATCH'));
  assert.throws(() => humanLabels(file.subarray(1), 'aggre', clean), code('FORMAT_INVALID'));
});

test.run();
