import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from './errors.js';
import { refuseUnknownKeys } from './options.js';

const test = suite('refuseUnknownKeys');

test('known keys pass', () => {
  assert.not.throws(() => refuseUnknownKeys('f', { a: 1 }, ['a', 'b']));
  assert.not.throws(() => refuseUnknownKeys('f', {}, []));
});

test('an unknown key is named, beside the known ones', () => {
  assert.throws(
    () => refuseUnknownKeys('f', { a: 1, chanels: 2 }, ['a', 'channels']),
    (error: unknown) =>
      error instanceof VogError &&
      error.code === 'ARGUMENT_INVALID' &&
      error.message === "f: unknown option 'chanels'. Known: a, channels.",
  );
});

test.run();
