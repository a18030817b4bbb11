// Only with --all: it feeds a reader 1,000 broken files
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { SeededRandom } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tarOf, type Tarred, unpackTar } from 'vogjs/internals';
import { SEED } from '@vogjs/testing';
import { temporaryFiles } from './files.js';
import { fuzz } from './harness.js';
import { HOSTILE_TEXTS, type Mutant, mutate, pick, QUADRATIC_UNITS } from './mutations.js';

const test = suite(`fuzzed tar archives (SEED=${SEED})`);
const files = temporaryFiles('tar');
test.after(files.remove);

const NAMES = ['lib/a', 'lib/b', 'lib/a/b', 'include/x/y.h', './lib/c', 'LICENSE', 'lib', 'include/', 'lib/../../x'];
const LINKS = ['a', 'b', '..', '.', '/', '../..', '../../escaped', '/etc/passwd', 'a/..', '', 'c', ...HOSTILE_TEXTS];

function sound(random: SeededRandom): Tarred[] {
  const file = (name: string): Tarred => ({ name, content: Buffer.alloc(random.integer(2000), random.integer(256)) });
  const list = [...NAMES.slice(3, 6), 'lib/a', `include/${'long/'.repeat(30)}x.h`].map(file);
  return [...list, { name: 'lib/a.link', link: 'a' }].slice(0, 1 + random.integer(6));
}

/** Headers with right checksums over false contents. */
function crafted(random: SeededRandom): Mutant {
  const list = Array.from({ length: 1 + random.integer(6) }, (): Tarred => {
    const name = random.integer(4) === 0 ? `lib/${pick(random, HOSTILE_TEXTS)}` : pick(random, NAMES);
    const content = Buffer.alloc(random.integer(8) === 0 ? 2 ** 20 : random.integer(600));
    const kind = random.integer(8);
    if (kind < 3) return { name, link: pick(random, LINKS) };
    if (kind === 3)
      return {
        name,
        type: pick(random, ['1', '3', '4', '6', '7', 'S', 'g', 'D', '\xff', ' ']),
        link: pick(random, LINKS),
      };
    if (kind === 4) return { name, content, claim: pick(random, [0, 1, 511, 512, 513, 2 ** 20, 2 ** 30, 8 ** 11 - 1]) };
    if (kind === 5) {
      const unit =
        random.integer(2) === 0
          ? pick(random, QUADRATIC_UNITS)
          : `${random.integer(30)} path=lib/${pick(random, LINKS)}\n`;
      return {
        name,
        type: pick(random, ['L', 'K', 'x', 'g']),
        content: Buffer.from(unit.repeat(pick(random, [1, 3, 1000]))),
      };
    }
    return { name, content, ...(random.integer(3) === 0 ? { long: pick(random, ['gnu', 'pax'] as const) } : {}) };
  });
  return {
    bytes: tarOf(list),
    recipe: list.map((entry) => JSON.stringify({ ...entry, content: entry.content?.toString('latin1', 0, 40) })),
  };
}

function made(random: SeededRandom, index: number): Mutant {
  if (index % 2 === 0) return crafted(random);
  const packed = new Uint8Array(tarOf(sound(random)));
  if (index % 4 === 1) return mutate(packed, random, ['a sound archive, gzipped']);
  const { bytes, recipe } = mutate(new Uint8Array(gunzipSync(packed)), random);
  return { bytes: gzipSync(bytes), recipe: [...recipe, 'gzip'] };
}

test('1,000 mutated tar archives are unpacked or VogErrors, within a second and 64 MiB, and nothing lies outside', async () => {
  const root = join(files.folder, 'root');
  const target = join(root, 'a/b/c/target');
  mkdirSync(dirname(target), { recursive: true });
  const { read, refused } = await fuzz({
    what: 'unpackTar',
    count: 1000,
    make: made,
    sound: (random) => new Uint8Array(tarOf(sound(random))),
    read: async (bytes) => {
      try {
        await unpackTar(files.write(bytes), target);
      } finally {
        checkInside(root, target);
        rmSync(target, { recursive: true, force: true });
      }
    },
  });
  assert.ok(read >= 100 && refused > 300, `${read} read, ${refused} refused`);
});

/** Nothing but the target in its folders, and in it no link that leads anywhere but to a file beside it. */
function checkInside(root: string, target: string): void {
  for (const path of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const full = join(path.parentPath, path.name);
    assert.ok(full.startsWith(`${target}/`) || `${target}/`.startsWith(`${full}/`), `${full} lies outside`);
    if (!path.isSymbolicLink()) continue;
    assert.ok(/^[^/]+$/.test(readlinkSync(full)) && existsSync(full), `${full} -> ${readlinkSync(full)}`);
  }
  const beside = readdirSync(files.folder).sort();
  assert.equal(beside, ['input', 'root']);
}

test.run();
