import { requireScores } from './arguments.js';
import { signOf } from './difficulty.js';
import type { DifficultyScores } from './difficulty-scores.js';
import { midRanks } from './ranks.js';

/**
 * Difficulty percentile of each value: `whole (r - 1/2) / n`, r the rank from the easiest, n the count of values that are
 * not NaN; ties share their mean rank. NaN stays NaN.
 *
 * Source: the convention of `scipy.stats.percentileofscore(..., kind='mean')`.
 *
 * @param whole where percentiles end: 100, or 1 for shares
 * @returns float64, one per value
 * @throws VogError ARGUMENT_INVALID
 */
export function percentilesOf(scores: DifficultyScores, whole = 100): Float64Array {
  requireScores('scores', scores);
  const { values } = scores;
  const sign = signOf(scores);
  const known = Array.from({ length: values.length }, (_, at) => at).filter((at) => !Number.isNaN(values[at]));
  const ranks = midRanks(known.map((at) => sign * values[at]!));
  const percentiles = new Float64Array(values.length).fill(Number.NaN);
  for (const [position, at] of known.entries()) percentiles[at] = (whole * (ranks[position]! - 0.5)) / known.length;
  return percentiles;
}
