// Only with --all: it feeds a reader 1,000 broken files
import { readSafetensors, type SeededRandom, writeSafetensors } from '@vogjs/formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { fuzz } from './harness.js';
import { mutateJson } from './json.js';
import { HOSTILE_INTEGERS, type Mutant, mutate, pick, QUADRATIC_UNITS } from './mutations.js';

const test = suite(`fuzzed safetensors files (SEED=${SEED})`);

const SAMPLES = [
  writeSafetensors(
    { a: { data: Float32Array.of(1, 2, 3), shape: [3] }, b: { data: Uint8Array.of(1), shape: [] } },
    { k: 'v' },
  ),
  writeSafetensors({
    long: { data: new Float64Array(40), shape: [4, 5, 2] },
    i: { data: BigInt64Array.of(1n), shape: [1] },
  }),
  writeSafetensors({}),
];

function parts(file: Uint8Array): { header: unknown; data: Uint8Array } {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return { header: JSON.parse(Buffer.from(file.subarray(8, 8 + length)).toString()), data: file.subarray(8 + length) };
}

/** A header that is JSON over the data of a sample; its length is claimed rightly, or not. */
function crafted(random: SeededRandom): Mutant {
  const { header, data } = parts(pick(random, SAMPLES));
  let [changed, what] = mutateJson(header, random);
  if (random.integer(2) === 0) {
    const again = mutateJson(changed, random);
    [changed, what] = [again[0], `${what}; ${again[1]}`];
  }
  let text: string;
  try {
    text = JSON.stringify(changed);
  } catch {
    text = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  }
  if (random.integer(20) === 0) text = `{"a":${pick(random, QUADRATIC_UNITS).repeat(20_000)}}`;
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(random.integer(20) === 0 ? pick(random, HOSTILE_INTEGERS) : BigInt(bytes.length));
  const tail = Buffer.alloc(random.integer(8) === 0 ? random.integer(100) : 0);
  const file = Buffer.concat([length, bytes, data, tail]);
  return { bytes: random.integer(2) === 0 ? new Uint8Array(file) : file, recipe: [what, text.slice(0, 200)] };
}

test('1,100 mutated safetensors files are tensors or VogErrors, within a second and 64 MiB', async () => {
  const { read, refused } = await fuzz({
    what: 'readSafetensors',
    count: 1100,
    sound: (random) => pick(random, SAMPLES),
    make: (random, index) => (index % 2 === 0 ? crafted(random) : mutate(pick(random, SAMPLES), random)),
    read: (bytes) => {
      const { tensors, metadata } = readSafetensors(bytes);
      for (const { data, shape } of Object.values(tensors)) {
        assert.is(
          data.length,
          shape.reduce((product, dimension) => product * dimension, 1),
        );
      }
      for (const text of Object.values(metadata)) assert.type(text, 'string');
      return tensors;
    },
  });
  assert.is((Object.prototype as Record<string, unknown>)['polluted'], undefined);
  assert.ok(read >= 110 && refused > 300, `${read} read, ${refused} refused`);
});

test.run();
