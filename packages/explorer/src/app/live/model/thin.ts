/** Of so many points, what a chart of a few hundred pixels shows: first and last, and evenly between. */
export function thinned<T>(points: readonly T[], most = 400): readonly T[] {
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, at) => points[Math.round((at * (points.length - 1)) / (most - 1))] as T);
}
