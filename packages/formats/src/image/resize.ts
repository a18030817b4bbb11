// Resampling that averages over all pixels that an output pixel covers, so that nothing aliases when a picture shrinks.
// Source: Pillow, src/libImaging/Resample.c (8 bits a channel); every filter here gives Pillow's bytes.
import type { DecodedImage } from './image.js';

/** How pixels are weighed: Lanczos of three lobes, the plain mean over the area, or others by their usual names. */
export type ResizeFilter = 'lanczos' | 'area' | 'bilinear' | 'bicubic' | 'nearest';

/** The part of a picture that is looked at, in pixels, which may be fractions. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Kernel {
  readonly support: number;
  readonly weight: (x: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

const KERNELS: Readonly<Record<Exclude<ResizeFilter, 'nearest'>, Kernel>> = {
  area: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys' cubic with a = -0.5.
  bicubic: {
    support: 2,
    weight(given) {
      const x = Math.abs(given);
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? -0.5 * (((x - 5) * x + 8) * x - 4) : 0;
    },
  },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Weights as whole numbers of this many binary places. */
const PRECISION = 22;

interface Taps {
  /** First input pixel of each output pixel. */
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  /** Weights kept for each output pixel. */
  readonly stride: number;
}

function tapsOf(length: number, from: number, to: number, outputs: number, { support, weight }: Kernel): Taps {
  const scale = (to - from) / outputs;
  const widened = Math.max(scale, 1);
  const reach = support * widened;
  const stride = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(outputs);
  const count = new Int32Array(outputs);
  const weights = new Int32Array(outputs * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < outputs; i++) {
    const center = from + (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - reach + 0.5));
    const taps = Math.min(length, Math.trunc(center + reach + 0.5)) - start;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const value = weight((k + start - center + 0.5) * (1 / widened));
      exact[k] = value;
      sum += value;
    }
    for (let k = 0; k < taps; k++) {
      const value = (sum === 0 ? (exact[k] as number) : (exact[k] as number) / sum) * 2 ** PRECISION;
      weights[i * stride + k] = Math.trunc(value < 0 ? value - 0.5 : value + 0.5);
    }
    first[i] = start;
    count[i] = taps;
  }
  return { first, count, weights, stride };
}

/** Weighs along one axis: `lines` stretches, whose pixels are `step` apart, into ones whose pixels are `outStep` apart. */
function pass(
  data: Uint8Array,
  out: Uint8Array,
  taps: Taps,
  channels: number,
  place: { lines: number; line: number; step: number; outLine: number; outStep: number },
): void {
  const { first, count, weights, stride } = taps;
  const { lines, line, step, outLine, outStep } = place;
  for (let l = 0; l < lines; l++) {
    for (let i = 0; i < first.length; i++) {
      const start = l * line + (first[i] as number) * step;
      const end = count[i] as number;
      for (let c = 0; c < channels; c++) {
        let sum = 2 ** (PRECISION - 1);
        for (let k = 0, at = start + c; k < end; k++, at += step) {
          sum += (data[at] as number) * (weights[i * stride + k] as number);
        }
        const value = Math.floor(sum / 2 ** PRECISION);
        out[l * outLine + i * outStep + c] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
}

/**
 * The part of a picture in `box`, the whole by default, at another size.
 *
 * Gives the bytes that Pillow's `Image.resize(size, resample, box)` gives. Where there is alpha, colours count by it.
 */
export function resizeImage(
  image: DecodedImage,
  { height, width, filter, box }: { height: number; width: number; filter: ResizeFilter; box?: Box },
): DecodedImage {
  const { left, top, right, bottom } = box ?? { left: 0, top: 0, right: image.width, bottom: image.height };
  if (filter === 'nearest') return nearest(image, { height, width }, { left, top, right, bottom });
  const isWholeWidth = left === 0 && right === image.width && width === image.width;
  const isWholeHeight = top === 0 && bottom === image.height && height === image.height;
  if (isWholeWidth && isWholeHeight) return image;
  const { channels } = image;
  const hasAlpha = channels === 2 || channels === 4;
  let data = hasAlpha ? premultiplied(image.data, channels) : image.data;
  let size = { width: image.width, height: image.height };
  const across = (): void => {
    if (isWholeWidth) return;
    const out = new Uint8Array(size.height * width * channels);
    const taps = tapsOf(image.width, left, right, width, KERNELS[filter]);
    const [line, outLine] = [size.width * channels, width * channels];
    pass(data, out, taps, channels, { lines: size.height, line, step: channels, outLine, outStep: channels });
    [data, size] = [out, { ...size, width }];
  };
  const down = (): void => {
    if (isWholeHeight) return;
    const row = size.width * channels;
    const out = new Uint8Array(height * row);
    const taps = tapsOf(image.height, top, bottom, height, KERNELS[filter]);
    pass(data, out, taps, channels, { lines: size.width, line: channels, step: row, outLine: channels, outStep: row });
    [data, size] = [out, { ...size, height }];
  };
  // The order shows where a sum is cut off at 0 or 255. Rows go first where they get fewer and longer, as in Pillow 13.
  const passes = width > image.width && height < image.height ? [down, across] : [across, down];
  for (const run of passes) run();
  return { data: hasAlpha ? unmultiplied(data, channels) : data, width, height, channels };
}

function nearest(image: DecodedImage, { height, width }: { height: number; width: number }, box: Box): DecodedImage {
  const { channels } = image;
  const data = new Uint8Array(height * width * channels);
  const pick = (i: number, from: number, to: number, outputs: number, length: number): number =>
    Math.min(length - 1, Math.floor(from + ((i + 0.5) * (to - from)) / outputs));
  for (let y = 0, at = 0; y < height; y++) {
    const row = pick(y, box.top, box.bottom, height, image.height);
    for (let x = 0; x < width; x++) {
      const from = (row * image.width + pick(x, box.left, box.right, width, image.width)) * channels;
      for (let c = 0; c < channels; c++) data[at++] = image.data[from + c] as number;
    }
  }
  return { data, width, height, channels };
}

/** Colours times alpha, rounded as Pillow's MULDIV255. */
function premultiplied(data: Uint8Array, channels: number): Uint8Array {
  const out = Uint8Array.from(data);
  for (let at = 0; at < data.length; at += channels) {
    const alpha = data[at + channels - 1] as number;
    for (let c = 0; c < channels - 1; c++) {
      const product = (data[at + c] as number) * alpha + 128;
      out[at + c] = (product + (product >> 8)) >> 8;
    }
  }
  return out;
}

function unmultiplied(data: Uint8Array, channels: number): Uint8Array {
  for (let at = 0; at < data.length; at += channels) {
    const alpha = data[at + channels - 1] as number;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = 0; c < channels - 1; c++) {
      data[at + c] = Math.min(255, Math.trunc((255 * (data[at + c] as number)) / alpha));
    }
  }
  return data;
}
