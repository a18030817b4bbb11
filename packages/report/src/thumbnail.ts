import { encode } from 'fast-png';
import type { ReportImages } from './input.js';

/** A picture of one example, ready for an `src` attribute. */
export interface Thumbnail {
  readonly source: string;
  readonly width: number;
  readonly height: number;
}

/** What a thumbnail may cost. */
export interface ThumbnailQuality {
  /** Most pixels on the longer side; larger pictures are averaged down. */
  readonly side: number;
  /** Bits kept of each channel; fewer compress better. */
  readonly bits: number;
}

/** Best first. A page with many pictures takes the first that fits; 6 bits are hard to tell from 8 at this size. */
export const thumbnailQualities: readonly ThumbnailQuality[] = [
  { side: 48, bits: 8 },
  { side: 48, bits: 6 },
  { side: 48, bits: 5 },
  { side: 24, bits: 6 },
  { side: 16, bits: 5 },
];

/** Makes thumbnails on demand, each once: hard examples turn up in several galleries. */
export function thumbnailsOf(images: ReportImages, quality: ThumbnailQuality): (example: number) => Thumbnail {
  const made = new Map<number, Thumbnail>();
  return (example) => {
    const known = made.get(example);
    if (known) return known;
    const thumbnail = makeThumbnail(images, example, quality);
    made.set(example, thumbnail);
    return thumbnail;
  };
}

function makeThumbnail(
  { data, shape: [, height, width, channels] }: ReportImages,
  example: number,
  { side, bits }: ThumbnailQuality,
): Thumbnail {
  const pixels = height * width * channels;
  const image = { data: data.subarray(example * pixels, (example + 1) * pixels), width, height, channels };
  const small = shrink(image, Math.ceil(Math.max(width, height) / side));
  const png = encode({ ...small, data: coarsen(small.data, bits) }, { zlib: { level: 9 } });
  const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return { source, width: small.width, height: small.height };
}

interface Image {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Averages blocks of `factor` by `factor` pixels; the last row and column may hold less. */
function shrink(image: Image, factor: number): Image {
  if (factor === 1) return image;
  const { data, channels } = image;
  const width = Math.ceil(image.width / factor);
  const height = Math.ceil(image.height / factor);
  const small = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        let count = 0;
        for (let v = y * factor; v < Math.min((y + 1) * factor, image.height); v++) {
          for (let u = x * factor; u < Math.min((x + 1) * factor, image.width); u++) {
            sum += data[(v * image.width + u) * channels + channel]!;
            count++;
          }
        }
        small[(y * width + x) * channels + channel] = Math.round(sum / count);
      }
    }
  }
  return { data: small, width, height, channels };
}

/** Keeps the upper bits and repeats them below, so that black stays black and white stays white. */
function coarsen(data: Uint8Array, bits: number): Uint8Array {
  if (bits === 8) return data;
  const mask = (0xff << (8 - bits)) & 0xff;
  return data.map((value) => (value & mask) | ((value & mask) >> bits));
}
