import { seededRandom } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRun } from '../../open/open-run.js';
import { createRun } from '../../open/create-run.js';
import { s3Storage } from './s3-storage.js';
import { startStore, type Store } from '@vogjs/testing/failing-store';
import type { Waits } from './waits.js';

const test = suite<{ store: Store }>('a run in an S3-compatible store');
const WAITS: Waits = { attempts: 4, rest: 1, longestRest: 5, answer: 5000, slowest: 1e6 };
const seed = Math.floor(Math.random() * 2 ** 20);
console.log(`seed ${seed}`);
const random = seededRandom(seed);
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random.uniform() * 256));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

test.before.each(async (context) => {
  context.store = await startStore();
});
test.after.each(({ store }) => store.close());

const at = (
  { environment }: Store,
  place = 's3://bucket/runs/photos',
  pieceBytes = 100,
): ReturnType<typeof s3Storage> => s3Storage(place, { environment, waits: WAITS, pieceBytes });

test('what is written is read: whole, in ranges, and of any size', async ({ store }) => {
  const storage = at(store);
  for (const length of [0, 1, 100, 101, 450]) {
    const content = bytes(length);
    await storage.write('part', content);
    assert.is(await storage.size('part'), length);
    assert.equal(await storage.read('part'), content);
    for (const [start, end] of [
      [0, 0],
      [0, 1],
      [length - 1, length],
      [5, 205],
      [3, length + 50],
      [length + 1, length + 2],
    ] as const) {
      if (start < 0) continue;
      assert.equal(
        await storage.read('part', { start, end }),
        content.slice(start, end),
        `${start} to ${end} of ${length}`,
      );
    }
  }
  assert.equal([...store.files.keys()], ['runs/photos/part']);
  assert.is(store.uploads.size, 0);
  assert.is(await storage.size('absent'), null);
  await storage.read('absent').then(
    () => assert.unreachable(),
    ({ code }) => assert.is(code, 'RUN_ABSENT'),
  );
});

test('names of any characters are kept apart and come back, in order of their code units, over pages of the list', async ({
  store,
}) => {
  const storage = at(store);
  const names = [
    'a b',
    'a+b',
    'a%20b',
    'ü/é',
    'x&y<z>',
    "it's(1)!*",
    '日本',
    '~-._',
    'states/1',
    'states/2',
    'states10',
  ];
  for (const name of names) await storage.write(name, text(name));
  const ordered = names.toSorted((a, b) => Number(a > b) - Number(a < b));
  assert.equal(await storage.list(''), ordered);
  assert.equal(await storage.list('states/'), ['states/1', 'states/2']);
  assert.equal(await at(store, 's3://bucket').list('runs/photos/states1'), ['runs/photos/states10']);
  for (const name of names) assert.is(new TextDecoder().decode(await storage.read(name)), name);
  for (const name of names) await storage.remove(name);
  await storage.remove('never there');
  assert.equal(await storage.list(''), []);
});

test('the folder of another run whose name begins alike is not of this one', async ({ store }) => {
  await at(store, 's3://bucket/runs/photos2').write('run.json', text('{}'));
  assert.equal(await at(store).list(''), []);
  assert.equal(await at(store, 's3://bucket/runs/').list(''), ['photos2/run.json']);
});

test('of many who create a file at once one is first, small or in parts', async ({ store }) => {
  for (const length of [10, 450]) {
    const contents = Array.from({ length: 6 }, () => bytes(length));
    const firsts = await Promise.all(contents.map((content) => at(store).create(`shard-${length}`, content)));
    assert.is(firsts.filter(Boolean).length, 1);
    assert.equal(await at(store).read(`shard-${length}`), contents[firsts.indexOf(true)]);
    assert.is(store.uploads.size, 0, 'no parts are left of those who came later');
  }
});

test('lines that several append at once are all there, each once and whole', async ({ store }) => {
  const lines = Array.from({ length: 8 }, (_, line) => `${line} ${'x'.repeat(line)}\n`);
  await Promise.all(lines.map((line) => at(store).append('events.jsonl', text(line))));
  const found = new TextDecoder().decode(await at(store).read('events.jsonl'));
  assert.equal(found.split('\n').toSorted(), lines.join('').split('\n').toSorted());
});

test('a file that is replaced while it is read is read again, and never comes out mixed', async ({ store }) => {
  const [old, young] = [bytes(250), bytes(250)];
  const storage = at(store);
  await storage.write('part', old);
  store.fail(/GET.*part/, { status: 500 });
  const reading = storage.read('part');
  await at(store).write('part', young);
  const read = await reading;
  assert.ok([old, young].some((content) => Buffer.compare(read, content) === 0));
});

test('a run is created, opened and gone on with at its address, and no file of it has a key', async ({ store }) => {
  const kept = { ...process.env };
  Object.assign(process.env, store.environment);
  try {
    const place = 's3://bucket/deep/run';
    const writer = await createRun(place, { examples: 2, config: { seed: 1 } });
    await writer.event('checkpoint', { checkpoint: 0 });
    await writer.event('checkpoint', { checkpoint: 1 });
    await createRun(place, { examples: 2 }).then(
      () => assert.unreachable(),
      ({ code }) => assert.is(code, 'RUN_EXISTS'),
    );
    await writer.finish();
    const run = await openRun(place);
    assert.is(run.manifest.state, 'complete');
    assert.is((await run.events()).length, 2);
    for (const content of store.files.values())
      assert.not.match(content.toString('latin1'), /of-the-tests|of-a-session|AKIDOF/);
  } finally {
    process.env = kept;
  }
});

test.run();
