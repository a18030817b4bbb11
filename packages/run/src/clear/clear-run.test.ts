// Only with --all: it kills at every change
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRun } from '../open/create-run.js';
import { openRun } from '../open/open-run.js';
import { reviewRun } from '../review-run/review-run.js';
import { folderStorage } from '../storage/folder.js';
import { memoryStorage } from '../storage/memory.js';
import type { RunStorage } from '../storage/storage.js';

const values = Float32Array.of(1, 2);
const column = { metric: 'aum', column: 'aum', window: 'complete', hardDirection: 'low', checkpoints: 1 } as const;

/** A run with every part, and a decision. */
async function writeWhole(storage: RunStorage): Promise<void> {
  const run = await createRun(storage, { examples: 2, classNames: ['a', 'b'] });
  await run.scores({ ids: ['x', 'y'], labels: Int32Array.of(0, 1), scores: [{ ...column, values }] });
  const predicted = [Int32Array.of(0, 1)];
  await run.trajectories({ labelProbability: [values], margin: [values], loss: [values], predicted });
  await run.features({ data: values, examples: 2, size: 1 });
  await run.issues({ summary: [], issues: [] });
  await run.thumbs({ width: 1, height: 1, channels: 1, count: 2, read: (s, e) => new Uint8Array(e - s) });
  await run.event('checkpoint');
  await storage.write('states/tracker.safetensors', new Uint8Array(3));
  await storage.write('report.html', new Uint8Array(3));
  await run.finish();
  const { decide, writeCorrections } = await reviewRun(await openRun(storage));
  await decide({ id: 'x', decision: 'relabel', label: 1, when: '2026-01-01T00:00:00.000Z' });
  await writeCorrections();
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-clear-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const DECIDED = '{"when":"2026-01-01T00:00:00.000Z","id":"x","decision":"relabel","label":1}\n';
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const isKept = (name: string): boolean => name.startsWith('before/');

for (const kind of ['memory', 'folder'] as const) {
  test(`a replaced run leaves nothing but what people decided, in ${kind}`, async () => {
    await inFolder(async (folder) => {
      const storage = kind === 'memory' ? memoryStorage() : folderStorage(join(folder, 'run'));
      await writeWhole(storage);
      const run = await createRun(storage, { examples: 3, notes: ['mine'] }, { replace: true });
      const names = await storage.list('');
      assert.equal(
        names.filter((name) => !isKept(name)),
        ['run.json'],
      );
      const [corrections, reviews] = names.filter(isKept);
      assert.match(reviews!, /^before\/\d{4}-\d\d-\d\dT[\d.-]+Z\/reviews\.jsonl$/);
      assert.is(text(await storage.read(reviews!)), DECIDED);
      assert.match(text(await storage.read(corrections!)), /x,a,b,relabel/);
      assert.equal(run.manifest.notes, [
        'mine',
        `Decisions about the run that was here before are kept in ${reviews}.`,
      ]);
      const resumed = await createRun(storage, { examples: 3, notes: ['mine'] }, { replace: 'resume' });
      assert.equal(resumed.manifest.notes, run.manifest.notes, 'a run that goes on still says where they are');
      assert.equal((await (await openRun(storage)).reviews()).lines, []);
      await writeWholeAgain(storage);
      await createRun(storage, { examples: 2 }, { replace: true });
      assert.is((await storage.list('')).filter(isKept).length, 3, 'the copies of both replacements stay');
      if (kind === 'folder') assert.equal((await readdir(join(folder, 'run'))).toSorted(), ['before', 'run.json']);
    });
  });
}

async function writeWholeAgain(storage: RunStorage): Promise<void> {
  await storage.append('reviews.jsonl', new TextEncoder().encode(DECIDED));
}

test('replacing touches no file that no run has, and needs no run to be there', async () => {
  await inFolder(async (folder) => {
    await mkdir(join(folder, 'thesis'));
    await writeFile(join(folder, 'thesis', 'chapter.txt'), 'mine');
    await writeFile(join(folder, 'weights.bin'), 'mine');
    await createRun(folder, { examples: 2 }, { replace: true });
    await createRun(folder, { examples: 2 }, { replace: true });
    assert.equal((await readdir(folder)).toSorted(), ['run.json', 'thesis', 'weights.bin']);
    assert.is(await readFile(join(folder, 'thesis', 'chapter.txt'), 'utf8'), 'mine');
  });
});

test('a damaged run can be replaced', async () => {
  const storage = memoryStorage();
  await writeWhole(storage);
  await storage.write('run.json', new Uint8Array(4));
  await createRun(storage, { examples: 2 }, { replace: true });
  assert.is((await openRun(storage)).manifest.state, 'running');
});

/** Ends the process, as far as the storage can tell, before its change number `last`. */
function killedAt(storage: RunStorage, last: number): RunStorage {
  let done = 0;
  const change = async (work: () => Promise<void>): Promise<void> => {
    if (done++ >= last) throw new Error('killed');
    await work();
  };
  return {
    ...storage,
    write: (name, content) => change(() => storage.write(name, content)),
    remove: (name) => change(() => storage.remove(name)),
  };
}

test('a kill at any moment leaves the whole old run or none, never a rest of it in the next, and every decision', async () => {
  let states = '';
  for (let moment = 0, ended = false; !ended; moment++) {
    const storage = memoryStorage();
    await writeWhole(storage);
    const before = (await storage.list('')).length;
    ended = await createRun(killedAt(storage, moment), { examples: 3 }, { replace: true }).then(
      () => true,
      () => false,
    );
    const names = await storage.list('');
    const copies = names.filter((name) => name.endsWith('reviews.jsonl'));
    const texts = await Promise.all(copies.map(async (name) => text(await storage.read(name))));
    assert.ok(texts.includes(DECIDED), `the decision is there after ${moment} changes`);
    if (names.includes('run.json') && !ended) {
      states += 'o';
      assert.ok(names.length >= before);
      assert.is((await (await openRun(storage)).reviews()).lines.length, 1);
      assert.is(await codeOf(createRun(storage, { examples: 3 })), 'RUN_EXISTS');
      await createRun(storage, { examples: 2 }, { replace: 'resume' });
      assert.not.ok((await storage.list('')).includes('replacing.json'));
    } else if (!ended) {
      states += '-';
      assert.is(await codeOf(openRun(storage)), 'RUN_ABSENT');
      // Without asking for a replacement: there is no run, and its rest is nobody's.
      const run = await createRun(storage, { examples: 3 });
      assert.is(run.manifest.examples, 3);
      const rest = (await storage.list('')).filter((name) => !isKept(name));
      assert.equal(rest, ['run.json'], `after ${moment} changes`);
    }
  }
  assert.match(states, /^o{3,}-{8,}$/);
});

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => (error instanceof VogError ? error.code : error),
  );
}

test('to remove what is not there does nothing, and no name leads out of the run', async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'mine'), '');
    for (const storage of [memoryStorage(), folderStorage(join(folder, 'run'))]) {
      await storage.remove('scores.parquet');
      assert.is(await codeOf((async () => storage.remove('../mine'))()), 'ARGUMENT_INVALID');
    }
    assert.equal(await readdir(folder), ['mine']);
  });
});

test.run();
