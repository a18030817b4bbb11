import { collectResources, predictions } from '@vogjs/core';
import {
  energy,
  entropyScore,
  fitDetectors,
  gen,
  gradNorm,
  klMatching,
  knn,
  mahalanobis,
  maxLogit,
  msp,
  odin,
  type OodScores,
  react,
  relativeMahalanobis,
  scoreOod,
  vim,
} from '@vogjs/ood';
import { modelInputs } from '@vogjs/example-shared';
import type { Run } from './run.js';

/** Scores of every image that the run tracks, by method; and the class predicted for it in the end. */
export interface RunScores {
  /** In the order of the tables: MSP and VoG first. */
  readonly methods: Readonly<Record<string, OodScores>>;
  readonly predictions: Int32Array;
}

/** Windows of VoG, from the same passes. */
const WINDOWS = ['early', 'middle', 'late'] as const;

/** Scores all sets by every method: the detectors on the final weights, the others from the tracker. */
export async function scoreRun(run: Run): Promise<RunScores> {
  const { model, tracker, probe, scaling, train } = run;
  const fitSet = modelInputs(train, scaling);
  const detectors = [
    msp(),
    maxLogit(),
    energy(),
    entropyScore(),
    gen(),
    odin({ channelStd: scaling.std }),
    gradNorm(),
    mahalanobis(),
    relativeMahalanobis(),
    knn(),
    vim(),
    react(),
    klMatching(),
  ];
  const fitted = await fitDetectors(
    model,
    { inputs: { data: fitSet.data, shape: [...fitSet.shape] }, labels: fitSet.labels },
    detectors,
  );
  const { msp: baseline, ...others } = await scoreOod(model, { inputs: probe.inputs }, fitted);
  const fromTracker = async (metric: string, window: string, detector: string): Promise<OodScores> => {
    const { values } = await tracker.scores(metric, { window });
    // Out of distribution is where the score moves most: declared by the paper for VoG, taken over for the others.
    return { values, oodDirection: 'high', detector };
  };
  const methods: Record<string, OodScores> = {
    msp: baseline,
    vog: await fromTracker('vog', 'complete', 'vog'),
    ...others,
  };
  for (const window of WINDOWS) methods[`vog-${window}`] = await fromTracker('vog', window, `vog-${window}`);
  for (const metric of ['msp-variance', 'energy-variance']) {
    methods[metric] = await fromTracker(metric, 'complete', metric);
  }
  const { predictions: predicted } = await collectResources(model, { inputs: probe.inputs }, { predictions });
  return { methods, predictions: Int32Array.from(predicted.data) };
}

/** Scores of some rows. */
export function rowsOfScores({ values, ...rest }: OodScores, rows: ArrayLike<number>): OodScores {
  return { ...rest, values: Float64Array.from(rows, (row) => values[row] as number) };
}
