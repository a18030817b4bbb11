import type { ShapedArray } from '@vogjs/base';
import { nearestNeighbours, type Neighbours } from './nearest.js';

/** Finds the `k` neighbours of each row among the others, by cosine. */
export type NeighbourSearch = (features: ShapedArray, k: number) => Neighbours;

export const searchNeighbours: NeighbourSearch = (features, k) => nearestNeighbours(features, { k });

/** The same, but the features are searched once for all who want no more neighbours than whoever came first. */
export function rememberNeighbours(search: NeighbourSearch = searchNeighbours): NeighbourSearch {
  const known = new Map<ShapedArray, Neighbours>();
  return (features, k) => {
    const before = known.get(features);
    if (before && before.k >= k) return firstOf(before, k);
    const found = search(features, k);
    known.set(features, found);
    return found;
  };
}

/** The `k` nearest of those that were found. */
function firstOf(found: Neighbours, k: number): Neighbours {
  if (found.k === k) return found;
  const isFirst = (_: unknown, at: number): boolean => at % found.k < k;
  return { k, indices: found.indices.filter(isFirst), distances: found.distances.filter(isFirst) };
}
