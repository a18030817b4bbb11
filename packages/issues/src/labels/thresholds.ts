/**
 * The cut between two groups of values that leaves them as alike inside as can be: the one of the largest variance
 * between groups, over a histogram of 256 bins. NaN without two different values.
 *
 * Source: Otsu, "A Threshold Selection Method from Gray-Level Histograms", IEEE Trans. SMC 9 (1979), eq. 12 to 18.
 */
export function otsuThreshold(values: ArrayLike<number>): number {
  const known = Float64Array.from(values).filter((value) => Number.isFinite(value));
  const [low, high] = rangeOf(known);
  if (!(high > low)) return Number.NaN;
  const bins = 256;
  const histogram = new Float64Array(bins);
  const binOf = (value: number): number => Math.min(bins - 1, Math.floor((bins * (value - low)) / (high - low)));
  for (const value of known) histogram[binOf(value)]! += 1;
  let total = 0;
  for (let bin = 0; bin < bins; bin++) total += bin * histogram[bin]!;
  let below = 0;
  let sumBelow = 0;
  let best = -1;
  // Of cuts that are equally good, as in a gap, the middle.
  let [first, last] = [0, 0];
  for (let bin = 0; bin < bins - 1; bin++) {
    below += histogram[bin]!;
    sumBelow += bin * histogram[bin]!;
    const above = known.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sumBelow / below - (total - sumBelow) / above) ** 2;
    if (between > best * (1 + 1e-12)) [best, first, last] = [between, bin, bin];
    else if (between >= best * (1 - 1e-12)) last = bin;
  }
  return low + (((first + last) / 2 + 1) * (high - low)) / bins;
}

/** Two normal distributions that values were drawn from, and the value at which both are equally likely. */
export interface TwoNormals {
  readonly means: readonly [low: number, high: number];
  readonly deviations: readonly [low: number, high: number];
  /** Share of the values that belong to the higher one. */
  readonly shareOfHigh: number;
  /** Between the means; NaN where one distribution is enough. */
  readonly threshold: number;
}

const ROUNDS = 200;

/**
 * Fits a mixture of two normals by expectation and maximisation, begun at Otsu's cut: which losses are those of wrong
 * labels. Null without two different values.
 *
 * Source: Arazo et al., "Unsupervised Label Noise Modeling and Loss Correction", ICML 2019, section 3.1; normals in
 * place of their betas, as Li et al., DivideMix, ICLR 2020, section 3.1.
 */
export function fitTwoNormals(values: ArrayLike<number>): TwoNormals | null {
  const known = Float64Array.from(values).filter((value) => Number.isFinite(value));
  const cut = otsuThreshold(known);
  if (Number.isNaN(cut)) return null;
  const [low, high] = rangeOf(known);
  // No component may shrink to a point.
  const least = ((high - low) / 200) ** 2;
  const weights = Float64Array.from(known, (value) => Number(value >= cut));
  let fit = { means: [0, 0] as [number, number], variances: [1, 1] as [number, number], share: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const next = maximise(known, weights, least);
    const moved = Math.abs(next.share - fit.share) + Math.abs(next.means[1] - fit.means[1]) / (high - low);
    fit = next;
    for (const [i, value] of known.entries()) weights[i] = posteriorOfHigh(value, fit);
    if (moved < 1e-7) break;
  }
  return {
    means: fit.means,
    deviations: [Math.sqrt(fit.variances[0]), Math.sqrt(fit.variances[1])],
    shareOfHigh: fit.share,
    threshold: crossing(fit),
  };
}

interface Fit {
  readonly means: [number, number];
  readonly variances: [number, number];
  readonly share: number;
}

function maximise(values: Float64Array, weights: Float64Array, least: number): Fit {
  const sums = [0, 0];
  const totals = [1e-9, 1e-9];
  for (const [i, value] of values.entries()) {
    for (const [side, weight] of [1 - weights[i]!, weights[i]!].entries()) {
      totals[side]! += weight;
      sums[side]! += weight * value;
    }
  }
  const means: [number, number] = [sums[0]! / totals[0]!, sums[1]! / totals[1]!];
  const squares = [0, 0];
  for (const [i, value] of values.entries()) {
    squares[0]! += (1 - weights[i]!) * (value - means[0]) ** 2;
    squares[1]! += weights[i]! * (value - means[1]) ** 2;
  }
  const variances: [number, number] = [
    Math.max(least, squares[0]! / totals[0]!),
    Math.max(least, squares[1]! / totals[1]!),
  ];
  return { means, variances, share: totals[1]! / values.length };
}

function posteriorOfHigh(value: number, { means, variances, share }: Fit): number {
  const log = (side: 0 | 1, weight: number): number =>
    Math.log(weight) - Math.log(variances[side]) / 2 - (value - means[side]) ** 2 / (2 * variances[side]);
  return 1 / (1 + Math.exp(log(0, 1 - share) - log(1, share)));
}

/** Where the higher one becomes the likelier, between the means; bisection, since the posterior rises in between. */
function crossing(fit: Fit): number {
  let [low, high] = fit.means;
  if (!(high > low) || posteriorOfHigh(high, fit) < 0.5 || posteriorOfHigh(low, fit) > 0.5) return Number.NaN;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (posteriorOfHigh(middle, fit) < 0.5) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function rangeOf(values: Float64Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
