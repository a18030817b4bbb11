// Only with --all: it feeds a reader 1,000 broken files
import { readNpy, type SeededRandom, writeNpy } from '@vogjs/formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { fuzz } from './harness.js';
import { HOSTILE_INTEGERS, type Mutant, mutate, pick, QUADRATIC_UNITS } from './mutations.js';

const test = suite(`fuzzed NPY files (SEED=${SEED})`);

const SAMPLES = [
  writeNpy({ data: Float32Array.from({ length: 24 }, Math.sqrt), shape: [2, 3, 4] }),
  writeNpy({ data: BigInt64Array.of(1n, -2n), shape: [2] }),
  writeNpy({ data: Uint8Array.of(0, 1, 1), shape: [3, 1], dtype: 'bool' }),
  writeNpy({ data: Float64Array.of(1), shape: [] }),
  writeNpy({ data: Int16Array.of(), shape: [0, 7] }),
];

const TYPES = [
  '<f4',
  '>f4',
  '<f8',
  '|u1',
  '|b1',
  '<i2',
  '>i8',
  '<u4',
  '|i8',
  '<f2',
  '<c8',
  '|O',
  '|S9',
  '<U3',
  '=f4',
  '>b1',
];
const DIMENSIONS = [...HOSTILE_INTEGERS.map(String), '-1', '0.5', '3L', '1e9', 'None', '', ' ', '9'.repeat(400), '007'];

/** A header by the rules, with claims and types that the data need not fit. */
function crafted(random: SeededRandom): Mutant {
  const shape = Array.from({ length: random.integer(random.integer(20) === 0 ? 5000 : 5) }, () =>
    random.integer(3) > 0 ? String(random.integer(5)) : pick(random, DIMENSIONS),
  );
  const entries = [
    `'descr': '${pick(random, TYPES)}'`,
    `'fortran_order': ${pick(random, ['True', 'False', '0', "'True'"])}`,
    `'shape': (${shape.join(', ')}${pick(random, ['', ','])})`,
    `'extra': ${pick(random, ['[]', '[[1], 2]', '(1)'])}`,
  ].slice(0, random.integer(20) === 0 ? 4 : 3);
  const padding = random.integer(10) === 0 ? pick(random, QUADRATIC_UNITS).repeat(30_000) : ' ';
  const text = Buffer.from(`{${entries.join(', ')}${pick(random, ['', ', '])}}${padding}\n`);
  const version = pick(random, [1, 2, 2, 3]);
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  const claim = random.integer(20) === 0 ? Number(pick(random, HOSTILE_INTEGERS) & 0xffffffffn) : text.length;
  if (version === 1) length.writeUInt16LE(claim & 0xffff);
  else length.writeUInt32LE(claim);
  // As many bytes as promised, as often as not.
  const type = entries[0]!.slice(10, -1);
  const promised = shape.reduce((product, dimension) => product * Number(dimension), Number(type.slice(2)));
  const isPossible = promised >= 0 && promised < 10_000;
  const data = Buffer.alloc(isPossible && random.integer(3) > 0 ? promised : random.integer(200), 7);
  const bytes = Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.from([version, 0]), length, text, data]);
  // A Buffer at an odd address, as often as not.
  return {
    bytes: random.integer(2) === 0 ? new Uint8Array(bytes) : bytes,
    recipe: [`version ${version}, header ${text.toString().slice(0, 200)}`],
  };
}

test('1,100 mutated NPY files are arrays or VogErrors, within a second and 64 MiB', async () => {
  const { read, refused } = await fuzz({
    what: 'readNpy',
    count: 1100,
    sound: (random) => pick(random, SAMPLES),
    make: (random, index) => (index % 3 === 0 ? crafted(random) : mutate(pick(random, SAMPLES), random)),
    read: (bytes) => {
      const { shape, data } = readNpy(bytes);
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
