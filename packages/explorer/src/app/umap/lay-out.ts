import { seededRandom } from '@vogjs/base';
import { UMAP } from 'umap-js';

/** Rows that are laid out against each other; the others are placed among them. */
const SAMPLE = 3000;
const NEIGHBOURS = 15;
/** Rows of the sample that another is placed between. */
const ANCHORS = 3;
/** What laying out takes of the whole, the rest being placed after it. */
const LAYING = 0.7;

/**
 * UMAP (McInnes, Healy and Melville 2018) of rows, the same each time. Of more than 3,000 rows an even sample is laid out,
 * and each other row lies between its three nearest of the sample, by the inverse of their distances.
 *
 * @param values `[N, size]`, row-major; rows with NaN are on no map
 * @param onProgress told 0 to 1
 * @returns `[N, 2]`
 */
export function layOut(values: Float32Array, size: number, onProgress: (done: number) => void): Float32Array {
  const count = values.length / size;
  const usable = Array.from({ length: count }, (_, row) => row).filter((row) => !Number.isNaN(values[row * size]));
  const result = new Float32Array(2 * count).fill(Number.NaN);
  const step = Math.max(1, usable.length / SAMPLE);
  const sample = Array.from({ length: Math.floor(usable.length / step) }, (_, at) => usable[Math.floor(at * step)]!);
  if (sample.length <= ANCHORS + 1) {
    // So few have no neighbourhood to keep: they lie in a line.
    for (const [at, row] of sample.entries()) result.set([at, 0], 2 * row);
    return result;
  }
  const rows = sample.map((row) => Array.from(values.subarray(row * size, (row + 1) * size)));
  const umap = new UMAP({ nNeighbors: Math.min(NEIGHBOURS, rows.length - 1), random: seededRandom(1).uniform });
  const epochs = umap.initializeFit(rows);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % 10 === 0) onProgress((LAYING * epoch) / epochs);
  }
  for (const [at, place] of umap.getEmbedding().entries()) result.set(place, 2 * (sample[at] as number));
  const laid = new Set(sample);
  const anchors = Float32Array.from(rows.flat());
  for (const [at, row] of usable.entries()) {
    if (at % 1000 === 0) onProgress(LAYING + ((1 - LAYING) * at) / usable.length);
    if (!laid.has(row)) placeBetween(values.subarray(row * size, (row + 1) * size), row);
  }
  return result;

  function placeBetween(own: Float32Array, row: number): void {
    const best = nearest(anchors, own);
    let [x, y, sum] = [0, 0, 0];
    for (const { at, distance } of best) {
      const weight = 1 / Math.sqrt(distance + 1e-12);
      x += weight * (result[2 * (sample[at] as number)] as number);
      y += weight * (result[2 * (sample[at] as number) + 1] as number);
      sum += weight;
    }
    result.set([x / sum, y / sum], 2 * row);
  }
}

/** The nearest rows of the sample, by squared distance. */
function nearest(anchors: Float32Array, own: Float32Array): { at: number; distance: number }[] {
  const best: { at: number; distance: number }[] = [];
  let worst = Infinity;
  for (let at = 0; at < anchors.length / own.length; at++) {
    let distance = 0;
    const from = at * own.length;
    for (let i = 0; i < own.length && distance < worst; i++) {
      distance += ((anchors[from + i] as number) - (own[i] as number)) ** 2;
    }
    if (distance >= worst) continue;
    best.push({ at, distance });
    best.sort((a, b) => a.distance - b.distance);
    best.length = Math.min(best.length, ANCHORS);
    if (best.length === ANCHORS) worst = (best.at(-1) as { distance: number }).distance;
  }
  return best;
}
