import { seededRandom } from '@vogjs/base';
import { type HumanLabels, wrongLabels } from '@vogjs/example-shared';

/** Label sets of this experiment: three of CIFAR-10N, and the paper's shuffled labels. */
export const LABEL_SETS = ['aggre', 'random1', 'worse', 'shuffled'] as const;
export type LabelSet = (typeof LABEL_SETS)[number];

/** Share of the labels that the paper's memorisation experiment shuffles. */
export const SHUFFLED_SHARE = 0.2;

/** Labels to train with, and what is known about them. */
export interface NoisyLabels extends HumanLabels {
  /** 1 where the label took part in the shuffling, which leaves some as they were; null for human labels. */
  readonly shuffled: Uint8Array | null;
}

/**
 * Permutes the labels of a seeded share of the examples among themselves, as the paper's memorisation experiment does.
 * About one in `classes` of them gets the label it had.
 */
export function shuffleLabels(clean: Int32Array, share: number, seed: number): NoisyLabels {
  const random = seededRandom(seed);
  const chosen = random.shuffle(clean.length).subarray(0, Math.round(clean.length * share));
  const order = random.shuffle(chosen.length);
  const given = clean.slice();
  const shuffled = new Uint8Array(clean.length);
  for (const [i, example] of chosen.entries()) {
    given[example] = clean[chosen[order[i] as number] as number] as number;
    shuffled[example] = 1;
  }
  return { given, wrong: wrongLabels(given, clean), shuffled };
}
