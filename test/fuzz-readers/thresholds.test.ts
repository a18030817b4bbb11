// Only with --all: it feeds a reader 1,000 broken files
import type { SeededRandom } from '@vogjs/base';
import { calibrateThreshold, decideOod, readThreshold } from '@vogjs/ood';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { fuzz } from './harness.js';
import { mutateJson } from './json.js';
import { type Mutant, mutate, pick } from './mutations.js';

const test = suite(`fuzzed thresholds (SEED=${SEED})`);

function sound(random: SeededRandom): unknown {
  const scores = Array.from({ length: 1 + random.integer(60) }, () => Math.round(10 * random.normal()) / 4);
  return calibrateThreshold(scores, {
    tpr: pick(random, [0.5, 0.9, 0.95, 1]),
    oodDirection: pick(random, ['low', 'high'] as const),
    points: pick(random, [2, 5, 2000]),
  });
}

const textOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value) ?? '');

function made(random: SeededRandom, index: number): Mutant {
  const threshold = sound(random);
  if (index % 2 === 0) return mutate(textOf(threshold), random, ['a threshold']);
  const [changed, what] = mutateJson(threshold, random);
  try {
    return { bytes: textOf(changed), recipe: [what] };
  } catch {
    // Too deep for JSON.stringify.
    return { bytes: new TextEncoder().encode('['.repeat(1_000_000)), recipe: ['a million brackets'] };
  }
}

test('1,100 mutated thresholds decide or are VogErrors, within a second and 64 MiB', async () => {
  const { read, refused } = await fuzz({
    what: 'readThreshold',
    count: 1100,
    make: made,
    sound: (random) => textOf(sound(random)),
    read: (bytes) => {
      const threshold = readThreshold(new TextDecoder().decode(bytes));
      for (const { pValue } of decideOod(threshold, [-1e9, 0, 1.5, 1e9])) {
        assert.ok(pValue > 0 && pValue <= 1, String(pValue));
      }
    },
  });
  assert.is((Object.prototype as Record<string, unknown>)['polluted'], undefined);
  assert.ok(read >= 110 && refused > 300, `${read} read, ${refused} refused`);
});

test.run();
