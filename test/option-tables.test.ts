// What the docs say of metrics and of their options is what is declared.
import { readFileSync } from 'node:fs';
import { allMetrics } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { updatePages, withTable } from './documents/option-tables.js';

const test = suite('tables of options');

test('every page shows the options that are declared: pnpm run docs writes them', () => {
  assert.equal(updatePages(true), []);
});

test('the table of metrics lists every metric, in the order of the list, with its hard end', () => {
  const page = readFileSync(new URL('../docs/metrics.md', import.meta.url), 'utf8');
  const summary = page.slice(0, page.indexOf('## '));
  const rows = [...summary.matchAll(/^\| `(\w+)` \|.*\| ([\w, ]+) \| [^|]* \|$/gm)].map(([, call, hard]) => [
    call,
    hard,
  ]);
  const declared = allMetrics.map(({ definition: { call, hardDirection } }) => [
    call,
    typeof hardDirection === 'string' ? hardDirection : Object.values(hardDirection).join(', '),
  ]);
  assert.equal(rows, declared);
});

test('a page whose table is behind is told from one that is not', () => {
  const page = (table: string) =>
    `# T\n<!-- options: made by pnpm run docs -->\n${table}\n<!-- end of options -->\nrest\n`;
  const wanted = withTable(page('old'), 'metric', allMetrics);
  assert.match(wanted, /^# T\n.*\n\| metric \| option \|/);
  assert.match(wanted, /\| `el2n` \| `at` \| 'mean' or 'last' \| `'mean'` \| The mean over checkpoints/);
  assert.is(withTable(wanted, 'metric', allMetrics), wanted);
  assert.throws(() => withTable('# no marks', 'metric', allMetrics), /needs the line/);
});

test.run();
