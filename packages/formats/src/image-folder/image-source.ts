import type { ReadingNote } from '../notes/notes.js';
import { firstFew } from '../notes/notes.js';
import type { BrokenPicture, Pictures } from './pictures.js';
import type { ResolvedImageOptions } from './options.js';

/**
 * Pictures as a chunk source of a tracker: `inputs: folder`. Nothing but what `memory` allows is held; every read gives
 * the same pictures in the same order.
 */
export interface ImageSource {
  readonly size: number;
  /** [height, width, channels] */
  readonly shape: readonly [number, number, number];
  /** Pictures `start` (included) to `end` (excluded): [end - start, height, width, channels], in the asked range. */
  read(start: number, end: number): Promise<Float32Array>;
  /** The same as bytes, 0 to 255: to look at. */
  pixels(start: number, end: number): Promise<Uint8Array>;
  readonly ids: readonly string[];
  /** Class of each picture; null when there are no labels. */
  readonly labels: Int32Array | null;
  readonly classNames: readonly string[] | null;
  /** Pictures that cannot be decoded; they are not among the examples. */
  readonly broken: readonly BrokenPicture[];
  readonly notes: readonly ReadingNote[];
  /** What decoded JPEG and WebP. */
  readonly decoder: 'sharp' | 'javascript';
}

/** The part of a source that reads. */
export function readingOf(
  pictures: Pictures,
  { channels, range }: ResolvedImageOptions,
): Pick<ImageSource, 'size' | 'shape' | 'read' | 'pixels' | 'broken' | 'decoder'> {
  const { height, width, decoder, broken, kept } = pictures;
  const [black, white] = range;
  // The 256 values that a byte can become.
  const values = Float32Array.from({ length: 256 }, (_, byte) => black + (byte * (white - black)) / 255);
  return {
    size: kept.length,
    shape: [height, width, channels],
    pixels: pictures.pixels,
    async read(start, end) {
      const bytes = await pictures.pixels(start, end);
      const out = new Float32Array(bytes.length);
      for (let i = 0; i < bytes.length; i++) out[i] = values[bytes[i] as number] as number;
      return out;
    },
    broken,
    decoder,
  };
}

/** The note on broken pictures, where there are any. */
export function brokenNotes(broken: readonly BrokenPicture[], total: number): ReadingNote[] {
  if (broken.length === 0) return [];
  const names = firstFew(
    broken.map(({ id, reason }) => `'${id}' (${reason})`),
    3,
  );
  return [
    {
      code: 'IMAGES_BROKEN',
      message: `Pictures that cannot be decoded are left out, ${broken.length} of ${total}: ${names}.`,
    },
  ];
}
