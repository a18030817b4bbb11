// A run folder in a page: in the origin's private files, over a reload, with two pages that decide at once.
// Only with --all: it drives Chromium
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunFolderTests } from './page/run-folder.js';
import { inChromium, Pages } from './pages.js';

declare const tests: RunFolderTests;

const pages = new Pages('run-folder.ts');
const test = suite('a run folder in a page');
const claim = inChromium(test);

claim(
  'a run in the private files of a page outlives a reload, bit by bit, and no decision of two writers is lost',
  async () => {
    const page = await pages.on('wasm');
    const names = await page.evaluate(() => tests.write('runs/photos'));
    assert.equal(names, ['events.jsonl', 'run.json', 'scores.parquet', 'thumbs/0000.png', 'thumbs/index.json']);
    await page.evaluate(async () => {
      await Promise.all([tests.decide('runs/photos', 0, 20), tests.decide('runs/photos', 20, 40)]);
    });
    await page.reload();
    await page.waitForFunction(() => 'tests' in globalThis);
    const found = await page.evaluate(() => tests.read('runs/photos'));
    const { ids, values, decided, ...rest } = found;
    assert.equal(rest, { state: 'complete', events: 6, thumbs: 300, torn: 0, corrections: 40 });
    assert.equal(values, [...Float32Array.from(ids, (_, i) => i / 7)]);
    assert.is(new Set(decided).size, 40);
    assert.is(await page.evaluate(() => tests.codeOf('runs/nothing')), 'RUN_ABSENT');
  },
);

test.after(() => pages.close());
test.run();
