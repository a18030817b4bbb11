import * as tf from '@tensorflow/tfjs';
import type { Collected } from '@vogjs/core';

/** Rows compared at once: the distances of a block to all references fit in a few megabytes. */
const BLOCK = 128;

/**
 * Class that most of the k nearest references (Euclidean) of each query are labelled with; of equally frequent classes
 * the smallest, of equally near references the first.
 *
 * Distances come from one matrix product a block, in float32 about the references' mean.
 *
 * @param queries `[N, ...]`
 * @param references `[M, ...]`
 * @param labels class of each reference, `[M]`
 * @param isSame the queries are the references: each leaves itself out
 * @returns `[N]`
 */
export async function nearestVotes(
  queries: Collected,
  references: Collected,
  labels: Int32Array,
  k: number,
  isSame: boolean,
): Promise<Int32Array> {
  const [size, count] = [queries.shape[0] as number, references.shape[0] as number];
  const votes = new Int32Array(size);
  const prepared = tf.tidy(() => {
    const rows = tf.tensor2d(references.data as Float32Array, [count, references.data.length / count]);
    const mean = tf.mean(rows, 0, true);
    const centred = tf.sub(rows, mean);
    return { mean, centred, squares: tf.reshape(tf.sum(tf.square(centred), 1), [1, count]) };
  });
  try {
    const width = queries.data.length / size;
    for (let start = 0; start < size; start += BLOCK) {
      const rows = Math.min(BLOCK, size - start);
      // Without the query's own square, which is the same for all references and changes no order.
      const distances = tf.tidy(() => {
        const block = queries.data.slice(start * width, (start + rows) * width) as Float32Array;
        const centred = tf.sub(tf.tensor2d(block, [rows, width]), prepared.mean);
        const products = tf.matMul(centred as tf.Tensor2D, prepared.centred as tf.Tensor2D, false, true);
        return tf.sub(prepared.squares, tf.mul(products, 2));
      });
      const values = (await distances.data()) as Float32Array;
      distances.dispose();
      for (let row = 0; row < rows; row++) {
        const own = isSame ? start + row : -1;
        votes[start + row] = vote(values.subarray(row * count, (row + 1) * count), labels, k, own);
      }
    }
  } finally {
    tf.dispose(prepared);
  }
  return votes;
}

/** The majority among the labels of the k smallest distances, without reference `excluded`. */
function vote(distances: Float32Array, labels: Int32Array, k: number, excluded: number): number {
  const nearest: number[] = [];
  for (let i = 0; i < distances.length; i++) {
    if (i === excluded) continue;
    const last = nearest[k - 1];
    if (last !== undefined && distances[i]! >= distances[last]!) continue;
    let place = nearest.length;
    while (place > 0 && distances[nearest[place - 1]!]! > distances[i]!) place--;
    nearest.splice(place, 0, i);
    if (nearest.length > k) nearest.pop();
  }
  const counts = new Map<number, number>();
  for (const index of nearest) counts.set(labels[index]!, (counts.get(labels[index]!) ?? 0) + 1);
  const [winner] = [...counts].toSorted(([a, countA], [b, countB]) => countB - countA || a - b);
  return winner?.[0] ?? -1;
}
