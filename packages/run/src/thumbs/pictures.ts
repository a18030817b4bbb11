import { type PixelImages, shrunkPicture } from '@vogjs/formats/images';
import type { ThumbPixels } from './thumbs.js';

/** Longer side of a picture in the page, in pixels, at most. */
const MOST = 64;

/** Pixels of any range and size as the small pictures of a run; what is transparent is drawn on white. */
export function thumbsOf(images: PixelImages): ThumbPixels {
  const [count, fullHeight, fullWidth, given] = images.shape;
  const factor = Math.max(1, Math.ceil(Math.max(fullHeight, fullWidth) / MOST));
  const [width, height] = [Math.ceil(fullWidth / factor), Math.ceil(fullHeight / factor)];
  const channels = given === 1 ? 1 : 3;
  const size = width * height * channels;
  return {
    width,
    height,
    channels,
    count,
    read(start, end) {
      const bytes = new Uint8Array((end - start) * size);
      for (let example = start; example < end; example++) {
        const { data } = shrunkPicture(images, example, factor);
        bytes.set(given === 4 ? opaque(data) : data, (example - start) * size);
      }
      return bytes;
    },
  };
}

/** RGBA over white as RGB. */
function opaque(pixels: Uint8Array): Uint8Array {
  const colours = new Uint8Array((pixels.length / 4) * 3);
  for (let at = 0; at < pixels.length / 4; at++) {
    const alpha = (pixels[4 * at + 3] as number) / 255;
    for (let c = 0; c < 3; c++) colours[3 * at + c] = 255 - alpha * (255 - (pixels[4 * at + c] as number));
  }
  return colours;
}
