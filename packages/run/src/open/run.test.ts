import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, VogError } from '@vogjs/base';
import { runSeed } from '@vogjs/testing';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folderStorage } from '../storage/folder.js';
import { memoryStorage } from '../storage/memory.js';
import type { RunStorage } from '../storage/storage.js';
import { encodeColumns } from '../tables/parquet.js';
import type { ScoresToWrite } from '../tables/scores-table.js';
import { createRun } from './create-run.js';
import { openRun } from './open-run.js';

const seed = runSeed();
const random = seededRandom(seed);
const N = 257;
const classNames = ['cat', 'a "dog", loud', 'ünï'];

function draw(): Float32Array {
  const values = Float32Array.from({ length: N }, () => random.normal());
  values.set([Number.NaN, -0, Infinity, -Infinity, 0, 0], 3);
  return values;
}

function scoresOf(window: string): ScoresToWrite {
  return { metric: 'vog', column: 'vog', window, hardDirection: 'high', checkpoints: 5, values: draw(), notes: ['n'] };
}

async function written(storage: RunStorage) {
  const ids = Array.from({ length: N }, (_, i) => `images/${i}, "x"\n.png`);
  const labels = Int32Array.from({ length: N }, () => random.integer(3));
  const table = {
    ids,
    paths: ids,
    labels,
    predicted: labels.map((label) => (label + 1) % 3),
    scores: [scoresOf('complete'), scoresOf('late')],
    meta: {
      width: Array.from({ length: N }, () => random.integer(99)),
      group: ids.map((_, i) => (i % 2 ? 'a' : null)),
    },
  };
  const run = await createRun(storage, { examples: N, classNames, config: { epochs: 3 } });
  await run.scores(table);
  await run.trajectories({
    labelProbability: [draw(), draw()],
    margin: [draw(), draw()],
    loss: [draw(), draw()],
    predicted: [labels, table.predicted],
  });
  await run.features({ data: new Float32Array(N * 2).map(() => random.normal()), examples: N, size: 2 });
  await run.issues({ summary: [], issues: [{ kind: 'label', id: ids[0]!, score: 1, flagged: true, why: 'because' }] });
  await run.thumbs({
    width: 5,
    height: 7,
    channels: 3,
    count: N,
    read: (s, e) => new Uint8Array((e - s) * 105).fill(9),
  });
  await run.event('checkpoint', { checkpoint: 0 });
  await run.finish();
  return table;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-run-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const code = (expected: string) => (error: unknown) => error instanceof VogError && error.code === expected;
async function rejects(work: Promise<unknown>, expected: string): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(code(expected)(error), `expected ${expected}, got ${String(error)}`);
  return (error as VogError).message;
}

for (const kind of ['memory', 'folder'] as const) {
  test(`a run reads back bit by bit what was written, from ${kind} (SEED=${seed})`, async () => {
    await inFolder(async (folder) => {
      const storage = kind === 'memory' ? memoryStorage() : folderStorage(join(folder, 'deep', 'run'));
      const table = await written(storage);
      const run = await openRun(storage);
      assert.is(run.manifest.state, 'complete');
      assert.equal(run.manifest.windows, ['complete', 'late']);
      const scores = await run.scores();
      assert.equal(await scores.ids(), table.ids);
      assert.equal(await scores.paths(), table.paths);
      assert.equal(await scores.labels(), table.labels);
      assert.is(await scores.suggested(), null);
      assert.equal(
        scores.columns.map(({ name }) => name),
        ['vog', 'vog@late'],
      );
      for (const [i, name] of ['vog', 'vog@late'].entries()) {
        const values = await scores.values(name);
        const bits = (array: Float32Array) => new Int32Array(array.slice().buffer);
        assert.equal(bits(values), bits(table.scores[i]!.values));
      }
      assert.equal(await scores.meta('width'), table.meta.width);
      assert.equal(await scores.meta('group'), table.meta.group);
      assert.equal(scores.classNames, classNames);
      const trajectories = await run.trajectories();
      assert.is(trajectories.checkpoints, 2);
      const predicted = await trajectories.at('predicted', 1);
      assert.equal((await trajectories.of(200)).predicted, [table.labels[200], predicted[200]]);
      assert.is((await run.features()).size, 2);
      assert.is((await run.issues()).issues[0]!.why, 'because');
      assert.is((await run.thumbs()).count, N);
      assert.is((await run.events()).length, 1);
    });
  });
}

