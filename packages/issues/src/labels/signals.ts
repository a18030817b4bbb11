import { type DifficultyScores, percentilesOf } from '@vogjs/statistics';
import type { Neighbours } from '../neighbours/nearest.js';
import { meanOf } from '../shared/means.js';
import type { ReadProbabilities } from './probabilities.js';

/** The families of evidence, by where they come from. */
export type Family = 'heldOut' | 'trajectory' | 'neighbours';

/** What one family says of each example: `[N]`, the higher the more suspect, NaN where it says nothing. */
export interface Evidence {
  readonly family: Family;
  readonly suspicion: Float64Array;
}

/** What there is to judge labels by. */
export interface Sources {
  readonly labels: ArrayLike<number>;
  readonly held: ReadProbabilities | undefined;
  readonly trained: ReadProbabilities | undefined;
  readonly trajectories: Readonly<Record<string, DifficultyScores>>;
  readonly neighbours: Neighbours | undefined;
}

/** The share of the examples that are less suspect by a family, ties shared. `[N]` */
export function rankShares({ suspicion }: Evidence): Float64Array {
  return percentilesOf({ values: suspicion, hardDirection: 'high' }, 1);
}

/** Every family that says something of at least one example. */
export function gatherEvidence({ labels, held, trained, trajectories, neighbours }: Sources): Evidence[] {
  const columns = Object.values(trajectories).map((scores) => percentilesOf(scores, 1));
  const all: Evidence[] = [];
  if (held) all.push({ family: 'heldOut', suspicion: doubtOf(held, labels) });
  if (columns.length > 0) all.push({ family: 'trajectory', suspicion: meanOf(columns, labels.length) });
  else if (trained) all.push({ family: 'trajectory', suspicion: doubtOf(trained, labels) });
  if (neighbours) all.push({ family: 'neighbours', suspicion: disagreement(neighbours, labels) });
  return all.filter(({ suspicion }) => suspicion.some((value) => !Number.isNaN(value)));
}

/** Minus the probability of the given label. */
function doubtOf({ array, classes, known }: ReadProbabilities, labels: ArrayLike<number>): Float64Array {
  return Float64Array.from(labels, (label, i) =>
    known[i] === 1 ? -Number(array.data[i * classes + label]) : Number.NaN,
  );
}

/** Share of the nearest neighbours that have another label; each example is left out of its own. `[N]` */
function disagreement({ indices, k }: Neighbours, labels: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: labels.length }, (_, i) => {
    const found = indices.subarray(i * k, (i + 1) * k).filter((other) => other !== -1);
    return found.filter((other) => labels[other] !== labels[i]).length / found.length;
  });
}
