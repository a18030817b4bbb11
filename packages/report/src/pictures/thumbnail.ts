import { type PixelImages, shrunkPicture } from '@vogjs/formats/images';
import { encode } from 'fast-png';
import { isRead, type ReportPictures } from '../input/pictures.js';

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
export function thumbnailsOf(
  images: PixelImages | ReportPictures,
  quality: ThumbnailQuality,
): (example: number) => Thumbnail {
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
  images: PixelImages | ReportPictures,
  example: number,
  { side, bits }: ThumbnailQuality,
): Thumbnail {
  const [, height, width] = images.shape;
  const factor = Math.ceil(Math.max(width, height) / side);
  const small = isRead(images)
    ? shrunkPicture(only(images, example), 0, factor)
    : shrunkPicture(images, example, factor);
  const png = encode({ ...small, data: coarsen(small.data, bits) }, { zlib: { level: 9 } });
  const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return { source, width: small.width, height: small.height };
}

/** One picture of those that are read one by one. */
function only({ read, shape: [, ...shape] }: ReportPictures, example: number): PixelImages {
  return { data: read(example), shape: [1, ...shape], range: [0, 255] };
}

/** Keeps the upper bits and repeats them below, so that black stays black and white stays white. */
function coarsen(data: Uint8Array, bits: number): Uint8Array {
  if (bits === 8) return data;
  const mask = (0xff << (8 - bits)) & 0xff;
  return data.map((value) => (value & mask) | ((value & mask) >> bits));
}
