import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { identityOf } from './identity.js';

const test = suite('identity of a value');

test('what JSON keeps stands for itself, and what it loses for a word', () => {
  for (const value of ['a', '', true, 0, -1.5, 1e300, null]) assert.is(identityOf(value), value);
  assert.is(identityOf(-0), 0);
  assert.is(Object.is(identityOf(-0), -0), false);
  assert.equal([Number.NaN, Infinity, -Infinity, 3n, () => 1].map(identityOf), [
    'NaN',
    'Infinity',
    '-Infinity',
    '3',
    'function',
  ]);
  assert.is(identityOf(undefined), undefined);
});

test('equal lists and records have equal identities, whatever the order of their keys', () => {
  assert.is(identityOf({ b: 1, a: [1, 'x'] }), identityOf({ a: [1, 'x'], b: 1 }));
  assert.is.not(identityOf([1, 2]), identityOf([2, 1]));
  assert.is.not(identityOf([1]), identityOf(['1']));
  assert.is(identityOf(Int32Array.of(1, 2)), identityOf(Int32Array.of(1, 2)));
  assert.is.not(identityOf(Int32Array.of(1, 2)), identityOf(Int32Array.of(1, 3)));
});

test('an object of a class has no identity of its own', () => {
  for (const value of [new Date(0), new Map(), new Float32Array(1)]) {
    assert.throws(() => identityOf(value), /has no identity of its own\. Declare one/);
  }
});

test.run();
