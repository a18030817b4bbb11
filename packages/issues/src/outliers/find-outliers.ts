import { type ShapedArray, VogError } from '@vogjs/base';
import { declareOptions, type InputOf, integer, positive, share } from '@vogjs/base/options';
import { benjaminiHochberg, requireShaped } from '@vogjs/statistics';
import type { Finding } from '../issue.js';
import { nearestNeighbours, type Neighbours } from '../neighbours/nearest.js';
import { type NeighbourSearch, searchNeighbours } from '../neighbours/search.js';
import { requireEntries } from '../shared/arguments.js';
import { robustDistances } from '../shared/robust.js';
import { scoreAround } from '../shared/score.js';
import { counted, countedOfAll, percent } from '../shared/words.js';

const where = 'findOutliers';
const declared = declareOptions(where, {
  neighbours: integer(1).default(10).about('Number of neighbours whose distances are averaged.'),
  deviations: positive()
    .default(2.7)
    .about('Without a reference: flagged beyond this many robust standard deviations above the median.'),
  falseDiscoveries: share()
    .default(0.05)
    .about('With a reference: the share of those flagged that may be like it after all.'),
});

/** Options of `findOutliers`. */
export type OutliersOptions = InputOf<typeof declared.entries>;

/** What outliers are told by. */
export interface OutlierEvidence {
  /** `[N, D]`, such as penultimate features. */
  readonly features: ShapedArray;
  /** `[M, D]`: features of data that is known to be right. Without it the data is judged by itself. */
  readonly reference?: ShapedArray | undefined;
  /** `[N]`: minus the logsumexp of the logits; the higher the stranger. It counts as much as the distance. */
  readonly energies?: ArrayLike<number> | undefined;
  /** `[M]`: of the reference; wanted where both others are given. */
  readonly referenceEnergies?: ArrayLike<number> | undefined;
}

/** Examples that are like few others. */
export interface Outliers extends Finding {
  readonly kind: 'outlier';
  /** `[N]`: mean distance to the nearest neighbours, of features of unit length. */
  readonly distances: Float64Array;
}

/**
 * Which examples lie far from all others, or from a reference.
 *
 * An example's strangeness is the logarithm of its mean distance to its nearest neighbours, in robust standard
 * deviations; with energies, the mean of both. Without a reference, flagged is what lies more than 2.7 of these above
 * the middle, where Tukey's fence lies for normal values. With a reference, each example has a conformal p-value, the
 * share of the reference that is as strange (leave-one-out there). Benjamini and Hochberg's procedure flags so that at
 * most `falseDiscoveries` of those flagged are like the reference. A p-value is 1 / (M + 1) at least: to flag few
 * strange ones among many, give a large reference.
 *
 * Source: Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022; Liu et al., "Energy-based
 * Out-of-distribution Detection", NeurIPS 2020; Bates et al., "Testing for Outliers with Conformal p-values", 2023.
 *
 * @param search how neighbours are found, where several searches share one
 * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE, PROBE_MISMATCH, SAMPLE_TOO_SMALL (fewer than 2 examples)
 */
export function findOutliers(
  input: OutlierEvidence,
  options: OutliersOptions = {},
  search: NeighbourSearch = searchNeighbours,
): Outliers {
  const { neighbours, deviations, falseDiscoveries } = declared.resolve(options);
  const { features, reference, energies, referenceEnergies } = input;
  requireShaped(`${where}: features`, features);
  const size = features.shape[0] ?? 0;
  const compared = reference ? (reference.shape[0] ?? 0) : size;
  if (size < 1 || compared < 2) {
    throw new VogError(
      'SAMPLE_TOO_SMALL',
      `${where}: ${counted(size, 'example')} and ${counted(compared, 'example')} to compare with; give two at least.`,
    );
  }
  if (energies) requireEntries(where, 'energies', energies, size);
  if (reference && energies && !referenceEnergies) {
    throw new VogError('ARGUMENT_INVALID', `${where}: energies need referenceEnergies, to know which are usual.`);
  }
  if (referenceEnergies) requireEntries(where, 'referenceEnergies', referenceEnergies, compared);

  const k = Math.min(neighbours, compared - 1);
  const distances = meanDistances(reference ? nearestNeighbours(features, { k }, reference) : search(features, k));
  const usual = reference ? meanDistances(search(reference, k)) : distances;
  const strange = strangeness(distances, usual, energies, referenceEnergies ?? energies);
  const nameOther = reference ? 'the reference' : 'the data';
  if (!reference) {
    const most = Math.max(deviations + 1, 3 * deviations);
    const scores = Float32Array.from(strange, (value) => scoreAround(value, deviations, 0, most));
    return outliers(scores, distances, nameOther, (i) => `${strange[i]!.toFixed(1)} robust standard deviations`);
  }
  const ofReference = strangeness(usual, usual, referenceEnergies, referenceEnergies);
  const p = conformal(strange, ofReference);
  const judged = Array.from(p, (_, i) => i).filter((i) => !Number.isNaN(p[i]));
  const q = new Float64Array(size).fill(Number.NaN);
  if (judged.length > 0) {
    for (const [at, value] of benjaminiHochberg(judged.map((i) => p[i]!)).entries()) q[judged[at]!] = value;
  }
  const scores = Float32Array.from(q, (value) => scoreAround(-value, -falseDiscoveries, -1, 0));
  return outliers(scores, distances, nameOther, (i) => `${percent(p[i]!)} of the reference as strange`);
}

function outliers(
  scores: Float32Array,
  distances: Float64Array,
  what: string,
  how: (example: number) => string,
): Outliers {
  const flagged = Uint8Array.from(scores, (score) => Number(score >= 0.5));
  return {
    kind: 'outlier',
    scores,
    flagged,
    distances,
    why: (i) =>
      Number.isNaN(scores[i])
        ? 'Its features are not finite: it could not be compared.'
        : `It is ${scores[i]! >= 0.5 ? 'far from' : 'near to'} its nearest neighbours in ${what} (${how(i)}).`,
    summary: `${countedOfAll(flagged, 'example', ['is', 'are'])} unlike ${what}.`,
  };
}

function meanDistances({ distances, k }: Neighbours): Float64Array {
  return Float64Array.from({ length: distances.length / k }, (_, i) => {
    const own = distances.subarray(i * k, (i + 1) * k).filter((distance) => !Number.isNaN(distance));
    return own.reduce((sum, distance) => sum + distance, 0) / own.length;
  });
}

function strangeness(
  distances: Float64Array,
  usual: Float64Array,
  energies: ArrayLike<number> | undefined,
  usualEnergies: ArrayLike<number> | undefined,
): Float64Array {
  // Distances of 0, of copies, are not infinitely near: they count as the least distance that is none.
  const least = usual.reduce((low, value) => (value > 0 && value < low ? value : low), Infinity);
  const logarithm = (value: number): number => Math.log(Math.max(value, Number.isFinite(least) ? least / 2 : 1e-12));
  const far = robustDistances(distances.map(logarithm), usual.map(logarithm));
  if (!energies || !usualEnergies) return far;
  const odd = robustDistances(energies, usualEnergies);
  return far.map((value, i) => (value + odd[i]!) / 2);
}

/** (1 + how many of the reference are at least as strange) / (1 + M). */
function conformal(strange: Float64Array, reference: Float64Array): Float64Array {
  const sorted = reference.filter((value) => !Number.isNaN(value)).sort();
  return strange.map((value) => {
    if (Number.isNaN(value)) return Number.NaN;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return (1 + sorted.length - low) / (1 + sorted.length);
  });
}
