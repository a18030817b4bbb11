import { type CurriculumOptions, infoBatch } from '@vogjs/callback';
import { type Metric } from '@vogjs/core';
import { meanLoss } from '@vogjs/metrics';
import type { Labelled } from './data.js';
import type { Suspects } from './suspects.js';

/** Labels that a person looks at, the most suspect first. */
const REVIEWED = [200, 1000, 5000] as const;
export const BASELINE = 'plain';

/** Who is shown, with which label and weight, for a whole training. */
export interface Shown {
  /** Positions among the training examples. */
  readonly rows: Int32Array;
  /** `[N]` */
  readonly labels: Int32Array;
  /** `[N]`, of mean 1; null where all weigh the same. */
  readonly weights: Float32Array | null;
}

/** One way to train on labels with errors. */
export interface Method {
  readonly name: string;
  /** From what the plain training found; without it the labels are taken as they are. */
  readonly clean?: (suspects: Suspects, data: Labelled) => Shown;
  /** Who is shown in which epoch, by the scores at its start. */
  readonly order?: { readonly metric: () => Metric; readonly options: CurriculumOptions; readonly saves: boolean };
  /** Labels that people looked at. */
  readonly reviewed?: number;
}

export const METHODS: readonly Method[] = [
  { name: BASELINE },
  { name: 'drop suspects', clean: dropped },
  { name: 'correct suspects', clean: corrected },
  { name: 'weigh suspects less', clean: weighed },
  {
    name: 'InfoBatch',
    order: {
      metric: () => meanLoss({ at: 'last', name: 'last-loss' }),
      options: { order: 'random', metric: 'last-loss', prune: infoBatch() },
      saves: true,
    },
  },
  {
    name: 'easy-first',
    order: {
      metric: () => meanLoss(),
      options: { order: 'easy-first', metric: 'mean-loss', pace: 'linear' },
      saves: false,
    },
  },
  ...REVIEWED.map((count) => ({
    name: `review ${count}`,
    reviewed: count,
    clean: (suspects: Suspects, data: Labelled) => reviewed(suspects, data, count),
  })),
];

/** All examples as they are. */
export function untouched({ labels }: Labelled): Shown {
  return { rows: Int32Array.from(labels.keys()), labels, weights: null };
}

function dropped({ flagged }: Suspects, data: Labelled): Shown {
  const { rows, ...rest } = untouched(data);
  return { ...rest, rows: rows.filter((i) => flagged[i] === 0) };
}

function corrected({ flagged, suggested }: Suspects, data: Labelled): Shown {
  const label = (own: number, i: number): number =>
    flagged[i] === 1 && suggested[i]! >= 0 ? (suggested[i] as number) : own;
  return { ...untouched(data), labels: data.labels.map(label) };
}

/** One less the score: half the weight where the flag begins. */
function weighed({ scores }: Suspects, data: Labelled): Shown {
  const sum = scores.reduce((all, score) => all + 1 - score, 0);
  return {
    ...untouched(data),
    weights: Float32Array.from(scores, (score) => ((1 - score) * scores.length) / sum),
  };
}

/** As a person would who knows the right label of everything that is looked at. */
function reviewed({ order }: Suspects, data: Labelled, count: number): Shown {
  const labels = data.labels.slice();
  for (const i of order.slice(0, count)) labels[i] = data.clean[i] as number;
  return { ...untouched(data), labels };
}
