// Only with --all: it feeds a reader 1,000 broken files
import { gzipSync } from 'node:zlib';
import { type CifarOptions, readCifar, type SeededRandom } from '@vogjs/formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { fuzz, SOUND } from './harness.js';
import { type Mutant, mutate, pick } from './mutations.js';

const test = suite(`fuzzed CIFAR files (SEED=${SEED})`);

const KINDS = { cifar10: 3073, cifar100: 3074 } as const;

/** Whole records, whose labels are often possible and sometimes not. */
function records(random: SeededRandom): Mutant {
  const kind = pick(random, ['cifar10', 'cifar100'] as const);
  const count = random.integer(4);
  const most = pick(random, [10, 20, 100, 256]);
  const labels = kind === 'cifar10' ? 1 : 2;
  const length = count * KINDS[kind];
  const bytes = Uint8Array.from({ length }, (_, at) => random.integer(at % KINDS[kind] < labels ? most : 256));
  return { bytes, recipe: [`${count} records of ${kind} with labels below ${most}`] };
}

/** Records that nothing is wrong with. */
function rightRecords(random: SeededRandom): Uint8Array {
  const length = (1 + random.integer(3)) * KINDS.cifar10;
  return Uint8Array.from({ length }, (_, at) => random.integer(at % KINDS.cifar10 === 0 ? 10 : 256));
}

test('1,100 mutated CIFAR files are images or VogErrors, within a second and 64 MiB', async () => {
  const { read, refused } = await fuzz({
    what: 'readCifar',
    count: 1100,
    sound: rightRecords,
    make: (random, index) => {
      const sample = records(random);
      if (index % 3 === 0) return sample;
      if (index % 50 === 1) return { bytes: gzipSync(sample.bytes), recipe: [...sample.recipe, 'gzip'] };
      return mutate(sample.bytes, random, sample.recipe);
    },
    read: (bytes, { recipe }) => {
      const kinds = ['cifar10', 'cifar100', 'cifar1000', '__proto__', 'constructor', null] as CifarOptions['kind'][];
      // Both kinds are tried on every file, and one more that is none.
      const kind = recipe[0] === SOUND ? 'cifar10' : kinds[(recipe[0]!.length + bytes.length) % kinds.length]!;
      const { shape, images, labels } = readCifar(bytes, { kind });
      assert.equal([images.length, labels.length], [shape[0] * 3072, shape[0]]);
      return images;
    },
  });
  assert.ok(read >= 110 && refused > 300, `${read} read, ${refused} refused`);
});

test.run();
