import { VogError } from '@vogjs/base';

/** Images as bytes 0 to 255, NHWC, with their classes. */
export interface ImageSet {
  readonly pixels: Uint8Array;
  /** `[N, height, width, channels]` */
  readonly shape: readonly [number, number, number, number];
  /** Class of each image, `[N]`. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
}

/** The first `count` images. */
export function firstImages(set: ImageSet, count: number): ImageSet {
  const [size, height, width, channels] = set.shape;
  if (count > size) {
    throw new VogError('ARGUMENT_INVALID', `${count} images were asked for and there are ${size}. Ask for fewer.`);
  }
  return {
    ...set,
    pixels: set.pixels.subarray(0, count * height * width * channels),
    shape: [count, height, width, channels],
    labels: set.labels.subarray(0, count),
  };
}

/** The images at these places, copied. */
export function imagesAt(set: ImageSet, places: readonly number[]): ImageSet {
  const [, height, width, channels] = set.shape;
  const length = height * width * channels;
  const pixels = new Uint8Array(places.length * length);
  for (const [k, i] of places.entries()) pixels.set(set.pixels.subarray(i * length, (i + 1) * length), k * length);
  return {
    ...set,
    pixels,
    shape: [places.length, height, width, channels],
    labels: Int32Array.from(places, (i) => set.labels[i] as number),
  };
}

/** Mean and standard deviation of each channel's pixels, in units of 0 to 1. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Statistics of the training images, with which test images are scaled as well. */
export function channelStatistics({ pixels, shape }: ImageSet): ChannelStatistics {
  const channels = shape[3];
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let at = 0; at < pixels.length; at++) {
    const value = (pixels[at] as number) / 255;
    sums[at % channels]! += value;
    squares[at % channels]! += value * value;
  }
  const count = pixels.length / channels;
  const mean = Array.from(sums, (sum) => sum / count);
  const std = Array.from(squares, (sum, c) => Math.sqrt(Math.max(0, sum / count - (mean[c] as number) ** 2)));
  // A channel that does not vary is left at its mean, 0.
  return { mean, std: std.map((value) => (value > 0 ? value : 1)) };
}

/** `(pixel / 255 - mean) / std`, channel by channel: `[N * height * width * channels]`. */
export function scaledPixels({ pixels, shape }: ImageSet, { mean, std }: ChannelStatistics): Float32Array {
  const channels = shape[3];
  const scaled = new Float32Array(pixels.length);
  for (let at = 0; at < pixels.length; at++) {
    const channel = at % channels;
    scaled[at] = ((pixels[at] as number) / 255 - (mean[channel] as number)) / (std[channel] as number);
  }
  return scaled;
}

/** Examples as a model takes them. */
export interface ModelInputs {
  readonly data: Float32Array;
  /** `[N, ...]`; of images `[N, height, width, channels]`. */
  readonly shape: readonly [number, ...number[]];
  readonly labels: Int32Array;
}

/** Images, scaled by the training images' statistics. */
export function modelInputs(set: ImageSet, statistics: ChannelStatistics): ModelInputs {
  return { data: scaledPixels(set, statistics), shape: set.shape, labels: set.labels };
}
