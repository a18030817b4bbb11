import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { channelStatistics, firstImages, type ImageSet, scaledPixels } from './images.js';
import { mirrorInto } from './training.js';

const test = suite('images');

/** Two images of 1 x 2 pixels and two channels; the second channel never varies. */
const set: ImageSet = {
  pixels: Uint8Array.of(0, 51, 255, 51, 0, 51, 255, 51),
  shape: [2, 1, 2, 2],
  labels: Int32Array.of(0, 1),
  classNames: ['a', 'b'],
};

test('each channel is scaled to mean 0 and deviation 1, and one that never varies to 0', () => {
  const statistics = channelStatistics(set);
  assert.is(statistics.mean[0], 0.5);
  assert.is(statistics.std[0], 0.5);
  const scaled = scaledPixels(set, statistics);
  assert.equal(
    [...scaled].map((value) => Math.round(value * 1e6) / 1e6 + 0),
    [-1, 0, 1, 0, -1, 0, 1, 0],
  );
});

test('the first images keep their labels, and more than there are is refused', () => {
  const first = firstImages(set, 1);
  assert.equal([...first.pixels], [0, 51, 255, 51]);
  assert.equal(first.shape, [1, 1, 2, 2]);
  assert.equal([...first.labels], [0]);
  assert.throws(
    () => firstImages(set, 3),
    (error: unknown) => error instanceof VogError,
  );
});

test('mirroring reverses columns, keeps channels and rows, and undoes itself', () => {
  const image = Float32Array.from({ length: 2 * 3 * 2 }, (_, i) => i);
  const [once, twice] = [new Float32Array(12), new Float32Array(12)];
  mirrorInto(once, image, 3, 2);
  assert.equal([...once], [4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7]);
  mirrorInto(twice, once, 3, 2);
  assert.equal(twice, image);
});

test.run();
