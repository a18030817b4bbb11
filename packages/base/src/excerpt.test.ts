import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { excerpt } from './excerpt.js';

const test = suite('excerpt');

test('the start of a text, whole characters, and a sign that there is more', () => {
  assert.is(excerpt('abc', 3), 'abc');
  assert.is(excerpt('abcd', 3), 'abc…');
  for (const character of ['👨‍👩‍👧‍👦', '🇨🇭', 'é', '👍🏽']) {
    assert.is(excerpt(character.repeat(3), 3), character.repeat(3));
    assert.is(excerpt(character.repeat(4), 3), `${character.repeat(3)}…`);
  }
});

test('a long text costs no more than its start', () => {
  // Time of the processor: other processes on the machine do not count.
  const { user } = process.cpuUsage();
  assert.is(excerpt('x'.repeat(1e8), 40), `${'x'.repeat(40)}…`);
  // One letter with a million accents is longer than any excerpt: nothing of it is left, and nothing is broken.
  assert.is(excerpt(`e${'\u0301'.repeat(1e6)}`, 3), '…');
  assert.ok(process.cpuUsage().user - user < 2_000_000);
});

test.run();
