import type { ShapedArray } from '@vogjs/base';
import { quantile } from '@vogjs/statistics';
import { resemblance } from '../images/resemblance.js';
import type { ImageMeasures } from '../images/measure.js';
import { nearestNeighbours, type Neighbours } from '../neighbours/nearest.js';
import type { NeighbourSearch } from '../neighbours/search.js';

/** Two examples that look the same. */
export interface Pair {
  readonly first: number;
  readonly second: number;
  readonly exact: boolean;
  /** 0 to 1; 1 for equal ones. */
  readonly resemblance: number;
}

/** Candidates that are looked at for each image: its nearest by the descriptor, and by the features. */
const CANDIDATES = 4;

/** Each example with the one before it of the same content. */
export function exactPairs(contents: ArrayLike<string | null>): Pair[] {
  const last = new Map<string, number>();
  const pairs: Pair[] = [];
  for (let i = 0; i < contents.length; i++) {
    const content = contents[i];
    if (content === null || content === undefined) continue;
    const before = last.get(content);
    if (before !== undefined) pairs.push({ first: before, second: i, exact: true, resemblance: 1 });
    last.set(content, i);
  }
  return pairs;
}

/**
 * Pairs of images of at least so much resemblance. Candidates are the nearest by the frequencies of the thumbnail and, if
 * there are features, by these; they are then compared pixel by pixel.
 */
export function alikeImages(
  images: readonly (ImageMeasures | null)[],
  features: ShapedArray | undefined,
  least: number,
  search: NeighbourSearch,
): Pair[] {
  const size = images.length;
  const width = images.find((image) => image !== null)?.descriptor.length ?? 0;
  if (width === 0 || size < 2) return [];
  const descriptors = new Float32Array(size * width).fill(Number.NaN);
  for (const [i, image] of images.entries()) if (image) descriptors.set(image.descriptor, i * width);
  const k = Math.min(CANDIDATES, size - 1);
  const candidates = [nearestNeighbours({ data: descriptors, shape: [size, width] }, { k, metric: 'euclidean' })];
  if (features) candidates.push(search(features, k));
  return distinct(candidates).flatMap(([first, second]) => {
    const [one, other] = [images[first], images[second]];
    if (!one || !other) return [];
    const alike = resemblance(one.thumbnail, other.thumbnail);
    return alike >= least ? [{ first, second, exact: false, resemblance: alike }] : [];
  });
}

/**
 * Pairs of rows whose distance is at most `share` of the usual distance to a nearest neighbour, the median of those that
 * are not 0: of tables and of features alone. A resemblance of 1 is a distance of 0, one of 1/2 the largest allowed.
 */
export function alikeRows(features: ShapedArray, share: number): Pair[] {
  const size = features.shape[0] ?? 0;
  if (size < 3) return [];
  const found = nearestNeighbours(features, { k: Math.min(CANDIDATES, size - 1), metric: 'euclidean' });
  const nearest = Float64Array.from({ length: size }, (_, i) => found.distances[i * found.k]!).filter((d) => d > 0);
  if (nearest.length === 0) return [];
  const limit = share * quantile(nearest, 0.5);
  return distinct([found]).flatMap(([first, second, distance]) =>
    distance <= limit ? [{ first, second, exact: false, resemblance: 1 - distance / limit / 2 }] : [],
  );
}

/** Each pair once, the lower one first. */
function distinct(all: readonly Neighbours[]): [number, number, number][] {
  const seen = new Set<number>();
  const pairs: [number, number, number][] = [];
  for (const { indices, distances, k } of all) {
    const size = indices.length / k;
    for (let at = 0; at < indices.length; at++) {
      const [own, other] = [Math.floor(at / k), indices[at]!];
      if (other === -1) continue;
      const [first, second] = own < other ? [own, other] : [other, own];
      // Exact up to 94 million examples.
      const key = first * size + second;
      if (seen.has(key)) continue;
      seen.add(key);
      pairs.push([first, second, distances[at]!]);
    }
  }
  return pairs;
}
