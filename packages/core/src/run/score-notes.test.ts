// What a reader of one column of scores is told.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noFindings } from './findings.js';
import { scoreNotes } from './score-notes.js';

const test = suite('notes of scores');
const notesOf = (checkpoints: number, ...values: number[]): string[] =>
  scoreNotes({
    findings: noFindings(),
    metric: { name: 'vog', notes: [], readsGradients: true },
    segments: ['complete'],
    checkpoints,
    values: Float32Array.from(values),
  });

test('after one checkpoint a score of changes is missing for all, and the note says what it needs', () => {
  assert.equal(notesOf(1, Number.NaN, Number.NaN), [
    '2 of 2 examples have no score (NaN) after 1 checkpoint: give it two.',
  ]);
  assert.equal(notesOf(3, Number.NaN, Number.NaN), ['2 of 2 examples have no score (NaN) after 3 checkpoints.']);
  assert.equal(notesOf(2, 1, 2), []);
});

test('where all tie at 0, it is asked whether the weights moved; some may have been lost by float32', () => {
  assert.match(
    notesOf(3, 0, 0, 0).join(),
    /^All 3 examples tie at 0: were the weights the same .*Await each checkpoint/,
  );
  assert.equal(notesOf(3, 0, 0, 1), ['2 of 3 examples tie at 0, perhaps by underflow.']);
});

test.run();
