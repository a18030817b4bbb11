import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namedClasses } from './named-classes.js';

const test = suite('named classes');

test('whole numbers are classes of that name; codes that skip most of their range are classes by rank', () => {
  for (const [given, labels, classNames] of [
    [
      [2, 0, 2],
      [2, 0, 2],
      ['0', '1', '2'],
    ],
    [
      ['2', '0'],
      [2, 0],
      ['0', '1', '2'],
    ],
    [
      [2_147_483_647, 9, 2_147_483_647],
      [1, 0, 1],
      ['9', '2147483647'],
    ],
    [
      ['0100', '20'],
      [1, 0],
      ['20', '0100'],
    ],
    [
      [9n, 1000n],
      [0, 1],
      ['9', '1000'],
    ],
    [
      ['b', 'a'],
      [1, 0],
      ['a', 'b'],
    ],
  ] as const) {
    const named = namedClasses('x', given, undefined);
    assert.equal([[...named.labels], named.classNames], [labels, classNames]);
  }
});

test.run();
