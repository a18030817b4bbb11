import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertCode, blobs, fixedDraws, freshRandom, precisionAndRecall } from '../random.test.helper.js';
import { findOutliers } from './find-outliers.js';

const test = suite('find outliers');

/** Ordinary rows of three clouds, and at the end some that are like nothing. */
function planted(size: number, strangers: number, { seed, random } = freshRandom()) {
  const width = 12;
  const usual = blobs(random, 2 * size, 3, width).features.data as Float32Array;
  const strange = Float32Array.from({ length: strangers * width }, () => 8 * random.normal());
  const data = new Float32Array((size + strangers) * width);
  data.set(usual.subarray(0, size * width));
  data.set(strange, size * width);
  const isStrange = Uint8Array.from({ length: size + strangers }, (_, i) => Number(i >= size));
  const reference = { data: usual.subarray(size * width), shape: [size, width] };
  return { seed, random, features: { data, shape: [size + strangers, width] }, reference, isStrange };
}

test('rows that are like nothing are found, by the data itself', () => {
  for (const draw of fixedDraws()) {
    const { seed, features, isStrange } = planted(400, 12, draw);
    const found = findOutliers({ features });
    const { precision, recall } = precisionAndRecall(found.flagged, isStrange);
    assert.ok(precision > 0.6 && recall > 0.7, `seed ${seed}: precision ${precision}, recall ${recall}`);
    assert.match(found.why(405), /^It is (far from|near to) its nearest neighbours in the data \(-?[\d.]+ robust/);
  }
});

test('beside a reference they are found, and few others: the false discoveries keep to their share', () => {
  for (const draw of fixedDraws()) {
    const { seed, features, reference, isStrange } = planted(600, 60, draw);
    const found = findOutliers({ features, reference }, { falseDiscoveries: 0.1 });
    const { precision, recall } = precisionAndRecall(found.flagged, isStrange);
    // 10 % on average; a single draw is allowed more.
    assert.ok(precision > 0.75 && recall > 0.7, `seed ${seed}: precision ${precision}, recall ${recall}`);
    assert.match(found.summary, /unlike the reference/);
  }
});

test('of data like the reference almost nothing is flagged', () => {
  for (const draw of fixedDraws()) {
    const { seed, features, reference } = planted(500, 0, draw);
    const number = findOutliers({ features, reference }).flagged.reduce((sum, flag) => sum + flag, 0);
    assert.ok(number <= 25, `seed ${seed}: ${number}`);
  }
});

test('energies count: what is strange by them only ranks above what is not', () => {
  for (const draw of fixedDraws()) {
    const { seed, random, features } = planted(200, 0, draw);
    const energies = Float32Array.from({ length: 200 }, (_, i) => random.normal() + (i < 5 ? 40 : 0));
    const { scores } = findOutliers({ features, energies });
    const ordinary = scores.slice(5).toSorted()[97]!;
    assert.ok(
      scores.slice(0, 5).every((score) => score > ordinary),
      `seed ${seed}`,
    );
  }
});

test('equal features, two examples and copies are answered; what is not finite has no score', () => {
  const equal = findOutliers({ features: { data: new Float32Array(30).fill(1), shape: [10, 3] } });
  assert.equal([...equal.flagged], Array(10).fill(0));
  assert.is(findOutliers({ features: { data: [1, 2], shape: [2, 1] } }).flagged.length, 2);
  const found = findOutliers({ features: { data: Float32Array.of(1, 1, 2, NaN, 1, 3), shape: [3, 2] } });
  assert.ok(Number.isNaN(found.scores[1]));
  assert.match(found.why(1), /not finite/);
});

test('one example, and energies without those of the reference, are refused', () => {
  const features = { data: [1, 2], shape: [2, 1] };
  assertCode('SAMPLE_TOO_SMALL', () => findOutliers({ features: { data: [1], shape: [1, 1] } }));
  assertCode(
    'ARGUMENT_INVALID',
    () => findOutliers({ features, reference: features, energies: [1, 2] }),
    /referenceEnergies/,
  );
  assertCode('PROBE_MISMATCH', () => findOutliers({ features, energies: [1] }));
});

test.run();
