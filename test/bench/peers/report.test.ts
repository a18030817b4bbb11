import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Row } from './measure.js';
import { agreementOf, caseTable, speedRatio, verdicts, withReport } from './report.js';

const NAMES = { native: 'ours', references: ['PyTorch', 'JAX'], datagnosis: 'Datagnosis' };
const BY_WALL = { atLeast: 0.9, by: 'wall' } as const;
const MIB = 2 ** 20;

function row(name: string, seconds: readonly number[], peaks: readonly number[] | null = null): Row {
  const memory = peaks && { baseline: 0, peaks: peaks.map((peak) => peak * MIB), disk: 0 };
  return { name, seconds, processorSeconds: seconds.map((each) => each / 4), scores: [1, 2, 3], memory, ready: '' };
}

test('agreement: the same order has Spearman 1; the largest difference is relative to the reference', () => {
  const { spearman, largest } = agreementOf([1.1, 2, 4], [1, 2, 4]);
  assert.is(spearman, 1);
  assert.ok(Math.abs(largest - 0.1) < 1e-12);
  assert.is(agreementOf([3, 2, 1], [1, 2, 3]).spearman, -1);
});

test('agreement: two zeros agree, a score beside a zero is infinitely far, other lengths are refused', () => {
  assert.is(agreementOf([0, 1, 2], [0, 1, 2]).largest, 0);
  assert.is(agreementOf([1e-9, 1, 2], [0, 1, 2]).largest, Infinity);
  assert.throws(() => agreementOf([1], [1, 2]), /1 scores and 2/);
});

test('speed is compared within a round: a peer that sat out later rounds is not set against them', () => {
  const slow = row('slow', [10]);
  assert.equal(speedRatio(slow, row('ours', [1, 100, 100])), { median: 0.1, min: 0.1, max: 0.1 });
  assert.equal(speedRatio(row('ours', [1, 100, 100]), slow), { median: 10, min: 10, max: 10 });
});

test('the table has a line for each row, ours with ratio 1 and no agreement with itself', () => {
  const ours = row('ours', [2, 2], [10, 10]);
  const lines = caseTable([ours, row('PyTorch', [1, 1])], ours, 100).split('\n');
  assert.is(lines.length, 3);
  assert.match(lines[1]!, /^ours +1\.000 +1\.000 - 1\.000 +50 +5000.0 +0 +10\.0 +10\.0 +- +-$/);
  assert.match(lines[2]!, /^PyTorch +2\.000 +2\.000 - 2\.000 +100 +2500.0 +- +- +- +1\.0000 +0\.0e\+0$/);
});

test('every target is judged, met and missed', () => {
  const judge = (...rows: Row[]) => verdicts(rows, NAMES, BY_WALL).map(({ met }) => met);
  const good = [row('ours', [1], [10, 10.5]), row('PyTorch', [0.91], null), row('Datagnosis', [11], [90, 300])];
  assert.equal(judge(...good), [true, true, true, true]);
  const bad = [row('ours', [1], [10, 19]), row('PyTorch', [0.89], null), row('Datagnosis', [9], [90, 200])];
  assert.equal(judge(...bad), [false, false, false, false]);
});

test('a target whose rows are absent is not judged', () => {
  assert.equal(verdicts([row('PyTorch', [1])], NAMES, BY_WALL), []);
  const both = [row('ours', [1]), row('PyTorch', [1])];
  assert.is(verdicts(both, NAMES, BY_WALL).length, 1);
});

test('speed is judged by the fastest reference, by the wall or by the processor', () => {
  const rows = [row('ours', [1]), row('PyTorch', [2]), { ...row('JAX', [1.2]), processorSeconds: [4] }];
  assert.match(
    verdicts(rows, NAMES, BY_WALL)[0]!.text,
    /at least 0.9 of JAX, the fastest of 2, by the wall: 1.20, met/,
  );
  const byProcessor = verdicts(rows, NAMES, { atLeast: 2.5, by: 'processor' })[0]!;
  assert.match(byProcessor.text, /at least 2.5 of PyTorch, the fastest of 2, by the processor: 2.00, MISSED/);
});

test('a report replaces what stands between its markers, and nothing else', () => {
  const [begin, end] = ['<!-- peers: written by `pnpm bench peers --write` -->', '<!-- /peers -->'];
  const document = `before\n${begin}\nold\n${end}\nafter\n`;
  const written = withReport(document, 'new');
  assert.is(written, `before\n${begin}\n\nnew\n\n${end}\nafter\n`);
  assert.is(withReport(written, 'new'), written);
  assert.throws(() => withReport('no markers', 'new'), /needs a line <!-- peers/);
});

test.run();
