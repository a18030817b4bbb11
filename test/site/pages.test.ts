// What the site makes of the repository's pages, and what it finds wrong with them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkLinks } from './anchors.js';
import { relinked } from './pages.js';

const test = suite('pages of the site');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-site-'));
test.after(() => rmSync(folder, { recursive: true }));

const PAGES = new Map([
  ['README.md', 'start.md'],
  ['docs/score.md', 'score.md'],
  ['docs/experiments/paper.md', 'experiments/paper.md'],
]);

test('links between pages follow, from the README and from a subfolder', () => {
  assert.is(relinked('[a](docs/score.md#x)', 'README.md', 'start.md', PAGES), '[a](./score.md#x)');
  const from = ['docs/experiments/paper.md', 'experiments/paper.md'] as const;
  assert.is(relinked('[a](../score.md), [b](../../README.md)', ...from, PAGES), '[a](../score.md), [b](../start.md)');
});

test('a picture follows, over a line break in its text too', () => {
  const text = '![two\nlines](docs/images/report.png)';
  assert.is(relinked(text, 'README.md', 'start.md', PAGES), '![two\nlines](./images/report.png)');
});

test('a file that is no page becomes text; addresses, anchors and code stay', () => {
  const kept = '[a](https://example.org/x) [b](#place)\n\n```md\n[c](../packages/core)\n```\n';
  assert.is(relinked(kept, 'docs/score.md', 'score.md', PAGES), kept);
  assert.is(relinked('see [`the` code](../packages/core)', 'docs/score.md', 'score.md', PAGES), 'see `the` code');
});

test('a link to a place that is not there is found; those that are there are not', () => {
  mkdirSync(join(folder, 'sub'));
  writeFileSync(
    join(folder, 'a.html'),
    '<h1 id="top">A</h1><a class="x" href="./sub/b.html#here">b</a><a href="#top">a</a>',
  );
  writeFileSync(join(folder, 'sub/b.html'), '<h2 id="here">B</h2><a href="/a.html#top">a</a>');
  assert.equal(checkLinks(folder), []);
  writeFileSync(join(folder, 'sub/b.html'), '<h2 id="there">B</h2><a href="/a.html#bottom">a</a>');
  assert.equal(checkLinks(folder).sort(), [
    'a.html: no place for ./sub/b.html#here',
    'sub/b.html: no place for /a.html#bottom',
  ]);
});

test('a link to a file that is not there is found, also where the site lies in a folder of its host', () => {
  writeFileSync(join(folder, 'a.html'), '<a href="./nowhere.html">n</a><a href="/vogjs/sub/b.html">b</a>');
  writeFileSync(
    join(folder, 'sub/b.html'),
    '<a href="/a.html">a</a><a href="/vogjs/a.html">a</a><a href="../a.html">a</a>',
  );
  assert.equal(checkLinks(folder, '/vogjs/').sort(), [
    'a.html: no file for ./nowhere.html',
    'sub/b.html: no file for /a.html',
  ]);
});

test.run();
