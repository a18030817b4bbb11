import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { requireBytes } from './bytes.js';
import { shown } from './shown.js';

test('requireBytes gives a plain view over the same memory, also of a Buffer', () => {
  const buffer = Buffer.from([1, 2, 3, 4]).subarray(1, 3);
  const bytes = requireBytes('test', buffer);
  assert.is(bytes.constructor, Uint8Array);
  assert.is(bytes.buffer, buffer.buffer);
  assert.equal([...bytes], [2, 3]);
});

test('shown is short and never throws, whatever the value', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const values = [
    10n,
    circle,
    deep,
    { toJSON: () => circle },
    Symbol('x'),
    () => 1,
    'x'.repeat(1000),
    Object.create(null),
  ];
  assert.equal(
    [...values, null, undefined, Number.NaN, [1, 'a'], new Map(), new Uint8Array(3), Promise.resolve()].map((value) =>
      shown(value).slice(0, 20),
    ),
    [
      '10n',
      '[…]',
      '[…]',
      'an object',
      'a symbol',
      'a function',
      `"${'x'.repeat(19)}`,
      'an object',
      'null',
      'undefined',
      'NaN',
      '[1, "a"]',
      'a Map',
      'a Uint8Array',
      'a promise',
    ],
  );
  for (const value of values) assert.ok(shown(value).length < 70);
});

test.run();
