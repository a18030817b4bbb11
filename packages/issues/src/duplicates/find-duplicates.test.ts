import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measureImage, type ImageMeasures } from '../images/measure.js';
import { assertCode, blobs, fixedDraws, picture } from '../random.test.helper.js';
import { findDuplicates } from './find-duplicates.js';

const test = suite('find duplicates');
const [WIDTH, HEIGHT] = [40, 36];

function measured(data: Uint8Array): ImageMeasures {
  return measureImage({ data, width: WIDTH, height: HEIGHT, channels: 3 });
}

/** What a copy can be: of each pixel's place and value. */
const changes: Record<string, (value: number, at: number, image: Uint8Array) => number> = {
  same: (value) => value,
  brighter: (value) => 0.8 * value + 20,
  shifted: (_, at, image) => image[Math.max(0, at - 3)]!,
  mirrored: (_, at, image) => {
    const row = Math.floor(at / (3 * WIDTH)) * 3 * WIDTH;
    const column = Math.floor((at - row) / 3);
    return image[row + 3 * (WIDTH - 1 - column) + (at % 3)]!;
  },
};

test('copies are found, also brighter, moved by a pixel and mirrored; other pictures are none', () => {
  for (const { seed, random } of fixedDraws()) {
    const pictures = Array.from({ length: 60 }, () => picture(random, WIDTH, HEIGHT, 3));
    const copies = Object.values(changes).map((change, i) =>
      pictures[i]!.map((value, at) => change(value, at, pictures[i]!)),
    );
    const found = findDuplicates({ images: [...pictures, ...copies].map(measured) });
    assert.equal(
      found.sets,
      [
        [0, 60],
        [1, 61],
        [2, 62],
        [3, 63],
      ],
      `seed ${seed}`,
    );
    assert.is(found.typeOf(60), 'exact');
    assert.is(found.scores[60], 1);
    assert.is(found.typeOf(61), 'near');
    assert.ok(found.scores[61]! >= 0.5 && found.scores[61]! < 1);
    assert.is(found.scores[10], 0);
    assert.is(found.why(10), 'It has no twin.');
    assert.match(found.why(0), /^It has 1 exact twin\.$/);
  }
});

test('twins of different labels contradict each other, and twins in two splits leak', () => {
  const contents = ['a', 'b', 'a', 'c', 'b', 'a'];
  const found = findDuplicates({
    contents,
    labels: [0, 1, 0, 0, 2, 0],
    classNames: ['ant', 'bee', 'cat'],
    splits: ['train', 'train', 'test', 'train', 'train', 'train'],
  });
  assert.equal(found.sets, [
    [0, 2, 5],
    [1, 4],
  ]);
  assert.equal([found.leaking, found.contradicting], [[0], [1]]);
  assert.is(found.typeOf(0), 'leaking exact');
  assert.match(found.why(0), /2 exact twins, in several splits \(train, test\)/);
  assert.match(found.why(4), /different labels \(bee, cat\)/);
  assert.is(found.summary, '5 examples in 2 sets of twins, 1 with different labels, 1 in several splits.');
});

test('rows of a table that are almost equal are found by their features alone', () => {
  for (const { seed, random } of fixedDraws()) {
    const { features } = blobs(random, 200, 3, 6);
    const data = Float32Array.from(features.data as Float32Array);
    for (let d = 0; d < 6; d++) data[199 * 6 + d] = data[d]! + 1e-4;
    data.copyWithin(198 * 6, 6, 12);
    const found = findDuplicates({ features: { data, shape: [200, 6] } });
    assert.ok(found.setOf[199] === found.setOf[0] && found.setOf[0] !== -1, `seed ${seed}`);
    assert.ok(found.setOf[198] === found.setOf[1] && found.setOf[1] !== -1, `seed ${seed}`);
    assert.ok(found.sets.length <= 4, `seed ${seed}: ${found.sets.length} sets`);
  }
});

test('images that could not be read are no twins of each other; blank ones are', () => {
  const blank = measured(new Uint8Array(3 * WIDTH * HEIGHT).fill(7));
  assert.equal(findDuplicates({ images: [null, blank, null, blank] }).sets, [[1, 3]]);
  assert.equal(findDuplicates({ images: [null, null] }).sets, []);
});

test('equal features make one set; one example and two are answered', () => {
  assert.is(findDuplicates({ contents: ['a'] }).summary, 'No example occurs twice.');
  assert.equal(findDuplicates({ features: { data: [1, 1], shape: [2, 1] } }).sets, []);
  const { sets } = findDuplicates({ contents: ['a', 'a', 'a'], features: { data: [1, 1, 1], shape: [3, 1] } });
  assert.equal(sets, [[0, 1, 2]]);
});

test('nothing to compare, and lists of other lengths, are refused', () => {
  assertCode('ARGUMENT_INVALID', () => findDuplicates({}), /Give contents, images or features/);
  assertCode('PROBE_MISMATCH', () => findDuplicates({ contents: ['a', 'b'], labels: [0] }));
});

test.run();
