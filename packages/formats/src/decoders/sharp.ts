import { VogError } from '@vogjs/base';
import type { DecodedImage } from '../image/image.js';
import { orient, orientationOf } from '../image/orientation.js';
import { decodeImage, requireKind, withReason } from './decode.js';

/** The part of sharp that is used. */
type Sharp = (
  bytes: Uint8Array,
  options: { failOn: string; ignoreIcc: boolean; limitInputPixels: boolean },
) => {
  metadata(): Promise<{ space?: string; pages?: number; depth?: string }>;
  raw(): {
    toBuffer(options: { resolveWithObject: true }): Promise<{
      data: Buffer;
      info: { width: number; height: number; channels: number };
    }>;
  };
};

/** Decodes by sharp, which uses threads; null where it is not installed. */
export async function sharpDecoder(): Promise<((bytes: Uint8Array) => Promise<DecodedImage>) | null> {
  // A name that bundlers do not follow: sharp is native, and somebody else's to install.
  const name = 'sharp';
  let sharp: Sharp;
  try {
    sharp = ((await import(/* @vite-ignore */ name)) as { default: Sharp }).default;
  } catch {
    return null;
  }
  return async (bytes) => {
    const kind = requireKind(bytes);
    // Its pixels are the same for JPEG and WebP. PNG of 16 bits, GIF and BMP are left to the one decoder that all have.
    if (kind !== 'jpeg' && kind !== 'webp') return decodeImage(bytes);
    const image = await withReason(kind, bytes, async () => {
      const input = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: true });
      const { space, pages = 1 } = await input.metadata();
      if (space === 'cmyk')
        throw new VogError(
          'FORMAT_UNSUPPORTED',
          'It is a JPEG in print colours (CMYK), which are not read. Convert it to RGB.',
        );
      if (pages > 1)
        throw new VogError('FORMAT_UNSUPPORTED', 'It is an animated WebP, which is not read. Save one frame of it.');
      const { data, info } = await input.raw().toBuffer({ resolveWithObject: true });
      return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), ...info };
    });
    return orient(image, orientationOf(bytes, kind));
  };
}
