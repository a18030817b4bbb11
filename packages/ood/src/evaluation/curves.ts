import { refuseUnknownKeys, VogError } from '@vogjs/base';
import { detectionsOf, levelsOf, type Detections } from './levels.js';
import { readSides, type OodDirection, type OodSide } from './sides.js';

/** A point of a curve; both coordinates in [0, 1]. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** The curves behind the figures of an evaluation, with few enough points to draw. */
export interface OodCurves {
  /** x = false positive rate, y = true positive rate, in-distribution positive; from (0, 0) to (1, 1). */
  readonly roc: readonly CurvePoint[];
  /** x = recall, y = precision, in-distribution positive; from recall 0 up. */
  readonly precisionRecallIn: readonly CurvePoint[];
  /** The same, out-of-distribution positive. */
  readonly precisionRecallOut: readonly CurvePoint[];
  /** Precision of a choice at random. */
  readonly base: { readonly in: number; readonly out: number };
  readonly counts: { readonly in: number; readonly out: number };
  /** No point of the exact curve lies further than this from the lines between the points, in either coordinate. */
  readonly tolerance: number;
}

/** Options of `oodCurves`. */
export interface CurveOptions {
  /** The out-of-distribution end of bare numbers; 'low' unless told. */
  readonly oodDirection?: OodDirection;
  /** In (0, 0.1]; 0.002 unless told: below a pixel on a drawing of 500. */
  readonly tolerance?: number;
}

/**
 * ROC and precision over recall, thinned: from millions of thresholds to as many points as the shape needs, some dozens
 * for a smooth curve. Between two points of the ROC lies the straight line that ties at random would give.
 *
 * @throws VogError as `evaluateOod`
 * Source: Ramer 1972, Douglas and Peucker 1973 (thinning).
 */
export function oodCurves(inScores: OodSide, outScores: OodSide, options: CurveOptions = {}): OodCurves {
  refuseUnknownKeys('oodCurves', options, ['oodDirection', 'tolerance']);
  const { tolerance = 0.002 } = options;
  if (!(tolerance > 0 && tolerance <= 0.1)) {
    throw new VogError('ARGUMENT_INVALID', `tolerance is ${tolerance}; it must lie in (0, 0.1].`);
  }
  const { inConfidence, outConfidence } = readSides(inScores, outScores, options.oodDirection);
  const levels = levelsOf(inConfidence, outConfidence);
  const counts = { in: inConfidence.length, out: outConfidence.length };
  const total = counts.in + counts.out;
  const thin = (detections: Detections, pointOf: (positives: number, negatives: number) => CurvePoint) =>
    thinned(detections, pointOf, tolerance);
  return {
    roc: thin(detectionsOf(levels, 'in'), (ins, outs) => ({ x: outs / counts.out, y: ins / counts.in })),
    precisionRecallIn: thin(detectionsOf(levels, 'in'), precisionRecall(counts.in)),
    precisionRecallOut: thin(detectionsOf(levels, 'ood'), precisionRecall(counts.out)),
    base: { in: counts.in / total, out: counts.out / total },
    counts,
    tolerance,
  };
}

/** Nothing called positive has, as everywhere, precision 1. */
function precisionRecall(total: number) {
  return (positives: number, negatives: number): CurvePoint => ({
    x: positives / total,
    y: positives + negatives === 0 ? 1 : positives / (positives + negatives),
  });
}

/**
 * Half of the tolerance goes to leaving out points close to the last one kept, which a million thresholds need; half to
 * leaving out those that the line between their neighbours passes.
 */
function thinned(
  { positives, negatives }: Detections,
  pointOf: (positives: number, negatives: number) => CurvePoint,
  tolerance: number,
): CurvePoint[] {
  const half = tolerance / 2;
  const near: CurvePoint[] = [pointOf(0, 0)];
  for (let level = 0; level < positives.length; level++) {
    const point = pointOf(positives[level]!, negatives[level]!);
    const last = near.at(-1)!;
    const isLast = level === positives.length - 1;
    if (isLast || Math.hypot(point.x - last.x, point.y - last.y) > half) near.push(point);
  }
  const keep = new Uint8Array(near.length);
  keep[0] = keep[near.length - 1] = 1;
  const open: [number, number][] = [[0, near.length - 1]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range;
    let furthest = from;
    let distance = half;
    for (let index = from + 1; index < to; index++) {
      const away = distanceTo(near[from]!, near[to]!, near[index]!);
      if (away > distance) [furthest, distance] = [index, away];
    }
    if (furthest === from) continue;
    keep[furthest] = 1;
    open.push([from, furthest], [furthest, to]);
  }
  return near.filter((_, index) => keep[index] === 1);
}

/** Distance of a point from a segment. */
export function distanceTo(from: CurvePoint, to: CurvePoint, { x, y }: CurvePoint): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / square));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}
