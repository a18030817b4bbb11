/**
 * The distinct confidences of both sides, from the highest down, with how many examples of each side lie at or above
 * each: everything that a figure of an evaluation depends on. Level k of the K levels is one threshold, "at least this
 * confident"; tied scores enter together.
 */
export interface Levels {
  /** `[K]`, falling. Where a level is a bin of several, the lowest of them. */
  readonly confidence: Float64Array;
  /** `[K]` the highest of each level, where it is not the same. */
  readonly highest?: Float64Array;
  /** `[K]` in-distribution examples at or above; the last is all of them. */
  readonly inAbove: Float64Array;
  /** `[K]` out-of-distribution examples at or above. */
  readonly outAbove: Float64Array;
}

/** Sorts both sides and merges them: O(n log n), no object per example. */
export function levelsOf(inConfidence: Float64Array, outConfidence: Float64Array): Levels {
  // Without a comparison function a typed array is sorted natively.
  const ins = inConfidence.slice().sort();
  const outs = outConfidence.slice().sort();
  const confidence = new Float64Array(ins.length + outs.length);
  const inAbove = new Float64Array(confidence.length);
  const outAbove = new Float64Array(confidence.length);
  let level = 0;
  let i = ins.length - 1;
  let o = outs.length - 1;
  while (i >= 0 || o >= 0) {
    const value = o < 0 || (i >= 0 && ins[i]! >= outs[o]!) ? ins[i]! : outs[o]!;
    while (i >= 0 && ins[i] === value) i--;
    while (o >= 0 && outs[o] === value) o--;
    confidence[level] = value;
    inAbove[level] = ins.length - 1 - i;
    outAbove[level] = outs.length - 1 - o;
    level++;
  }
  return {
    confidence: confidence.subarray(0, level),
    inAbove: inAbove.subarray(0, level),
    outAbove: outAbove.subarray(0, level),
  };
}

/** Counts at or beyond each threshold, as one class's detector sees them: positives first. */
export interface Detections {
  /** `[K]` positives called positive at each threshold, rising to all of them. */
  readonly positives: Float64Array;
  /** `[K]` negatives called positive. */
  readonly negatives: Float64Array;
}

/** The thresholds in the order in which the positive class is found. */
export function detectionsOf({ inAbove, outAbove }: Levels, positive: 'in' | 'ood'): Detections {
  return positive === 'in'
    ? { positives: inAbove, negatives: outAbove }
    : { positives: fromBelow(outAbove), negatives: fromBelow(inAbove) };
}

/** Counts at or below each level, from the lowest level up. */
function fromBelow(above: Float64Array): Float64Array {
  const total = above.at(-1)!;
  return above.map((_, index) => total - (above[above.length - 2 - index] ?? 0));
}
