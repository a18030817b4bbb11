import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { deadEnds } from './paths.js';

const test = suite('where documents point');
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'vogjs-paths-'));
test.after(() => rmSync(scratch, { recursive: true }));

function page(...lines: string[]): string[] {
  writeFileSync(join(scratch, 'page.md'), lines.join('\n'));
  return deadEnds(scratch, 'page.md');
}

test('a link to no file, a link to no heading and a path that is not there are told, each with its line', () => {
  mkdirSync(join(scratch, 'docs'), { recursive: true });
  writeFileSync(join(scratch, 'docs/other.md'), '# A title, with `code`\n');
  assert.equal(page('# Here', '[a](docs/other.md#a-title-with-code) [b](#here) [c](https://x.org/#y)', '`docs/'), []);
  assert.equal(page('', '[a](docs/none.md)', '[b](docs/other.md#none) and `docs/none.md`', '[c](#none)'), [
    'page.md:2 there is no docs/none.md',
    'page.md:3 docs/other.md has no heading #none',
    'page.md:3 there is no docs/none.md',
    'page.md:4 this page has no heading #none',
  ]);
});

test('names that stand for others, words that are no paths, and code blocks are let be', () => {
  assert.equal(
    page('`packages/NAME/src/NAME.ts` `src/x.ts` `test all`', '```sh', '`docs/none.md` [x](none)', '```'),
    [],
  );
});

const tracked = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

test('there are documents to check', () => {
  for (const needed of ['README.md', 'docs/architecture.md', 'CONTRIBUTING.md']) {
    assert.ok(tracked.includes(needed), `${needed} is missing`);
  }
});

for (const document of tracked.filter((path) => path !== 'CHANGELOG.md')) {
  test(`${document} points at what is there`, () => {
    assert.equal(deadEnds(root, document), []);
  });
}

test.run();
