import { isRecord, VogError } from '@vogjs/base';
import { declareOptions, type InputOf } from '@vogjs/base/options';
import { fitImage } from '../image/fit.js';
import type { DecodedImage } from '../image/image.js';
import { imageOptions } from './options.js';

const { size, fit, filter, background } = imageOptions;
const options = declareOptions('resizeImage', { size: size.required(), fit, filter, background });

/** What `resizeImage` takes. */
export type ResizeOptions = InputOf<typeof options.entries>;

/**
 * A picture at another size, with the bytes that Pillow gives (`ImageOps.fit`, `ImageOps.pad`, `Image.resize`).
 *
 * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE for a picture whose size and bytes disagree
 */
export function resizeImage(image: DecodedImage, given: ResizeOptions): DecodedImage {
  const { size: asked, ...how } = options.resolve(given);
  if (!isRecord(image) || !(image.data instanceof Uint8Array)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'resizeImage: image must be { data, width, height, channels }, with data a Uint8Array.',
    );
  }
  const { data, width, height, channels } = image;
  const isWhole = [width, height, channels].every((each) => Number.isInteger(each) && each > 0) && channels <= 4;
  if (!isWhole || data.length !== width * height * channels) {
    throw new VogError(
      'INPUT_SHAPE',
      `resizeImage: a picture of ${width} x ${height} pixels and ${channels} channels does not have ${data.length} bytes. Expected height x width x channels of them.`,
    );
  }
  const [h, w] = typeof asked === 'number' ? [asked, asked] : asked;
  return fitImage(image, { ...how, height: h, width: w });
}
