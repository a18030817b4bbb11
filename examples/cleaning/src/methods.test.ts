import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Labelled } from './data.js';
import { METHODS, type Shown } from './methods.js';
import { addNoise } from './noise.js';
import { findingOf, type Suspects } from './suspects.js';

const test = suite('cleaning methods');

const data: Labelled = {
  data: new Float32Array(5),
  shape: [5, 1],
  labels: Int32Array.of(1, 2, 3, 4, 5),
  clean: Int32Array.of(1, 2, 0, 0, 5),
  wrong: Uint8Array.of(0, 0, 1, 1, 0),
};
const suspects: Suspects = {
  scores: [0, 0.5, 0.75, 0.25, 0],
  suggested: [-1, 7, 0, -1, -1],
  order: [2, 1, 3, 0, 4],
  flagged: [0, 1, 1, 0, 0],
};

function shown(name: string): Shown {
  const method = METHODS.find((each) => each.name === name)!;
  return method.clean!(suspects, data);
}

test('suspects are dropped, relabelled and weighed as they were found, and nothing else is touched', () => {
  assert.equal([...shown('drop suspects').rows], [0, 3, 4]);
  assert.equal([...shown('correct suspects').labels], [1, 7, 0, 4, 5]);
  const { weights, labels, rows } = shown('weigh suspects less');
  assert.equal([...labels], [...data.labels]);
  assert.is(rows.length, 5);
  const mean = weights!.reduce((sum, weight) => sum + weight, 0) / 5;
  assert.ok(Math.abs(mean - 1) < 1e-6);
  assert.ok(Math.abs(weights![2]! / weights![0]! - 0.25) < 1e-6);
});

test('a review gives the right labels to the most suspect, and to no other', () => {
  const few = METHODS.find(({ reviewed }) => reviewed === 200)!;
  assert.equal([...few.clean!(suspects, data).labels], [...data.clean]);
  const one = few.clean!({ ...suspects, order: [2] }, data);
  assert.equal([...one.labels], [1, 2, 0, 4, 5]);
});

test('a finding counts hits and right suggestions', () => {
  assert.equal(findingOf(suspects, data), { wrong: 2, flagged: 2, hits: 1, suggestedRight: 1 });
});

test('uniform noise makes 40 % of the labels wrong, that of classes 20 % of each, always by the same one', () => {
  const clean = Int32Array.from({ length: 1000 }, (_, i) => i % 10);
  const uniform = addNoise(clean, 'uniform-40', 3);
  assert.is(
    uniform.wrong.reduce((sum, flag) => sum + flag, 0),
    400,
  );
  const byClass = addNoise(clean, 'class-20', 3);
  for (let label = 0; label < 10; label++) {
    const taken = [...byClass.given.keys()].filter((i) => clean[i] === label && byClass.wrong[i] === 1);
    assert.is(taken.length, 20);
    assert.is(new Set(taken.map((i) => byClass.given[i])).size, 1);
  }
  assert.equal(addNoise(clean, 'clean', 3).given, clean);
  assert.not.equal(addNoise(clean, 'uniform-40', 4).given, uniform.given);
});

test.run();
