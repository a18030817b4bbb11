/**
 * Squared Euclidean distance of two rows. It gives up, with what it has, as soon as that reaches `limit`: of most pairs
 * a few columns tell that they are far.
 */
export function squaredDistance(
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  width: number,
  limit: number,
): number {
  let sum = 0;
  let d = 0;
  const blocks = width - (width % 8);
  while (d < blocks) {
    for (const end = d + 8; d < end; d += 4) {
      const x = a[aStart + d]! - b[bStart + d]!;
      const y = a[aStart + d + 1]! - b[bStart + d + 1]!;
      const z = a[aStart + d + 2]! - b[bStart + d + 2]!;
      const w = a[aStart + d + 3]! - b[bStart + d + 3]!;
      sum += x * x + y * y + (z * z + w * w);
    }
    if (sum >= limit) return sum;
  }
  for (; d < width; d++) {
    const x = a[aStart + d]! - b[bStart + d]!;
    sum += x * x;
  }
  return sum;
}
