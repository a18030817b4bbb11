import { GifReader } from 'omggif';
import { checkImageSize, type DecodedImage } from '../image/image.js';

/** Decodes the first frame of a GIF; what it leaves out is transparent. */
export function decodeGif(bytes: Uint8Array): DecodedImage {
  const gif = new GifReader(bytes as Buffer);
  const { width, height } = gif;
  checkImageSize(width, height);
  const data = new Uint8Array(width * height * 4);
  gif.decodeAndBlitFrameRGBA(0, data as unknown as number[]);
  return { data, width, height, channels: 4 };
}
