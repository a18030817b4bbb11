import type { SeededRandom } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertCode, fixedDraws } from '../random.test.helper.js';
import { findWeakGroups } from './find-weak-groups.js';

const test = suite('find weak groups');

function drawn(size: number, random: SeededRandom) {
  const camera = Array.from({ length: size }, () => ['north', 'south', 'east'][random.integer(3)]!);
  const hour = Float64Array.from({ length: size }, () => 24 * random.uniform());
  return { camera, hour };
}

test('a camera and a quarter of the day in which the model fails are found, and nothing else', () => {
  for (const { seed, random } of fixedDraws()) {
    const { camera, hour } = drawn(2000, random);
    const noise = Array.from({ length: 2000 }, () => `n${random.integer(20)}`);
    const correct = camera.map(
      (name, i) => random.uniform() > (name === 'east' ? 0.35 : 0.05) + (hour[i]! >= 18 ? 0.3 : 0),
    );
    const found = findWeakGroups({ camera, hour, noise }, correct);
    const flagged = found.filter((issue) => issue.flagged).map(({ id }) => id as string);
    assert.ok(flagged.includes('camera=east'), `seed ${seed}: ${flagged}`);
    assert.ok(
      flagged.some((id) => /^hour >= 1[78]/.test(id)),
      `seed ${seed}: ${flagged}`,
    );
    assert.ok(flagged.length <= 4, `seed ${seed}: ${flagged}`);
    assert.ok(found.every(({ score, flagged: flag }) => flag === score >= 0.5));
  }
});

test('where errors are spread evenly, nothing is flagged in 19 of 20 draws', () => {
  for (const { seed, random } of fixedDraws()) {
    let draws = 0;
    for (let draw = 0; draw < 20; draw++) {
      const { camera, hour } = drawn(300, random);
      const issues = findWeakGroups(
        { camera, hour },
        camera.map(() => random.uniform() > 0.2),
      );
      if (issues.some(({ flagged }) => flagged)) draws++;
    }
    assert.ok(draws <= 1, `seed ${seed}: ${draws} of 20`);
  }
});

test('what is missing is a group; ids, groups of few and of nearly all are not', () => {
  const ids = Array.from({ length: 500 }, (_, i) => `id${i}`);
  const rare = ids.map((_, i) => (i < 3 ? 'rare' : 'usual'));
  const part = ids.map((_, i) => (i % 5 === 0 ? null : 'x'));
  const found = findWeakGroups(
    { ids, rare, part },
    ids.map((_, i) => i % 5 !== 0),
  );
  assert.equal(
    found.map(({ id }) => id),
    ['part missing', 'part=x'],
  );
  assert.is(found[0]!.flagged, true);
  assert.match(found[0]!.why, /^part missing: 0 % of 100 examples are right, and 100 % of the rest/);
});

test('a constant column, no column, and no error have no weak group', () => {
  assert.equal(findWeakGroups({ same: Array(50).fill('a') }, Array(50).fill(false)), []);
  assert.equal(findWeakGroups({}, [true]), []);
  const halves = Array.from({ length: 50 }, (_, i) => i % 2);
  assert.ok(findWeakGroups({ halves }, Array(50).fill(true)).every(({ flagged }) => !flagged));
});

test('columns of another length are refused', () => {
  assertCode('PROBE_MISMATCH', () => findWeakGroups({ a: [1, 2] }, [true]));
});

test.run();
