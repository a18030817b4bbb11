import { type ShapedArray, VogError } from '@vogjs/base';
import { declareOptions, type InputOf, integer, oneOf } from '@vogjs/base/options';
import type { DifficultyScores } from '@vogjs/statistics';
import type { Finding } from '../issue.js';
import { type NeighbourSearch, searchNeighbours } from '../neighbours/search.js';
import { requireEntries, requireLabels, requireRows } from '../shared/arguments.js';
import { meanOf } from '../shared/means.js';
import { scoreAround, worstFirst } from '../shared/score.js';
import { countedOfAll } from '../shared/words.js';
import { COUNTS, estimateErrors, type EstimatedErrors } from './count.js';
import { type ReadProbabilities, readRowsOfProbabilities } from './probabilities.js';
import { proposeLabels } from './proposals.js';
import { type Family, gatherEvidence, rankShares, type Sources } from './signals.js';
import { labelSentence } from './words.js';

const where = 'findLabelErrors';
const declared = declareOptions(where, {
  count: oneOf(...COUNTS).about(
    'How many labels are flagged. `confident`: as many as the confident joint has off its diagonal. `mixture`, `otsu`: as many as lie in the upper of two groups of the first trajectory score. `auto`: the fewest of these that the evidence allows.',
  ),
  neighbours: integer(1).default(20).about('Neighbours that vote on each label, in the features.'),
});

/** Options of `findLabelErrors`. */
export type LabelErrorsOptions = InputOf<typeof declared.entries>;

/** What is known of the examples; at least one of the last four. */
export interface LabelEvidence {
  /** Given class of each example, `[N]`. */
  readonly labels: ArrayLike<number>;
  readonly classNames?: readonly string[] | undefined;
  /** `[N, K]`, of networks that have not trained on the example, as of folds. A row of NaN is an example without. */
  readonly heldOutProbabilities?: ShapedArray | undefined;
  /** `[N, K]`, of a network that has: the mean over its checkpoints. Proposes labels where nothing was held out. */
  readonly trainedProbabilities?: ShapedArray | undefined;
  /** Scores of whole trajectories, by name: mean loss, AUM, EL2N, margin, confidence. */
  readonly trajectories?: Readonly<Record<string, DifficultyScores>> | undefined;
  /** `[N, D]`, such as penultimate features: neighbours should have the same label. */
  readonly features?: ShapedArray | undefined;
}

/** Labels that are probably wrong. */
export interface LabelErrors extends Finding {
  readonly kind: 'label';
  /** `[N]`, in [0, 1]: mean of the percentiles of each family of evidence. `scores` has the same order but for flags. */
  readonly suspicion: Float64Array;
  /** `[N]`: the class proposed in place of the label; -1 where there is none. */
  readonly suggested: Int32Array;
  /** `[N]`: how probable that class is; NaN where there is none. */
  readonly probabilities: Float32Array;
  readonly estimated: EstimatedErrors;
  /** What it rests on. */
  readonly families: readonly Family[];
}

/**
 * Which labels are probably wrong, and what they should be.
 *
 * Three families of evidence each rank all examples. The first is the probability of the label by networks that have
 * not trained on the example. The second is the trajectory of one that has: the mean percentile of the scores given.
 * The third is the share of the nearest neighbours in the features that have another label. The suspicion is the mean
 * of the families' percentiles. Every family counts the same, and every score the same within its family: nothing is
 * fitted, since there are no known errors to fit to. Families err in different ways, and that makes their mean better
 * than most of them; several scores of one training err together, so they share one vote.
 *
 * How many are flagged is estimated (`count`). That many of the most suspect are flagged, except those whose label
 * is the likeliest class.
 *
 * @param search how neighbours are found, where several searches share one
 * @throws VogError ARGUMENT_INVALID (no evidence, options), SAMPLE_TOO_SMALL, LABEL_INVALID, INPUT_SHAPE,
 * INPUT_NOT_FINITE (no probabilities), PROBE_MISMATCH (lengths)
 */
export function findLabelErrors(
  input: LabelEvidence,
  options: LabelErrorsOptions = {},
  search: NeighbourSearch = searchNeighbours,
): LabelErrors {
  const { count, neighbours } = declared.resolve(options);
  const { labels } = input;
  requireLabels(where, labels);
  const size = labels.length;
  const sources = readSources(input, neighbours, search);
  const evidence = gatherEvidence(sources);
  if (evidence.length === 0) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${where}: labels alone show no errors. Give heldOutProbabilities, trajectories, trainedProbabilities or features, with at least one number.`,
    );
  }
  const suspicion = meanOf(evidence.map(rankShares), size);
  const estimated = estimateErrors(count, sources, evidence);
  const proposals = proposeLabels(sources);
  const { flagged, cut } = flagMostSuspect(suspicion, estimated.count, proposals.agrees);
  const scores = Float32Array.from(suspicion, (value, i) => {
    const score = scoreAround(value, cut, 0, 1);
    return flagged[i] === 1 ? score : Math.min(score, 0.4999);
  });
  return {
    kind: 'label',
    scores,
    flagged,
    suspicion,
    suggested: proposals.suggested,
    probabilities: proposals.probabilities,
    estimated,
    families: evidence.map(({ family }) => family),
    why: labelSentence(sources, proposals, evidence, input.classNames),
    summary: `${countedOfAll(flagged, 'label', ['is', 'are'])} probably wrong.`,
  };
}

function readSources(input: LabelEvidence, k: number, search: NeighbourSearch): Sources {
  const { labels, heldOutProbabilities, trainedProbabilities, trajectories = {}, features } = input;
  const size = labels.length;
  const read = (name: string, array: ShapedArray | undefined): ReadProbabilities | undefined =>
    array && readRowsOfProbabilities(where, name, array, labels);
  for (const [name, { values }] of Object.entries(trajectories)) {
    requireEntries(where, `trajectories['${name}']`, values, size);
  }
  if (features) requireRows(where, 'features', features, size);
  const neighbours = features && size > 1 ? search(features, Math.min(k, size - 1)) : undefined;
  return {
    labels,
    held: read('heldOutProbabilities', heldOutProbabilities),
    trained: read('trainedProbabilities', trainedProbabilities),
    trajectories,
    neighbours,
  };
}

/** The `count` most suspect, of equal ones the first; the last of them is where the flag begins. */
function flagMostSuspect(
  suspicion: Float64Array,
  count: number,
  agrees: Uint8Array,
): { readonly flagged: Uint8Array; readonly cut: number } {
  const ranking = worstFirst(suspicion);
  const flagged = new Uint8Array(suspicion.length);
  for (const i of ranking.slice(0, count)) flagged[i] = agrees[i] === 1 ? 0 : 1;
  const last = ranking[Math.min(count, ranking.length) - 1];
  return { flagged, cut: last === undefined ? Infinity : suspicion[last]! };
}
