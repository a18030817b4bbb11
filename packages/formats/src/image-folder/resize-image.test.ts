import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resizeImage } from './resize-image.js';

const test = suite('resizeImage');

test('bars are of the background, grey by its luma, and opaque', () => {
  // Rec. 601: 0.299 · 10 + 0.587 · 20 + 0.114 · 30 = 18.15.
  for (const [pixel, bar] of [
    [[9], [18]],
    [
      [9, 8],
      [18, 255],
    ],
    [
      [9, 8, 7],
      [10, 20, 30],
    ],
    [
      [9, 8, 7, 6],
      [10, 20, 30, 255],
    ],
  ] as const) {
    const image = { data: Uint8Array.from(pixel), width: 1, height: 1, channels: pixel.length };
    const { data } = resizeImage(image, { size: [1, 3], fit: 'contain', background: [10, 20, 30] });
    assert.equal([...data], [...bar, ...pixel, ...bar]);
  }
});

test.run();
