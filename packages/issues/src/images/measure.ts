import { IntegerHash } from '@vogjs/base';
import { type ImagePixels, luminance, requireImage, thumbnailOf } from './image.js';
import { descriptorOf } from './descriptor.js';

/** Sides of the thumbnail that near-duplicates are compared by. */
export const THUMBNAIL = 32;

/** What is kept of an image: under 1.5 kB whatever its size. */
export interface ImageMeasures {
  readonly width: number;
  readonly height: number;
  /** Brightness, 0 to 1, that 1 % of the pixels exceed, and that 95 % exceed. */
  readonly brightest: number;
  readonly darkest: number;
  /** Entropy of the brightness in bits, 0 to 8. */
  readonly entropy: number;
  /** Share of the brightness's variance that is finer than 3 x 3 pixels. NaN for an image of one brightness. */
  readonly detail: number;
  /** Mean difference between the largest and least colour of a pixel, 0 to 1. */
  readonly colour: number;
  /** Equal for equal pixels, size and channels. */
  readonly hash: string;
  /** `[63]`: lowest frequencies of the thumbnail, the same for an image and its mirror image. */
  readonly descriptor: Float32Array;
  /** `[32 * 32]`: brightness, 0 to 255. */
  readonly thumbnail: Uint8Array;
}

/**
 * Measures one image: for `judgeImages` and `findDuplicates`. The image itself is not kept.
 *
 * @throws VogError INPUT_SHAPE
 */
export function measureImage(image: ImagePixels): ImageMeasures {
  requireImage('measureImage', image);
  const { width, height, data, channels } = image;
  const grey = luminance(image);
  const histogram = new Float64Array(256);
  for (const value of grey) histogram[Math.max(0, Math.min(255, Math.round(value)))]! += 1;
  const small = thumbnailOf(grey, width, height, THUMBNAIL);
  return {
    width,
    height,
    brightest: percentile(histogram, grey.length, 0.99) / 255,
    darkest: percentile(histogram, grey.length, 0.05) / 255,
    entropy: entropyOf(histogram, grey.length),
    detail: detailOf(grey, width, height),
    colour: colourOf(image),
    hash: new IntegerHash()
      .update(Int32Array.of(width, height, channels))
      .update(packed(data))
      .digest(),
    descriptor: descriptorOf(small, THUMBNAIL),
    thumbnail: Uint8Array.from(small, (value) => Math.round(value)),
  };
}

/** Four bytes a word. */
function packed(data: ArrayLike<number>): Int32Array {
  const words = new Int32Array(Math.ceil(data.length / 4));
  for (let at = 0; at < data.length; at++) words[at >> 2]! |= data[at]! << (8 * (at & 3));
  return words;
}

function percentile(histogram: Float64Array, total: number, share: number): number {
  let below = 0;
  for (let value = 0; value < 256; value++) {
    below += histogram[value]!;
    if (below >= share * total) return value;
  }
  return 255;
}

function entropyOf(histogram: Float64Array, total: number): number {
  return histogram.reduce((sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log2(count / total)), 0);
}

/** Variance of what a mean over 3 x 3 pixels takes away, over the variance of all. */
function detailOf(grey: Float32Array, width: number, height: number): number {
  let [sum, square, fine, count] = [0, 0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      let around = 0;
      for (let dy = -1; dy <= 1; dy++) {
        const row = (y + dy) * width + x;
        around += grey[row - 1]! + grey[row]! + grey[row + 1]!;
      }
      const value = grey[y * width + x]!;
      sum += value;
      square += value * value;
      fine += (value - around / 9) ** 2;
      count++;
    }
  }
  const variance = square / count - (sum / count) ** 2;
  return variance > 1e-3 ? fine / count / variance : Number.NaN;
}

function colourOf({ data, width, height, channels }: ImagePixels): number {
  if (channels < 3) return 0;
  let sum = 0;
  for (let at = 0; at < width * height; at++) {
    const [r, g, b] = [data[at * channels]!, data[at * channels + 1]!, data[at * channels + 2]!];
    sum += Math.max(r, g, b) - Math.min(r, g, b);
  }
  return sum / (255 * width * height);
}
