// Only with --all: it feeds a reader 1,000 broken files
import { gzipSync } from 'node:zlib';
import { readIdx, type SeededRandom } from '@vogjs/formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { fuzz } from './harness.js';
import { type Mutant, mutate, pick } from './mutations.js';

const test = suite(`fuzzed IDX files (SEED=${SEED})`);

const WIDTHS: Readonly<Record<number, number>> = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 };

function idxOf(type: number, shape: readonly number[], data: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  for (const [axis, dimension] of shape.entries()) header.writeUInt32BE(dimension, 4 + 4 * axis);
  return new Uint8Array(Buffer.concat([header, data]));
}

function sample(random: SeededRandom): Uint8Array {
  const type = pick(random, [8, 9, 11, 12, 13, 14]);
  const shape = Array.from({ length: random.integer(4) }, () => random.integer(6));
  const length = shape.reduce((product, dimension) => product * dimension, WIDTHS[type]!);
  return idxOf(
    type,
    shape,
    Uint8Array.from({ length }, () => random.integer(256)),
  );
}

/** Headers that claim what no file holds, over zeros that compress a thousandfold. */
function bomb(random: SeededRandom): Mutant {
  const shape = Array.from({ length: pick(random, [1, 2, 4, 255]) }, () =>
    pick(random, [0, 1, 2, 255, 65_535, 2 ** 31, 2 ** 32 - 1]),
  );
  const type = pick(random, [8, 9, 11, 12, 13, 14]);
  const zeros = pick(random, [0, 1, 1000, 2 ** 20, 2 ** 23]);
  let bytes = idxOf(type, shape, new Uint8Array(zeros));
  const times = random.integer(4);
  for (let time = 0; time < times; time++) bytes = new Uint8Array(gzipSync(bytes));
  return { bytes, recipe: [`type ${type}, shape [${shape.join()}], ${zeros} zeros, gzipped ${times} times`] };
}

test('1,100 mutated IDX files, plain, gzipped and gzipped again, are arrays or VogErrors, within a second and 64 MiB', async () => {
  const { read, refused } = await fuzz({
    what: 'readIdx',
    count: 1100,
    sound: sample,
    make: (random, index) => {
      if (index % 20 === 0) return bomb(random);
      const plain = sample(random);
      const kind = index % 3;
      if (kind === 0) return mutate(plain, random, [`IDX of ${plain.length} bytes`]);
      if (kind === 1) return mutate(new Uint8Array(gzipSync(plain)), random, [`IDX of ${plain.length} bytes, gzipped`]);
      const { bytes, recipe } = random.integer(3) > 0 ? mutate(plain, random) : { bytes: plain, recipe: [] };
      const twice = random.integer(8) === 0;
      const packed = gzipSync(twice ? gzipSync(bytes) : bytes);
      const tail = random.integer(4) === 0 ? Buffer.alloc(random.integer(40), random.integer(2)) : Buffer.alloc(0);
      return {
        bytes: Buffer.concat([packed, tail]),
        recipe: [...recipe, twice ? 'gzip twice' : 'gzip', `${tail.length} bytes behind`],
      };
    },
    read: async (bytes) => {
      const { shape, data } = await readIdx(bytes);
      assert.is(
        data.length,
        shape.reduce((product, dimension) => product * dimension, 1),
      );
      return data;
    },
  });
  assert.ok(read >= 110 && refused > 300, `${read} read, ${refused} refused`);
});

test.run();
