// Only with --all: it decodes pictures of every kind beside Pillow
// The oracle is Pillow: pillow.golden.json holds pictures as files, and the bytes that Pillow makes of them.
import { readFileSync } from 'node:fs';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fitImage } from '../image/fit.js';
import type { DecodedImage } from '../image/image.js';
import { withChannels } from '../image/channels.js';
import { decodeImage } from './decode.js';
import { sharpDecoder } from './sharp.js';

interface Expected {
  readonly file: string;
  readonly mode: 'L' | 'LA' | 'RGB' | 'RGBA';
  readonly width: number;
  readonly height: number;
  readonly pixels: string;
}
interface Resized {
  readonly mode: 'L' | 'RGB' | 'RGBA';
  readonly filter: 'lanczos' | 'area' | 'bilinear' | 'bicubic' | 'nearest';
  readonly how: 'fill' | 'cover' | 'contain';
  readonly width: number;
  readonly height: number;
  readonly pixels: string;
}
const golden = JSON.parse(readFileSync(new URL('pillow.golden.json', import.meta.url), 'utf8')) as {
  readonly rgb: string;
  readonly rgba: string;
  readonly grey: string;
  readonly width: number;
  readonly height: number;
  readonly files: Readonly<Record<string, Expected>>;
  readonly refused: Readonly<Record<string, string>>;
  readonly resized: readonly Resized[];
};

const test = suite('pictures as Pillow has them');
const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const WHITE = [255, 255, 255];

/** The largest difference of two pictures, byte by byte. */
function distance(image: DecodedImage, pixels: Uint8Array): number {
  if (image.data.length !== pixels.length) return Infinity;
  return image.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (pixels[i] as number))), 0);
}

function inMode(image: DecodedImage, mode: Expected['mode']): DecodedImage {
  if (mode === 'LA') return image;
  return withChannels(image, mode === 'L' ? 1 : mode === 'RGB' ? 3 : 4, WHITE);
}

async function refusal(run: () => Promise<unknown>): Promise<VogError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof VogError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

for (const [name, expected] of Object.entries(golden.files)) {
  test(`${name}: the decoders in JavaScript and sharp give Pillow's bytes, turned as EXIF says`, async () => {
    const file = bytesOf(expected.file);
    const sharp = await sharpDecoder();
    assert.ok(sharp !== null, 'sharp is a development dependency');
    for (const decode of [decodeImage, sharp]) {
      const image = inMode(await decode(file), expected.mode);
      assert.equal([image.width, image.height], [expected.width, expected.height]);
      assert.is(distance(image, bytesOf(expected.pixels)), 0);
    }
  });
}

test("every filter gives Pillow's bytes, smaller and larger, with alpha and grey; so do cropping and padding", () => {
  const sources = { RGB: golden.rgb, RGBA: golden.rgba, L: golden.grey };
  for (const { mode, filter, how, width, height, pixels } of golden.resized) {
    const source: DecodedImage = { ...golden, data: bytesOf(sources[mode]), channels: mode === 'L' ? 1 : mode.length };
    const image = fitImage(source, { width, height, filter, fit: how, background: WHITE });
    assert.equal([image.width, image.height], [width, height]);
    assert.is(distance(image, bytesOf(pixels)), 0, `${mode} ${filter} ${how} ${width} x ${height}`);
  }
});

test('a JPEG in print colours and an animated WebP are FORMAT_UNSUPPORTED, by both decoders', async () => {
  const sharp = await sharpDecoder();
  for (const [name, file] of Object.entries(golden.refused)) {
    for (const decode of [decodeImage, sharp as typeof decodeImage]) {
      const error = await refusal(() => decode(bytesOf(file)));
      assert.is(error.code, 'FORMAT_UNSUPPORTED', name);
      assert.match(error.message, /CMYK|animated/);
    }
  }
});

test('pictures that are decoded at once are right or refused each for itself', async () => {
  const names = ['baseline.jpg', 'progressive.jpg', 'lossy.webp', 'rgb.png'];
  const whole = names.map((name) => bytesOf((golden.files[name] as Expected).file));
  const files = Array.from({ length: 24 }, (_, i) => {
    const file = whole[i % whole.length] as Uint8Array;
    return i % 5 === 2 ? file.subarray(0, Math.floor(file.length / 2)) : file;
  });
  const outcomes = await Promise.allSettled(files.map((file) => decodeImage(file)));
  assert.equal(
    outcomes.map(({ status }) => status),
    files.map((_, i) => (i % 5 === 2 ? 'rejected' : 'fulfilled')),
  );
});

test('a header that claims more pixels than a picture has is refused before memory is taken', async () => {
  const claims: [string, (view: DataView) => void][] = [
    ['rgb.png', (view) => (view.setUint32(16, 60_000), view.setUint32(20, 60_000))],
    ['rgb.bmp', (view) => (view.setInt32(18, 60_000, true), view.setInt32(22, -60_000, true))],
    ['frames.gif', (view) => (view.setUint16(6, 60_000, true), view.setUint16(8, 60_000, true))],
  ];
  for (const [name, claim] of claims) {
    const file = bytesOf((golden.files[name] as Expected).file);
    claim(new DataView(file.buffer));
    const { code, message } = await refusal(() => decodeImage(file));
    assert.is(code, 'IMAGE_BROKEN');
    assert.match(message, /60000 x 60000 pixels/, name);
  }
});

test('a file cut short anywhere, an empty one and one of another kind are refused by code; the next is read as before', async () => {
  const sharp = await sharpDecoder();
  for (const [name, { file, mode, pixels }] of Object.entries(golden.files)) {
    const whole = bytesOf(file);
    for (const share of [0.1, 0.4, 0.7, 0.95]) {
      // The end of a lossless WebP or a GIF may be left out of the picture.
      if (share > 0.7 && /webp|gif/.test(name)) continue;
      for (const decode of [decodeImage, sharp as typeof decodeImage]) {
        const { code, message } = await refusal(() => decode(whole.subarray(0, Math.floor(whole.length * share))));
        assert.ok(['IMAGE_BROKEN', 'FORMAT_UNSUPPORTED'].includes(code), `${name} to ${share}: ${message}`);
      }
    }
    assert.is(distance(inMode(await decodeImage(whole), mode), bytesOf(pixels)), 0);
  }
  assert.match((await refusal(() => decodeImage(new Uint8Array(0)))).message, /empty/);
  assert.match((await refusal(() => decodeImage(Buffer.from('<svg/>')))).message, /60 115 118 103.*Convert it/);
});

test.run();
