// Only with --all: it renders whole pages
import { decode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from '@vogjs/core';
import type { PixelImages } from '@vogjs/formats/images';
import { all, everything, render, textOf } from '../sample.test.helper.js';
import { pixelNote } from './pixel-note.js';
import { thumbnailsOf } from './thumbnail.js';

const test = suite('images');

/** Bytes of an example's thumbnail. */
function bytesOf(images: PixelImages, example = 0): number[] {
  const { source } = thumbnailsOf(images, { side: 48, bits: 8 })(example);
  return [...decode(Buffer.from(source.split(',')[1]!, 'base64')).data];
}

const grey = (data: ArrayLike<number>, range?: readonly [number, number]): PixelImages => ({
  data,
  shape: [1, 1, data.length, 1],
  ...(range && { range }),
});

const cases: [name: string, data: ArrayLike<number>, bytes: number[], note: string | null][] = [
  ['bytes', Uint8Array.of(0, 100, 255), [0, 100, 255], null],
  ['bytes that do not reach white', Uint8Array.of(0, 100, 200), [0, 100, 200], null],
  ['floats from 0 to 255', Float32Array.of(0, 99.6, 255), [0, 100, 255], null],
  ['floats from 0 to 1', Float32Array.of(0, 0.2, 1), [0, 51, 255], 'from 0 to 1'],
  ['floats from 0 to 1, by a rounding beyond', Float32Array.of(-1e-6, 0.2, 1.000001), [0, 51, 255], 'from 0 to 1'],
  ['floats from 0 to 1 that reach neither end', Float64Array.of(0.2, 0.4, 0.8), [51, 102, 204], 'from 0 to 1'],
  ['bits', Uint8Array.of(0, 1, 1), [0, 255, 255], 'from 0 to 1'],
  ['17 levels of grey', Float32Array.of(0, 4, 16), [0, 64, 255], 'from 0 to 16'],
  ['16 bits', Uint16Array.of(0, 13107, 65535), [0, 51, 255], 'from 0 to 65,535'],
  ['floats from -1 to 1', Float32Array.of(-1, 0, 1), [0, 128, 255], 'from −1 to 1'],
  ['floats within -1 and 1', Float32Array.of(-0.5, 0, 0.5), [64, 128, 191], 'from −1 to 1'],
  ['normalised', Float32Array.of(-2, 0, 3), [0, 102, 255], 'from −2 to 3'],
  ['a list of numbers', [0, 0.2, 1], [0, 51, 255], 'from 0 to 1'],
  ['black floats', new Float32Array(3), [0, 0, 0], 'from 0 to 1'],
  ['no numbers', Float32Array.of(NaN, 0.2, Infinity), [0, 51, 255], '1 value that is not a number'],
];

for (const [name, data, bytes, note] of cases) {
  test(`${name} are drawn from black to white`, () => {
    assert.equal(bytesOf(grey(data)), bytes);
    if (note === null) assert.is(pixelNote(grey(data)), null);
    else assert.match(pixelNote(grey(data))!, note);
  });
}

test('the range given is the one drawn; what is beyond it is black or white', () => {
  assert.equal(bytesOf(grey(Float32Array.of(-3, -1, 0, 1, 9), [-1, 1])), [0, 0, 128, 255, 255]);
  assert.match(pixelNote(grey(Float32Array.of(-3, 9), [-1, 1]))!, 'from −1 to 1');
  assert.equal(bytesOf(grey(Uint8Array.of(0, 1, 2), [0, 255])), [0, 1, 2]);
});

test('a large picture of floats is averaged down in floats', () => {
  const data = Float32Array.from({ length: 96 * 96 }, (_, index) => (index % 2 === 0 ? 0.2 : 0.6));
  const bytes = bytesOf({ data, shape: [1, 96, 96, 1] });
  assert.is(bytes.length, 48 * 48);
  assert.ok(bytes.every((byte) => byte === 102));
});

test('transparency has a range of its own', () => {
  const data = Float32Array.of(-2, 0, 3, 1, 3, 3, -2, 0.2);
  assert.equal(bytesOf({ data, shape: [1, 1, 2, 4] }), [0, 102, 255, 255, 255, 255, 0, 51]);
  assert.equal(bytesOf({ data: Uint8Array.of(200, 1, 2, 255), shape: [1, 1, 1, 4] }), [200, 1, 2, 255]);
});

test('float images in a page are not black, and the page says what was drawn', () => {
  const { images, ...rest } = everything();
  const floats = Float32Array.from((images as PixelImages).data, (byte) => byte / 255);
  const { document } = render({ ...rest, images: { data: floats, shape: images!.shape } });
  const { document: ofBytes } = render({ ...rest, images: images! });
  const sources = (page: Document) => all(page, '.gallery img').map((image) => image.getAttribute('src'));
  assert.equal(sources(document), sources(ofBytes));
  assert.match(textOf(document, '#hardest > p'), 'Pixel values from 0 to 1 are drawn from black to white.');
  assert.not.match(textOf(ofBytes, '#hardest > p'), 'Pixel');
});

test('images that are none are refused, by what they should be', () => {
  const { images, ...rest } = everything();
  const { data, shape } = images as PixelImages;
  for (const [code, wrong] of [
    ['ARGUMENT_INVALID', { data, shape, range: [1, 0] }],
    ['ARGUMENT_INVALID', { data, shape, range: [0, NaN] }],
    ['ARGUMENT_INVALID', { data, shape, range: 255 }],
    ['ARGUMENT_INVALID', { data, shape, ranges: [0, 1] }],
    ['ARGUMENT_INVALID', { data }],
    ['ARGUMENT_INVALID', data],
    ['ARGUMENT_INVALID', null],
    ['INPUT_SHAPE', { data, shape: [60, 16, 1] }],
    ['INPUT_SHAPE', { data, shape: [60, 4, 4, 2] }],
    ['INPUT_SHAPE', { data, shape: [60, -4, -4, 1] }],
  ] as const) {
    assert.throws(
      () => render({ ...rest, images: wrong as never }),
      (error: unknown) => error instanceof VogError && error.code === code,
      JSON.stringify(wrong)?.slice(-40),
    );
  }
});

test.run();