test('the percentile puts the hardest near 100, shares ties, and leaves NaN out', async () => {
  const storage = memoryStorage();
  const run = await createRun(storage, { examples: 5 });
  const values = Float32Array.of(1, 3, Number.NaN, 1, 9);
  const column = { metric: 'aum', column: 'aum', window: 'complete', hardDirection: 'low', checkpoints: 1 } as const;
  await run.scores({ ids: [0, 1, 2, 3, 4], scores: [{ ...column, values }] });
  const percentile = await (await (await openRun(storage)).scores()).percentile();
  assert.equal([...percentile!], [75, 37.5, Number.NaN, 75, 12.5]);
});

test('a run that is there is refused, gone on with, or replaced, as asked', async () => {
  const storage = memoryStorage();
  await createRun(storage, { examples: 2 });
  const { created } = (await openRun(storage)).manifest;
  assert.match(await rejects(createRun(storage, { examples: 2 }), 'RUN_EXISTS'), /another folder/);
  const again = await createRun(storage, { examples: 2 }, { replace: 'resume' });
  assert.is(again.manifest.created, created);
  await createRun(storage, { examples: 3 }, { replace: true });
  assert.is((await openRun(storage)).manifest.examples, 3);
});

test('the manifest names the column that the table is sorted by, and says after a resume what it said of the table', async () => {
  const storage = memoryStorage();
  const column = { window: 'late', hardDirection: 'high', checkpoints: 1, values: Float32Array.of(1, 2) } as const;
  const [aum, vog] = ['aum', 'vog'].map((name) => ({ ...column, metric: name, column: name })) as [
    ScoresToWrite,
    ScoresToWrite,
  ];
  const checkpoints = [{ epoch: 1, step: 10 }];
  const run = await createRun(storage, { examples: 2, checkpoints, primary: 'vog@late' });
  await run.scores({ ids: [1, 2], scores: [aum, vog] });
  const { primary } = await (await openRun(storage)).scores();
  assert.equal([primary, run.manifest.primary], ['vog@late', 'vog@late']);
  await run.finish();
  const resumed = await createRun(storage, { examples: 2 }, { replace: 'resume' });
  const { state, metrics, windows, created } = resumed.manifest;
  assert.equal([state, metrics, windows, created], ['running', ['aum', 'vog'], ['late'], run.manifest.created]);
  assert.equal([resumed.manifest.primary, resumed.manifest.checkpoints], ['vog@late', checkpoints]);
  await resumed.scores({ ids: [1, 2], scores: [aum] });
  assert.is(resumed.manifest.primary, 'aum@late', 'the first column, where the old one is no more');
});

test('a manifest that could not be read again is refused, before anything is written or removed', async () => {
  const storage = memoryStorage();
  const run = await createRun(storage, { examples: 2, notes: ['mine'] });
  for (const init of [{ classNames: 'cat' }, { classNames: [1] }, { notes: 'x' }, { config: 3 }, { data: 'x' }]) {
    await rejects(createRun(storage, { examples: 2, ...init } as never, { replace: true }), 'ARGUMENT_INVALID');
  }
  assert.match(await rejects(run.update({ state: 'done' as never }), 'ARGUMENT_INVALID'), /has no state/);
  assert.equal([(await openRun(storage)).manifest.notes, run.manifest.state], [['mine'], 'running']);
});

