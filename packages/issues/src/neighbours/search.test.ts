import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blobs, freshRandom } from '../random.test.helper.js';
import { rememberNeighbours, searchNeighbours } from './search.js';

const test = suite('neighbour search');

test('one search serves all who want no more neighbours, and they get what a search of their own gives', () => {
  const { seed, random } = freshRandom();
  const { features } = blobs(random, 120, 4);
  // Rows of equal distance, and a row that is nowhere.
  const data = features.data as Float32Array;
  data.copyWithin(0, 8, 80);
  data[999] = Number.NaN;
  const asked: number[] = [];
  const search = rememberNeighbours((given, k) => {
    asked.push(k);
    return searchNeighbours(given, k);
  });
  for (const k of [20, 10, 4, 20]) assert.equal(search(features, k), searchNeighbours(features, k), `seed ${seed}`);
  assert.equal(asked, [20]);
  search(features, 21);
  search({ ...features }, 3);
  assert.equal(asked, [20, 21, 3]);
});

test.run();
