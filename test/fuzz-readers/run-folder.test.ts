// Only with --all: it feeds a reader 1,400 broken files
import { createRun, memoryStorage, openRun, type Run, type RunStorage } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { fuzz } from './harness.js';
import { HOSTILE_INTEGERS, HOSTILE_TEXTS, type Mutant, mutate, pick } from './mutations.js';

const test = suite(`fuzzed run folders (SEED=${SEED})`);

const N = 7;
const ids = Array.from({ length: N }, (_, i) => `${i}.png`);

async function made(): Promise<RunStorage> {
  const storage = memoryStorage();
  const run = await createRun(storage, { examples: N, classNames: ['a', 'b'] });
  const values = Float32Array.from({ length: N }, (_, i) => i / 3);
  const labels = Int32Array.from({ length: N }, (_, i) => i % 2);
  const column = { metric: 'vog', column: 'vog', window: 'complete', hardDirection: 'high', checkpoints: 2 } as const;
  await run.scores({ ids, paths: ids, labels, predicted: labels, scores: [{ ...column, values }], meta: { g: ids } });
  const lists = [values, values];
  await run.trajectories({ labelProbability: lists, margin: lists, loss: lists, predicted: [labels, labels] });
  await run.features({ data: new Float32Array(N * 2), examples: N, size: 2 });
  await run.issues({ summary: [], issues: [{ kind: 'label', id: '0.png', score: 1, flagged: true, why: 'because' }] });
  await run.thumbs({ width: 2, height: 2, channels: 1, count: N, read: (s, e) => new Uint8Array((e - s) * 4) });
  await run.event('checkpoint', { checkpoint: 0 });
  await run.finish();
  return storage;
}

const readers: Readonly<Record<string, (run: Run) => Promise<unknown>>> = {
  'run.json': async (run) => Object.keys(run.manifest.versions).length + run.manifest.checkpoints.length,
  async 'scores.parquet'(run) {
    const table = await run.scores();
    const lists = [table.ids(), table.paths(), table.labels(), table.predicted(), table.percentile()];
    for (const { name } of table.columns) lists.push(table.values(name) as never);
    for (const name of table.metaNames) lists.push(table.meta(name) as never);
    for (const list of await Promise.all(lists)) {
      if (list !== null) assert.is(list.length, N, 'a column has as many entries as there are examples');
    }
  },
  async 'trajectories.parquet'(run) {
    const table = await run.trajectories();
    if (table.checkpoints > 0) return [await table.at('loss', 0), await table.of(N - 1)];
  },
  'features.safetensors': async (run) => assert.is((await run.features()).data.length, N * (await run.features()).size),
  'issues.json': async (run) => (await run.issues()).issues.map(({ id, why }) => `${id}${why.length}`),
  'thumbs/index.json': async (run) => (await run.thumbs()).sheets.length,
  'events.jsonl': (run) => run.events(),
};

/** A file of text with one of its numbers or texts put in another's place. */
function craft(sound: Uint8Array, random: Parameters<typeof pick>[0]): Mutant {
  const text = new TextDecoder().decode(sound);
  const places = [...text.matchAll(/-?\d+(\.\d+)?|"[^"]*"|\[\]|\{\}|null|true|false/g)];
  const place = pick(random, places);
  const hostile = [...HOSTILE_INTEGERS.map(String), ...HOSTILE_TEXTS.map((each) => JSON.stringify(each))];
  const put = pick(random, [...hostile, 'null', '[]', '{}', '[null]', '-1', '0.5', '1e999', 'true', '']);
  const changed = text.slice(0, place.index) + put + text.slice(place.index + place[0].length);
  return { bytes: new TextEncoder().encode(changed), recipe: [`${place[0]} at ${place.index} becomes ${put}`] };
}

for (const [name, use] of Object.entries(readers)) {
  test(`200 mutants of ${name} are read or refused as VogErrors, within a second and 64 MiB`, async () => {
    const storage = await made();
    const sound = await storage.read(name);
    const { read, refused } = await fuzz({
      what: name,
      count: 200,
      sound: () => sound,
      make: (random, index) => (index % 2 === 0 && /json/.test(name) ? craft(sound, random) : mutate(sound, random)),
      read: async (bytes) => {
        await storage.write(name, bytes);
        return use(await openRun(storage));
      },
    });
    console.log(`  ${name}: ${read} read, ${refused} refused`);
    assert.ok(read >= 20 && (refused > 0 || name === 'events.jsonl'), `${read} read, ${refused} refused`);
  });
}

test.run();
