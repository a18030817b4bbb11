// Only with --all: it compares with all distances
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertCode, blobs, fixedDraws, freshRandom } from '../random.test.helper.js';
import { nearestNeighbours } from './nearest.js';

const test = suite('nearest neighbours');

/** Distances of one row to all, the plain way, in float64. */
function distances(data: ArrayLike<number>, width: number, row: number, unit: boolean): number[] {
  const read = (i: number): number[] => {
    const values = Array.from({ length: width }, (_, d) => data[i * width + d]!);
    const length = unit ? Math.hypot(...values) || 1 : 1;
    return values.map((value) => value / length);
  };
  const own = read(row);
  return Array.from({ length: data.length / width }, (_, i) =>
    Math.hypot(...read(i).map((value, d) => value - own[d]!)),
  );
}

test('neighbours are those of a search through all pairs, by both distances', () => {
  const { seed, random } = freshRandom();
  for (const metric of ['cosine', 'euclidean'] as const) {
    const width = 1 + random.integer(30);
    const { features } = blobs(random, 300, 5, width);
    const found = nearestNeighbours(features, { k: 7, metric });
    for (let row = 0; row < 300; row += 17) {
      const expected = distances(features.data as Float32Array, width, row, metric === 'cosine')
        .filter((_, i) => i !== row)
        .toSorted((a, b) => a - b);
      for (let at = 0; at < 7; at++) {
        const off = Math.abs(found.distances[row * 7 + at]! - expected[at]!);
        assert.ok(off < 1e-3, `seed ${seed}, ${metric}, width ${width}, row ${row}: off by ${off}`);
      }
    }
  }
});

test('a few cells of many find nearly all neighbours, and never a wrong distance', () => {
  for (const { seed, random } of fixedDraws()) {
    const { features } = blobs(random, 3000, 12, 16);
    const exact = nearestNeighbours(features, { k: 5 });
    const quick = nearestNeighbours(features, { k: 5, probes: 12 });
    const hits = exact.indices.filter((index, at) => {
      const row = Math.floor(at / 5) * 5;
      return quick.indices.subarray(row, row + 5).includes(index);
    }).length;
    assert.ok(hits / exact.indices.length > 0.9, `seed ${seed}: recall ${hits / exact.indices.length}`);
    for (const [at, distance] of quick.distances.entries())
      assert.ok(distance >= exact.distances[at]! - 1e-4, `seed ${seed}`);
  }
});

test('near neighbours are told apart however far the centres of the cells lie', () => {
  // 27 groups that are far from each other, in about 9 cells; in each the second row is nearest to the others.
  const [groups, width] = [27, 28];
  const data = new Float32Array(groups * 3 * width);
  for (let row = 0; row < groups * 3; row++) {
    data[row * width + Math.floor(row / 3)] = 1e7;
    data[row * width + groups] = [0, 0.03, 0.05][row % 3]!;
  }
  const { indices } = nearestNeighbours({ data, shape: [groups * 3, width] }, { k: 1, metric: 'euclidean' });
  assert.equal(
    [...indices],
    [...indices.keys()].map((row) => row - (row % 3) + [1, 2, 1][row % 3]!),
  );
});

test('equal rows are at distance 0 of each other, and no row is its own neighbour', () => {
  const features = { data: new Float32Array(20).fill(2), shape: [5, 4] };
  const { indices, distances: found } = nearestNeighbours(features, { k: 4 });
  for (let row = 0; row < 5; row++) {
    const own = [...indices.subarray(row * 4, (row + 1) * 4)].toSorted((a, b) => a - b);
    assert.equal(
      own,
      [0, 1, 2, 3, 4].filter((i) => i !== row),
    );
  }
  assert.ok(found.every((distance) => distance === 0));
});

test('rows that are not finite have no neighbours and are none', () => {
  const features = { data: Float32Array.of(1, 2, NaN, 3, Infinity), shape: [5, 1] };
  const { indices, distances: found } = nearestNeighbours(features, { k: 3, metric: 'euclidean' });
  assert.equal([...indices.subarray(0, 3)], [1, 3, -1]);
  assert.equal([...indices.subarray(6, 9)], [-1, -1, -1]);
  assert.ok(Number.isNaN(found[12]));
});

test('neighbours in a reference are rows of it, the same values among them', () => {
  const reference = { data: Float32Array.of(0, 10, 20), shape: [3, 1] };
  const { indices, distances: found } = nearestNeighbours(
    { data: [11, 20], shape: [2, 1] },
    { k: 2, metric: 'euclidean' },
    reference,
  );
  assert.equal([...indices], [1, 2, 2, 1]);
  assert.equal([...found], [1, 9, 0, 10]);
});

test('features that are no rows, and of another width than the reference, are refused', () => {
  assertCode('INPUT_SHAPE', () => nearestNeighbours({ data: [1, 2, 3], shape: [3] }));
  assertCode('INPUT_SHAPE', () => nearestNeighbours({ data: [], shape: [0, 4] }));
  const two = { data: [1, 2], shape: [1, 2] };
  assertCode('INPUT_SHAPE', () => nearestNeighbours({ data: [1], shape: [1, 1] }, {}, two), /same network/);
});

test.run();
