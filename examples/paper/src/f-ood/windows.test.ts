import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { windowsOf } from './windows.js';

test('the first and last three are three checkpoints, however the epochs are spread over them', () => {
  const { first, last } = windowsOf({ epochs: 16, checkpoints: 16 });
  assert.equal(
    [first, last],
    [
      { unit: 'fraction', from: 0, to: 3 / 16 },
      { unit: 'fraction', from: 13 / 16, to: 1 },
    ],
  );
  // Checkpoints after epochs 2, 3, 5, 7, 8 and 10 of 10.
  const { first: early, last: late } = windowsOf({ epochs: 10, checkpoints: 6 });
  assert.equal([early?.to, late?.from], [0.5, 0.5]);
});

test.run();
