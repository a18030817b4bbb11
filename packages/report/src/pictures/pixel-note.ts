import { type PixelImages, type PixelReader, pixelRangeOf } from '@vogjs/formats/images';
import { formatCount, formatNumber } from '../markup/format.js';

/** What a reader should know of how values became grey levels; null for bytes, where there is nothing to say. */
export function pixelNote(images: PixelImages | PixelReader | undefined): string | null {
  if (!images) return null;
  const { low, high, missing } = pixelRangeOf(images);
  const parts = [
    (low !== 0 || high !== 255) &&
      `Pixel values from ${formatNumber(low)} to ${formatNumber(high)} are drawn from black to white.`,
    missing > 0 &&
      `${formatCount(missing)} ${missing === 1 ? 'value that is not a number is' : 'values that are not numbers are'} drawn black.`,
  ].filter((part) => typeof part === 'string');
  return parts.length === 0 ? null : parts.join(' ');
}
