import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Entry, pageOf, withEntry } from './history.js';

const entry = (commit: string, values: Record<string, number>, machine = 'm'): Entry => ({
  commit,
  date: '2026-11-28',
  machine,
  load: 0.5,
  figures: Object.entries(values).map(([name, value]) => ({ title: 't', name, value, unit: 'ratio' })),
});

test('an entry is added; a second run of a commit on a machine replaces the figures it has anew, and no others', () => {
  const first = withEntry([], entry('a', { x: 1, y: 2 }));
  const second = withEntry(first, entry('b', { x: 3 }));
  assert.equal(
    second.map(({ commit }) => commit),
    ['a', 'b'],
  );
  const again = withEntry(second, entry('a', { y: 5 }));
  assert.equal(
    again.find(({ commit }) => commit === 'a')!.figures.map(({ name, value }) => [name, value]),
    [
      ['x', 1],
      ['y', 5],
    ],
  );
  assert.is(withEntry(again, entry('a', { y: 5 }, 'another')).length, 3);
});

test('the page has a point for each value, the last one in words, and no markup from a name', () => {
  const page = pageOf([entry('a', { '<b>': 2 }), { ...entry('c0ffee', { '<b>': 1 }), load: 9 }]);
  assert.is(page.match(/<circle/g)!.length, 2);
  assert.is(page.match(/class="loaded"/g)!.length, 1);
  assert.match(page, /<th>&lt;b&gt;<\/th><td>1 ratio<\/td><td>c0ffee, 2026-11-28<\/td>/);
  assert.not.match(page, /<b>/);
  // From 0 at the bottom: the half of the most is half-way.
  assert.match(page, /points="8\.0,8\.0 312\.0,32\.0"/);
});

test('docs/benchmarks.html is drawn from docs/benchmarks.json', () => {
  const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  assert.is(read('benchmarks.html'), pageOf(JSON.parse(read('benchmarks.json')) as Entry[]));
});

test.run();
