/** How alike two scores order the rows that have both. */
export interface Agreement {
  /** Spearman's correlation, 1 for the same order; NaN where a score does not vary. */
  readonly spearman: number;
  /** Share of the hardest tenth of one that are among the hardest tenth of the other; by chance it is a tenth. */
  readonly overlap: number;
}

const HARDEST = 90;

/** @param a, b percentiles, the hardest near 100; NaN where there is none */
export function agreementOf(a: Float32Array, b: Float32Array): Agreement {
  let [count, sumA, sumB] = [0, 0, 0];
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [a[row] as number, b[row] as number];
    if (Number.isNaN(x + y)) continue;
    count++;
    sumA += x;
    sumB += y;
  }
  const [meanA, meanB] = [sumA / count, sumB / count];
  let [ab, aa, bb, hard, both] = [0, 0, 0, 0, 0];
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [a[row] as number, b[row] as number];
    if (Number.isNaN(x + y)) continue;
    ab += (x - meanA) * (y - meanB);
    aa += (x - meanA) ** 2;
    bb += (y - meanB) ** 2;
    if (x > HARDEST) hard++;
    if (x > HARDEST && y > HARDEST) both++;
  }
  return { spearman: aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Number.NaN, overlap: both / hard };
}
