import type { DecodedImage } from '../image/image.js';
import type { PixelImages, PixelReader } from './pixel-images.js';
import { pixelRangeOf } from './pixel-range.js';

/** The picture of one example as bytes; blocks of `factor` by `factor` pixels averaged, of which the last row and column may hold less. */
export function shrunkPicture(images: PixelImages | PixelReader, example: number, factor: number): DecodedImage {
  const [, fullHeight, fullWidth, channels] = images.shape;
  const data = 'read' in images ? images.read(example) : images.data;
  const { low, high, opaque } = pixelRangeOf(images);
  const first = 'read' in images ? 0 : example * fullHeight * fullWidth * channels;
  const width = Math.ceil(fullWidth / factor);
  const height = Math.ceil(fullHeight / factor);
  const small = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        const [from, span] = channel === 3 ? [0, opaque] : [low, high - low];
        let sum = 0;
        let count = 0;
        for (let v = y * factor; v < Math.min((y + 1) * factor, fullHeight); v++) {
          for (let u = x * factor; u < Math.min((x + 1) * factor, fullWidth); u++) {
            const value = data[first + (v * fullWidth + u) * channels + channel]!;
            const level = (255 * (value - from)) / span;
            // Black for what is not a number.
            sum += level > 0 ? Math.min(255, level) : 0;
            count++;
          }
        }
        small[(y * width + x) * channels + channel] = Math.round(sum / count);
      }
    }
  }
  return { data: small, width, height, channels };
}
