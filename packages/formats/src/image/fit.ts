import { luma } from './channels.js';
import type { DecodedImage } from './image.js';
import { type ResizeFilter, resizeImage } from './resize.js';

/** How a picture of another shape comes to the asked one: its edges cut, bars added, or stretched. */
export type ImageFit = 'cover' | 'contain' | 'fill';

/** A size, and how a picture comes to it. */
export interface FitOptions {
  readonly height: number;
  readonly width: number;
  readonly fit: ImageFit;
  readonly filter: ResizeFilter;
  /** Of the bars: red, green and blue. */
  readonly background: readonly number[];
}

/** The picture at a size: as Pillow's `ImageOps.fit`, `ImageOps.pad` and `Image.resize` do it. */
export function fitImage(image: DecodedImage, { height, width, fit, filter, background }: FitOptions): DecodedImage {
  if (fit === 'fill') return resizeImage(image, { height, width, filter });
  const shape = image.width / image.height;
  const asked = width / height;
  if (fit === 'cover') {
    const cropWidth = shape >= asked ? asked * image.height : image.width;
    const cropHeight = shape >= asked ? image.height : image.width / asked;
    const [left, top] = [(image.width - cropWidth) / 2, (image.height - cropHeight) / 2];
    // Fractions that rounding carried over the edge are brought back.
    const box = {
      left,
      top,
      right: Math.min(image.width, left + cropWidth),
      bottom: Math.min(image.height, top + cropHeight),
    };
    return resizeImage(image, { height, width, filter, box });
  }
  const inner = { height, width };
  if (shape > asked) inner.height = Math.max(1, Math.round((image.height / image.width) * width));
  else if (shape < asked) inner.width = Math.max(1, Math.round((image.width / image.height) * height));
  return padded(resizeImage(image, { ...inner, filter }), { height, width, background });
}

function padded(
  image: DecodedImage,
  { height, width, background }: { height: number; width: number; background: readonly number[] },
): DecodedImage {
  if (image.width === width && image.height === height) return image;
  const { channels } = image;
  const [red = 0, green = 0, blue = 0] = background;
  const colour = [...(channels < 3 ? [luma(red, green, blue)] : [red, green, blue]), 255];
  const data = Uint8Array.from({ length: height * width * channels }, (_, i) => colour[i % channels] as number);
  const left = Math.round((width - image.width) / 2);
  const top = Math.round((height - image.height) / 2);
  const row = image.width * channels;
  for (let y = 0; y < image.height; y++) {
    data.set(image.data.subarray(y * row, (y + 1) * row), ((y + top) * width + left) * channels);
  }
  return { data, width, height, channels };
}
