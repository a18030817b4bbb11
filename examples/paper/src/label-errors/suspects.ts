import type { Columns } from '../readings/shard.js';
import { findLabelErrors, type LabelErrors } from '@vogjs/issues';
import { probabilitiesOf } from './logits.js';

/** The trajectories that `findIssues` reads; one forward pass a checkpoint for all. */
const TRAJECTORIES = ['high mean-loss', 'low aum', 'high el2n', 'low margin', 'low data-maps.confidence'] as const;

/** What the images' own training says of their labels, as `vogjs score` reads it. */
export interface OwnEvidence {
  readonly labels: Int32Array;
  readonly columns: Columns;
  /** `[checkpoints, N, classes]` */
  readonly logits: Float32Array;
  readonly classes: number;
}

/**
 * Suspects by that training alone, or with another one's opinion, which never saw the images.
 *
 * @param probabilities `[N, classes]` of the other training; null for none
 */
export function suspectsOf(
  { labels, columns, logits, classes }: OwnEvidence,
  probabilities: Float32Array | null,
): LabelErrors {
  const shape = [labels.length, classes];
  const trajectories = Object.fromEntries(
    TRAJECTORIES.map((key) => {
      const hardDirection = key.startsWith('low') ? 'low' : 'high';
      return [key.slice(key.indexOf(' ') + 1), { values: columns[key] as Float32Array, hardDirection }] as const;
    }),
  );
  return findLabelErrors({
    labels,
    trajectories,
    trainedProbabilities: { data: meanProbabilities(logits, labels.length, classes), shape },
    heldOutProbabilities: probabilities === null ? undefined : { data: probabilities, shape },
  });
}

/** Mean over the checkpoints, `[N, classes]`. */
function meanProbabilities(logits: Float32Array, size: number, classes: number): Float32Array {
  const length = size * classes;
  const checkpoints = logits.length / length;
  const all = probabilitiesOf(logits, classes);
  const mean = new Float32Array(length);
  for (const [at, value] of all.entries()) mean[at % length]! += value / checkpoints;
  return mean;
}
