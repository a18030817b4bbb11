import type { HumanLabels } from '@vogjs/example-shared';

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
