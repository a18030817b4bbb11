import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  atLeast,
  between,
  callable,
  type Check,
  checkArgument,
  checkOptions,
  either,
  finite,
  flag,
  integer,
  list,
  listOf,
  numbers,
  oneOf,
  positive,
  record,
  share,
  text,
} from './checks.js';
import { VogError } from './errors.js';
import { shown } from './shown.js';

const test = suite('checks');

const promise = Promise.resolve(1);
const values: Record<string, unknown> = {
  null: null,
  undefined: undefined,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-1': -1,
  0: 0,
  '.5': 0.5,
  1: 1,
  5: 5,
  '1n': 1n,
  "'a'": 'a',
  "''": '',
  true: true,
  function: () => 1,
  '[]': [],
  '[1]': [1],
  "['a']": ['a'],
  Float32Array: new Float32Array(2),
  BigInt64Array: new BigInt64Array(1),
  '{}': {},
  promise,
};

/** Exactly these of the values above pass; every other is refused. */
const passing: [Check, string[]][] = [
  [finite, ['-1', '0', '.5', '1', '5']],
  [positive, ['.5', '1', '5']],
  [atLeast(1), ['1', '5']],
  [oneOf(0, 5), ['0', '5']],
  [share, ['0', '.5', '1']],
  [between(-1, 0.5), ['-1', '0', '.5']],
  [integer(0), ['0', '1', '5']],
  [integer(1, 4), ['1']],
  [flag, ['true']],
  [text, ["'a'"]],
  [callable, ['function']],
  [record, ['{}']],
  [list, ['[]', '[1]', "['a']"]],
  [listOf(integer(1)), ['[]', '[1]']],
  [numbers, ['[]', '[1]', 'Float32Array']],
  [oneOf('a', 'b'), ["'a'"]],
  [either(flag, text), ['true', "'a'"]],
];

test('each check passes the values it is for, and no other', () => {
  for (const [check, names] of passing) {
    const passed = Object.keys(values).filter((name) => check.holds(values[name]));
    assert.equal(passed.sort(), [...names].sort(), check.expected);
  }
});

function messageOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    assert.instance(error, VogError);
    assert.is((error as VogError).code, 'ARGUMENT_INVALID');
    return (error as VogError).message;
  }
  return 'nothing was thrown';
}

test('a refusal names the function and the argument, what it must be and what it is', () => {
  const message = messageOf(() => checkArgument('quantile', 'q', 2, share));
  assert.is(message, 'quantile: q must be a number from 0 to 1; got 2.');
});

test('a promise is told to be awaited', () => {
  const message = messageOf(() => checkArgument('vogOod', 'sets', promise, record));
  assert.is(message, 'vogOod: sets must be an object; got a promise. Await it.');
});

test('options: no object, an unknown key, a bad value and a missing one are four refusals', () => {
  const check = (options: unknown) => () => checkOptions('f', options, { a: flag, b: text }, ['b']);
  for (const options of [null, 5, 'a', [], promise, undefined]) {
    assert.match(messageOf(check(options)), /^f: options must be an object \{ a, b \}; got /);
  }
  assert.is(messageOf(check({ b: 'x', c: 1 })), "f: unknown option 'c'. Known: a, b.");
  assert.is(messageOf(check({ b: 'x', a: 1 })), 'f: a must be true or false; got 1.');
  assert.is(messageOf(check({ a: true })), 'f: b is missing; it must be a string that is not empty.');
  assert.is(messageOf(check({ a: undefined, b: 'x' })), 'nothing was thrown');
});

test('an option named like a member of every object is unknown all the same', () => {
  assert.match(
    messageOf(() => checkOptions('f', JSON.parse('{"__proto__":1,"constructor":2}'), { a: flag })),
    /'constructor'/,
  );
});

test('a choice reads as people write it', () => {
  assert.is(oneOf('a').expected, "'a'");
  assert.is(oneOf('a', 'b', 'c').expected, "'a', 'b' or 'c'");
});

test('a value is shown short and never as another type', () => {
  assert.is(shown('5'), '"5"');
  assert.is(shown(5n), '5n');
  assert.is(shown([1, 2]), '[1, 2]');
  assert.is(shown(new Map()), 'a Map');
  assert.is(shown(Object.create(null)), 'an object');
  assert.is(shown('x'.repeat(100)).length, 63);
});

test.run();
