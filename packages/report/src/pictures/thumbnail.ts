import { encode } from 'fast-png';
import type { ReportImages, ReportPictures } from '../input/images.js';
import { pixelRangeOf } from './pixel-range.js';

type Images = ReportImages | ReportPictures;

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
export function thumbnailsOf(images: Images, quality: ThumbnailQuality): (example: number) => Thumbnail {
  const made = new Map<number, Thumbnail>();
  return (example) => {
    const known = made.get(example);
    if (known) return known;
    const thumbnail = makeThumbnail(images, example, quality);
    made.set(example, thumbnail);
    return thumbnail;
  };
}

function makeThumbnail(images: Images, example: number, { side, bits }: ThumbnailQuality): Thumbnail {
  const [, height, width] = images.shape;
  const small = shrink(images, example, Math.ceil(Math.max(width, height) / side));
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

/** Bytes of an example; blocks of `factor` by `factor` pixels averaged, of which the last row and column may hold less. */
function shrink(images: Images, example: number, factor: number): Image {
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
            // Black for what is no number.
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

/** Keeps the upper bits and repeats them below, so that black stays black and white stays white. */
function coarsen(data: Uint8Array, bits: number): Uint8Array {
  if (bits === 8) return data;
  const mask = (0xff << (8 - bits)) & 0xff;
  return data.map((value) => (value & mask) | ((value & mask) >> bits));
}