test('what is missing, damaged or newer is refused by name', async () => {
  await inFolder(async (folder) => {
    await rejects(openRun(join(folder, 'nothing')), 'RUN_ABSENT');
    const place = join(folder, 'run');
    await written(folderStorage(place));
    const manifest = await readFile(join(place, 'run.json'), 'utf8');
    await writeFile(join(place, 'run.json'), manifest.slice(0, 50));
    assert.match(await rejects(openRun(place), 'RUN_INVALID'), /run\.json/);
    await writeFile(join(place, 'run.json'), manifest.replace('"version": 1', '"version": 7'));
    assert.match(await rejects(openRun(place), 'RUN_VERSION'), /7/);
    await writeFile(join(place, 'run.json'), manifest.replace(`"examples": ${N}`, '"examples": 9'));
    await rejects((await openRun(place)).scores(), 'RUN_INVALID');
    await writeFile(join(place, 'run.json'), manifest);
    for (const name of ['scores.parquet', 'trajectories.parquet']) {
      const bytes = await readFile(join(place, name));
      await writeFile(join(place, name), bytes.subarray(0, bytes.length - 9));
      const run = await openRun(place);
      await rejects(name === 'scores.parquet' ? run.scores() : run.trajectories(), 'RUN_INVALID');
    }
    await writeFile(join(place, 'issues.json'), '{"version":1,"summary":[],"issues":[{"kind":"x"}]}');
    await rejects((await openRun(place)).issues(), 'RUN_INVALID');
    await rm(join(place, 'features.safetensors'));
    await rejects((await openRun(place)).features(), 'RUN_ABSENT');
  });
});

test('tables and pictures of a newer version are refused as such, and ids or columns that are none as damaged', async () => {
  const storage = memoryStorage();
  await createRun(storage, { examples: 1 });
  const run = await openRun(storage);
  const table = async (facts: Record<string, string>) => encodeColumns([{ name: 'id', data: ['a'] }], facts);
  for (const name of ['scores.parquet', 'trajectories.parquet']) {
    await storage.write(name, await table({ version: '2', columns: '[]', checkpoints: '0' }));
    const reads = name === 'scores.parquet' ? run.scores() : run.trajectories();
    assert.match(await rejects(reads, 'RUN_VERSION'), new RegExp(`${name} of memory has version 2`));
  }
  await storage.write('thumbs/index.json', new TextEncoder().encode('{"version":2}'));
  await rejects(run.thumbs(), 'RUN_VERSION');
  for (const columns of ['[null]', '[{"name":"id"}]', '{}', 'x']) {
    await storage.write('scores.parquet', await table({ version: '1', columns }));
    await rejects(run.scores(), 'RUN_INVALID');
  }
});

test('lists of unlike length and names that are taken are refused before anything is written', async () => {
  const storage = memoryStorage();
  const run = await createRun(storage, { examples: 2 });
  const column = { metric: 'm', column: 'm', window: 'complete', hardDirection: 'high', checkpoints: 1 } as const;
  const values = new Float32Array(2);
  await rejects(run.scores({ ids: [1, 2, 3], scores: [] }), 'ARGUMENT_INVALID');
  await rejects(run.scores({ ids: [1, 2], scores: [{ ...column, values: new Float32Array(3) }] }), 'ARGUMENT_INVALID');
  await rejects(run.scores({ ids: [1, 2], scores: [{ ...column, name: 'label', values }] }), 'ARGUMENT_INVALID');
  await rejects(
    run.scores({
      ids: [1, 2],
      scores: [
        { ...column, values },
        { ...column, values },
      ],
    }),
    'ARGUMENT_INVALID',
  );
  await rejects(run.scores({ ids: [1, 2], scores: [{ ...column, values }], primary: 'n' }), 'ARGUMENT_INVALID');
  await rejects(run.scores({ ids: ['a', 'a'], scores: [] }), 'IDS_DUPLICATE');
  assert.equal(await storage.list(''), ['run.json']);
});

test('no name leads out of a run', async () => {
  await inFolder(async (folder) => {
    const storage = folderStorage(join(folder, 'run'));
    for (const name of ['../x', '/etc/passwd', 'a//b', 'a/../../b', 'a\\b', 'C:x', '']) {
      await rejects((async () => storage.write(name, new Uint8Array()))(), 'ARGUMENT_INVALID');
    }
    assert.equal(await readdir(folder), []);
  });
});

test.run();
