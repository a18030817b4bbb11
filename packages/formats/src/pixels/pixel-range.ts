import type { PixelImages, PixelReader } from './pixel-images.js';

/** How pixel values become grey levels. */
export interface PixelRange {
  /** Drawn black. */
  readonly low: number;
  /** Drawn white. */
  readonly high: number;
  /** What of the fourth channel is opaque: 1 or 255. */
  readonly opaque: number;
  /** Values that are not numbers, drawn black. */
  readonly missing: number;
}

/** Ranges found already: many pictures are asked for, one by one. */
const found = new WeakMap<PixelImages, PixelRange>();

/** Values this far beyond 0, 1 or -1 are there by the rounding of what made them. */
const margin = 1e-3;

/**
 * Which values are black and white: those of `range` where it is given, else read off the data.
 *
 * - 0 to 255 where values reach beyond 64 and not beyond 255, as bytes do;
 * - 0 to 1 where all lie in it; -1 to 1 where some are negative and all lie in that;
 * - the least (or 0) and the greatest value otherwise: normalised images, 16 bits, 17 levels of grey.
 */
export function pixelRangeOf(images: PixelImages | PixelReader): PixelRange {
  if ('read' in images) return { low: 0, high: 255, opaque: 255, missing: 0 };
  const known = found.get(images);
  if (known) return known;
  const { data, shape, range } = images;
  const { least, most, mostAlpha, missing } = extentOf(data, shape[3]);
  const [low, high] = range ?? detected(least, most);
  const result = { low, high, opaque: mostAlpha <= 1 + margin ? 1 : 255, missing };
  found.set(images, result);
  return result;
}

function detected(least: number, most: number): readonly [low: number, high: number] {
  // Nothing but black, or nothing at all.
  if (!(least < most) && !(most > 0)) return [0, 1];
  if (least >= -margin) {
    if (most <= 1 + margin) return [0, 1];
    return most > 64 && most <= 255.5 ? [0, 255] : [0, most];
  }
  if (least >= -1 - margin && most <= 1 + margin) return [-1, 1];
  return [least, Math.max(most, 0)];
}

function extentOf(data: ArrayLike<number>, channels: number) {
  let [least, most, mostAlpha, missing] = [Infinity, -Infinity, 0, 0];
  for (let index = 0; index < data.length; index++) {
    const value = data[index]!;
    if (channels === 4 && index % 4 === 3) {
      if (value > mostAlpha) mostAlpha = value;
    } else if (Number.isFinite(value)) {
      if (value < least) least = value;
      if (value > most) most = value;
    } else if (Number.isNaN(value)) missing++;
  }
  return { least, most, mostAlpha, missing };
}
