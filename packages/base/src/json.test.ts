import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseJson } from './json.js';

test('parseJson(text) = JSON.parse(text) for what nests as our files do', () => {
  for (const text of ['1', '{"a":[1,{"b":"]}[{\\"\\\\"}]}', '"\\\\"', '[]', `${'['.repeat(64)}${']'.repeat(64)}`]) {
    assert.equal(parseJson(text), JSON.parse(text), text);
  }
  assert.throws(
    () => parseJson('{"a'),
    (error: unknown) => error instanceof SyntaxError,
  );
  assert.throws(
    () => parseJson(']]]'),
    (error: unknown) => error instanceof SyntaxError,
  );
});

test('parseJson refuses deeper nests, also behind brackets that close nothing', () => {
  const tooDeep = (error: unknown) => error instanceof SyntaxError;
  assert.throws(
    () => parseJson(`${'['.repeat(65)}${']'.repeat(65)}`),
    (error: unknown) => /64 levels/.test(String(error)),
  );
  assert.throws(() => parseJson('{"a":'.repeat(1_000_000)), tooDeep);
  assert.throws(() => parseJson(`${']'.repeat(100)}${'['.repeat(100)}`), tooDeep);
});

test('parseJson keeps __proto__ as an ordinary key', () => {
  const value = parseJson('{"__proto__":{"polluted":true}}') as object;
  assert.is(Object.getPrototypeOf(value), Object.prototype);
  assert.ok(Object.hasOwn(value, '__proto__'));
});

test.run();
