import { type PixelImages, pixelRangeOf } from '@vogjs/formats/images';
import { isRead, type ReportPictures } from '../input/pictures.js';
import { formatCount, formatNumber } from '../markup/format.js';

/** What a reader should know of how values became grey levels; null for bytes, where there is nothing to say. */
export function pixelNote(images: PixelImages | ReportPictures | undefined): string | null {
  if (!images || isRead(images)) return null;
  const { low, high, missing } = pixelRangeOf(images);
  const parts = [
    (low !== 0 || high !== 255) &&
      `Pixel values from ${formatNumber(low)} to ${formatNumber(high)} are drawn from black to white.`,
    missing > 0 &&
      `${formatCount(missing)} ${missing === 1 ? 'value that is' : 'values that are'} no number are drawn black.`,
  ].filter((part) => typeof part === 'string');
  return parts.length === 0 ? null : parts.join(' ');
}
