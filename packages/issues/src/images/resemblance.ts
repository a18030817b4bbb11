import { THUMBNAIL } from './measure.js';

/** Pixels of the thumbnail by which images may be moved against each other. */
const MOVES = 2;
const FAR = 0.6;

/**
 * How alike two thumbnails are, 0 to 1: the largest correlation over moves of up to two pixels each way, of the images as
 * they are and with one of them mirrored. Brightness and contrast do not count. 1 for two images of one brightness each,
 * 0 for one such and another.
 */
export function resemblance(a: Uint8Array, b: Uint8Array): number {
  let best = Math.max(0, correlation(a, b, 0, 0, false), correlation(a, b, 0, 0, true));
  // What is so unlike as it lies is no copy that a pixel or two away becomes one: most pairs end here.
  if (best < FAR || best >= 1) return Math.min(1, best);
  for (const mirrored of [false, true]) {
    for (let dy = -MOVES; dy <= MOVES; dy++) {
      for (let dx = -MOVES; dx <= MOVES; dx++) best = Math.max(best, correlation(a, b, dx, dy, mirrored));
    }
  }
  return Math.min(1, best);
}

/** Of the part that both have, once `b` is moved. */
function correlation(a: Uint8Array, b: Uint8Array, dx: number, dy: number, mirrored: boolean): number {
  const side = THUMBNAIL;
  let [n, sumA, sumB, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let y = Math.max(0, -dy); y < Math.min(side, side - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(side, side - dx); x++) {
      const p = a[y * side + x]!;
      const column = mirrored ? side - 1 - (x + dx) : x + dx;
      const q = b[(y + dy) * side + column]!;
      n++;
      sumA += p;
      sumB += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  const varianceA = aa - (sumA * sumA) / n;
  const varianceB = bb - (sumB * sumB) / n;
  if (varianceA < n / 4 || varianceB < n / 4) return varianceA < n / 4 && varianceB < n / 4 ? 1 : 0;
  return (ab - (sumA * sumB) / n) / Math.sqrt(varianceA * varianceB);
}
