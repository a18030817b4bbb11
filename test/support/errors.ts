import * as assert from 'uvu/assert';
import { VogError, type ErrorCode } from '@vogjs/core';

/** The VogError that `run` throws or rejects with; fails when it does not, or when the code or message is another. */
export async function codedError(run: () => unknown, code: ErrorCode, part: RegExp = /./): Promise<VogError> {
  let thrown: unknown;
  let done = false;
  try {
    await run();
    done = true;
  } catch (error) {
    thrown = error;
  }
  if (done) assert.unreachable(`expected ${code}, but nothing was thrown`);
  if (!(thrown instanceof VogError)) {
    assert.unreachable(`expected VogError ${code}, got ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  }
  const error = thrown as VogError;
  assert.is(error.code, code, `${error.code}: ${error.message}`);
  assert.match(error.message, part);
  return error;
}
