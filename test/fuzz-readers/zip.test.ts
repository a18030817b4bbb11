// Only with --all: it feeds a reader 1,000 broken files
import type { SeededRandom } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openZip, type Packed, zipOf } from 'vogjs/internals';
import { SEED } from '@vogjs/testing';
import { temporaryFiles } from './files.js';
import { fuzz } from './harness.js';
import { HOSTILE_INTEGERS, HOSTILE_TEXTS, type Mutant, mutate, pick } from './mutations.js';

const test = suite(`fuzzed zip archives (SEED=${SEED})`);
const files = temporaryFiles('zip');
test.after(files.remove);

const NAMES = ['a', 'tensorflow/x.h', 'b/c/', 'a/b', './a', ...HOSTILE_TEXTS];

function entries(random: SeededRandom): Packed[] {
  const plain = (name: string): Packed => ({
    name,
    content: Buffer.alloc(random.integer(300), random.integer(256)),
    stored: random.integer(2) === 0,
    zip64: random.integer(3) === 0,
  });
  return ['a', 'tensorflow/x.h', 'b/c/d'].slice(0, random.integer(4)).map(plain);
}

/** Sound in its structure, and false in what it says. */
function crafted(random: SeededRandom): Mutant {
  const list = entries(random).map((entry): Packed => {
    const claim = Math.min(2 ** 63, Number(pick(random, HOSTILE_INTEGERS)));
    return {
      ...entry,
      name: pick(random, NAMES),
      ...(random.integer(4) === 0 ? { claim: entry.zip64 === true ? claim : claim % 2 ** 32 } : {}),
      ...(random.integer(8) === 0 ? { content: Buffer.alloc(pick(random, [2 ** 20, 2 ** 23])) } : {}),
      ...(random.integer(8) === 0 ? { mode: pick(random, [0o120777, 0o100644, 0o040755, 0o010644]) } : {}),
      ...(random.integer(8) === 0 ? { packed: Buffer.alloc(random.integer(50), random.integer(256)) } : {}),
      ...(random.integer(16) === 0 ? { localName: pick(random, NAMES) } : {}),
      ...(random.integer(16) === 0 ? { encrypted: true } : {}),
    };
  });
  const recipe = list.map((entry) => JSON.stringify({ ...entry, content: entry.content.length }));
  return { bytes: zipOf(list, random.integer(3) === 0), recipe };
}

test('1,100 mutated zip archives are read or VogErrors, within a second and 64 MiB', async () => {
  const { read, refused } = await fuzz({
    what: 'openZip',
    count: 1100,
    sound: (random) => new Uint8Array(zipOf(entries(random), random.integer(3) === 0)),
    make: (random, index) =>
      index % 3 === 0
        ? crafted(random)
        : mutate(new Uint8Array(zipOf(entries(random), random.integer(3) === 0)), random),
    read: async (bytes) => {
      const zip = await openZip(files.write(bytes));
      try {
        for (const entry of zip.entries.values()) {
          assert.is((await zip.read(entry)).length, entry.size);
          // A reader that stops early leaves nothing behind.
          for await (const part of await zip.stream(entry)) if ((part as Buffer).length > 0) break;
        }
      } finally {
        await zip.close();
      }
    },
  });
  assert.ok(read >= 110 && refused > 300, `${read} read, ${refused} refused`);
});

test.run();
