import type { ModelName } from './options.js';

/** AUROC, AUPR-In and AUPR-Out in percent. */
export type Figures = readonly [auroc: number, auprIn: number, auprOut: number];

/** One pair of sets in the paper's Table 3, in-distribution CIFAR-10. */
export interface PaperRow {
  readonly model: ModelName;
  readonly set: string;
  readonly msp: Figures;
  readonly vog: Figures;
}

const SETS = ['CIFAR-100', 'Gaussian', 'iSUN', 'TinyImageNet-resize', 'LSUN-resize'] as const;

const ROWS: Record<ModelName, readonly (readonly [msp: Figures, vog: Figures])[]> = {
  'wide-resnet': [
    [
      [80.9, 83.4, 75.4],
      [89, 90.5, 87.3],
    ],
    [
      [78.1, 84.6, 66.4],
      [88.2, 91.6, 80.6],
    ],
    [
      [87.8, 90.7, 82.9],
      [93.3, 95.3, 89.4],
    ],
    [
      [88.4, 91, 83.4],
      [92.8, 94.3, 89.9],
    ],
    [
      [90.4, 92.7, 86.6],
      [93.5, 94.9, 90.8],
    ],
  ],
  'resnet-18': [
    [
      [86.8, 89.7, 82.3],
      [87.6, 90, 84],
    ],
    [
      [92.7, 95.1, 88.2],
      [85.1, 90.6, 73],
    ],
    [
      [85.5, 89, 79.9],
      [92.3, 94.2, 89.3],
    ],
    [
      [84.7, 87.4, 79.8],
      [91.6, 93.1, 89.5],
    ],
    [
      [84.3, 86.4, 80],
      [92.3, 93.6, 90.4],
    ],
  ],
  'densenet-bc': [
    [
      [91.4, 93.1, 88.5],
      [93.1, 94.3, 91],
    ],
    [
      [95.8, 97.3, 92.7],
      [88.2, 93.4, 74.3],
    ],
    [
      [92.8, 95, 88.9],
      [92.5, 94.9, 86.5],
    ],
    [
      [91.3, 93.1, 88.2],
      [90.6, 92.6, 86.1],
    ],
    [
      [92.9, 94.7, 90],
      [93, 94.9, 88.2],
    ],
  ],
};

/**
 * Table 3 of the paper's supplement, as printed.
 *
 * Source: Agarwal, D'souza & Hooker, "Estimating Example Difficulty using Variance of Gradients", CVPR 2022, section F.
 */
export const PAPER_ROWS: readonly PaperRow[] = (Object.keys(ROWS) as ModelName[]).flatMap((model) =>
  ROWS[model].map(([msp, vog], i) => ({ model, set: SETS[i] as string, msp, vog })),
);

/** The mean gain of VoG over MSP that the paper states, in percentage points: the mean of its rows. */
export const PAPER_GAIN: Figures = [2.62, 2.33, 2.47];

/** Mean gain of the second figures over the first. */
export function meanGain(rows: readonly { readonly msp: Figures; readonly vog: Figures }[]): Figures {
  const mean = (at: 0 | 1 | 2) => rows.reduce((sum, { msp, vog }) => sum + vog[at] - msp[at], 0) / rows.length;
  return [mean(0), mean(1), mean(2)];
}
