// Only with --all: it renders whole pages
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { seededRandom, VogError } from '@vogjs/base';
import { createRun, memoryStorage, openRun } from '@vogjs/run';
import { runSeed } from '@vogjs/testing';
import { decode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pageOf } from './page.js';

const seed = runSeed();

test(`the page of a run has each metric once, its suspects, and names with markup as text (SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  const storage = memoryStorage();
  const classNames = ['<b>cat</b>', 'dog'];
  const run = await createRun(storage, { examples: 40, classNames });
  const column = { window: 'complete', hardDirection: 'high', checkpoints: 4 } as const;
  const draw = () => Float32Array.from({ length: 40 }, () => random.normal());
  await run.scores({
    ids: Array.from({ length: 40 }, (_, i) => `<i>${i}</i>`),
    labels: Int32Array.from({ length: 40 }, (_, i) => i % 2),
    predicted: Int32Array.from({ length: 40 }, () => random.integer(2)),
    scores: [
      { ...column, metric: 'vog', column: 'vog', values: draw() },
      { ...column, metric: 'vog', column: 'vog', window: 'late', values: draw() },
      { ...column, metric: 'el2n', column: 'el2n', values: draw() },
    ],
  });
  const why = 'Looks like a dog & <b>barks</b>.';
  const issue = { kind: 'label', id: '<i>3</i>', score: 0.9, flagged: true, why, suggested: 1 } as const;
  await run.issues({ summary: [], issues: [issue] });
  const page = await pageOf(await openRun(storage), 'runs/x');
  for (const metric of ['vog', 'el2n']) {
    const tabs = page.match(new RegExp(`<label[^>]*>${metric}</label>`, 'g')) ?? [];
    assert.is(tabs.length, 1, `${metric}: ${tabs.join(' ')}`);
  }
  assert.match(page, /Looks like a dog &#38; &#60;b&#62;barks/);
  assert.not.match(page, /<i>\d|<b>cat/);
});

test('a page of many pictures reads the sheets of those that it shows, each once a round', async () => {
  const [count, side] = [3000, 64];
  const storage = memoryStorage();
  const writer = await createRun(storage, { examples: count });
  const values = Float32Array.from({ length: count }, (_, i) => i);
  const column = { window: 'complete', hardDirection: 'high', checkpoints: 4 } as const;
  await writer.scores({
    ids: Array.from({ length: count }, (_, i) => i),
    scores: [{ ...column, metric: 'vog', column: 'vog', values }],
  });
  const pixels = (start: number, end: number): Uint8Array =>
    Uint8Array.from({ length: (end - start) * side * side }, (_, at) => (start + Math.floor(at / side ** 2)) % 256);
  await writer.thumbs({ width: side, height: side, channels: 1, count, read: pixels });
  const sheets: string[] = [];
  const watched = {
    ...storage,
    read: (name: string, range?: { start: number; end: number }) => {
      if (name.endsWith('.png')) sheets.push(name);
      return storage.read(name, range);
    },
  };
  const page = await pageOf(await openRun(watched), 'runs/x');
  // 256 pictures a sheet: the easiest are in the first, the hardest in the last.
  assert.equal(new Set(sheets), new Set(['thumbs/0000.png', 'thumbs/0011.png']));
  assert.ok(sheets.length <= 3, sheets.join());
  const source = /<img src="data:image\/png;base64,([^"]+)"/.exec(page)![1]!;
  const { data } = decode(Buffer.from(source, 'base64'));
  assert.is(data[0], (count - 1) % 256);
});

test('a metric is called what its scores say, and a run without scores is refused', async () => {
  const storage = memoryStorage();
  const writer = await createRun(storage, { examples: 4 });
  const ids = [0, 1, 2, 3];
  const words = { title: 'Variance of Gradients (VoG) of the logit', meaning: 'how much the pull kept changing' };
  const column = { window: 'complete', hardDirection: 'low', checkpoints: 4, metric: 'vog', column: 'vog' } as const;
  await writer.scores({ ids, scores: [{ ...column, words, values: Float32Array.of(1, 2, 3, 4) }] });
  const why = 'no example of this table';
  const issue = { kind: 'label', id: 'gone', score: 0.9, flagged: true, why, suggested: 1 } as const;
  await writer.issues({ summary: [], issues: [issue] });
  const page = await pageOf(await openRun(storage), 'runs/x');
  assert.match(page, words.title);
  assert.not.match(page, 'VoG) of the probability');
  assert.not.match(page, why);

  const empty = memoryStorage();
  await (await createRun(empty, { examples: 4 })).scores({ ids, scores: [] });
  const error = await pageOf(await openRun(empty), 'runs/x').catch((thrown: unknown) => thrown);
  assert.ok(error instanceof VogError);
  assert.is(error.code, 'RUN_ABSENT');
  assert.match(error.message, 'The run in runs/x has no scores');
});

test('files are linked from where the page lies, whatever is in their names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-page-'));
  const paths = ['cat/a #1?.png', 'dog/b & "c".png'];
  for (const path of paths) {
    mkdirSync(join(folder, 'my photos', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'my photos', path), '');
  }
  const storage = memoryStorage();
  const source = { source: join(folder, 'my photos'), fingerprint: null, kind: 'images' } as const;
  const writer = await createRun(storage, { examples: 2, data: source });
  const column = { window: 'complete', hardDirection: 'high', checkpoints: 4 } as const;
  await writer.scores({
    ids: paths,
    paths,
    scores: [{ ...column, metric: 'vog', column: 'vog', values: Float32Array.of(1, 2) }],
  });
  const page = await pageOf(await openRun(storage), 'runs/x', join(folder, 'runs/x/report.html'));
  const links = Array.from(page.matchAll(/<a class="name file" href="([^"]+)"/g), ([, href]) => href);
  assert.ok(links.length > 0);
  for (const link of new Set(links)) {
    const file = new URL(link!.replaceAll('&#39;', "'"), pathToFileURL(join(folder, 'runs/x/report.html')));
    assert.ok(existsSync(fileURLToPath(file)), link);
  }
  assert.not.match(await pageOf(await openRun(storage), 'runs/x'), 'class="name file"');
  rmSync(folder, { recursive: true });
});

test.run();
