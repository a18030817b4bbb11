import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { overSeeds } from './seeds.js';
import { formatP, number, signed, table, text } from './table.js';

const test = suite('table');

test('a table is Markdown, its columns aligned', () => {
  assert.is(
    table(
      [text('name'), number('value')],
      [
        ['x', '1'],
        ['longer', '12.5'],
      ],
    ),
    ['| name   | value |', '| ------ | ----: |', '| x      |     1 |', '| longer |  12.5 |'].join('\n'),
  );
});

test('p-values: three digits, then powers of ten, also where p underflows', () => {
  assert.is(formatP({ p: 0.0312, logP: Math.log(0.0312) }), '0.031');
  assert.is(formatP({ p: 3.2e-7, logP: Math.log(3.2e-7) }), '3.2e-7');
  assert.is(formatP({ p: 0, logP: -400 * Math.LN10 + Math.log(2) }), '2.0e-400');
  assert.is(formatP({ p: 9.99e-7, logP: Math.log(9.99e-7) }), '1.0e-6');
  assert.is(formatP({ p: 0, logP: -Infinity }), '0');
  assert.equal([signed(0.125), signed(-1, 0)], ['+0.13', '-1']);
});

test('interval over seeds = t quantile * std / sqrt(n); one run has none', () => {
  const { mean, halfWidth } = overSeeds([1, 2, 3]);
  assert.is(mean, 2);
  assert.ok(Math.abs(halfWidth - 4.3027 / Math.sqrt(3)) < 1e-12);
  assert.ok(Number.isNaN(overSeeds([5]).halfWidth));
  assert.throws(() => overSeeds([]), /1 to 10/);
  assert.throws(() => overSeeds(new Array<number>(11).fill(0)), /1 to 10/);
});

test.run();
