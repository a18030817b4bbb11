import { collectResources, predictions } from '@vogjs/core';
import { allDetectors, fitDetectors, odin, type OodScores, scoreOod, vogOod, type VogOodOptions } from '@vogjs/ood';
import { modelInputs } from '@vogjs/example-shared';
import type { Run } from './run.js';
import type { ScoredSet } from './sets.js';

/** Scores of every image that the run tracks, by method; and the class predicted for it in the end. */
export interface RunScores {
  /** In the order of the tables: MSP and VoG first. */
  readonly methods: Readonly<Record<string, OodScores>>;
  readonly predictions: Int32Array;
}

/** Variances over the same checkpoints that need no gradient. */
const VARIANCES = ['msp-variance', 'energy-variance'] as const;

/** Scores all sets by every method: the detectors on the final weights, the others from the tracker. */
export async function scoreRun(run: Run): Promise<RunScores> {
  const { model, probe, scaling, train } = run;
  const fitSet = modelInputs(train, scaling);
  const detectors = allDetectors.map((make) => (make === odin ? odin({ channelStd: scaling.std }) : make()));
  const fitted = await fitDetectors(
    model,
    { inputs: { data: fitSet.data, shape: [...fitSet.shape] }, labels: fitSet.labels },
    detectors,
  );
  const scores = await scoreOod(model, { inputs: probe.inputs }, fitted);
  const methods: Record<string, OodScores> = { msp: scores['msp']!, vog: await trajectoryScores(run), ...scores };
  // From the same passes.
  for (const window of run.tracker.plan().windows) methods[`vog-${window}`] = await trajectoryScores(run, { window });
  methods['vog-class'] = await trajectoryScores(run, { normalise: 'class' });
  for (const metric of VARIANCES) methods[metric] = await trajectoryScores(run, { metric });
  const { predictions: predicted } = await collectResources(model, { inputs: probe.inputs }, { predictions });
  return { methods, predictions: Int32Array.from(predicted.data) };
}

/** Scores of all tracked images from their trajectories; what is normalised is so by the in-distribution ones. */
export async function trajectoryScores(
  { tracker, sets, probe }: Pick<Run, 'tracker' | 'sets' | 'probe'>,
  options: VogOodOptions = {},
): Promise<OodScores> {
  const rangeOf = ({ key, size }: ScoredSet) => {
    const from = probe.starts[key] as number;
    return { tracker, from, to: from + size };
  };
  const others = Object.fromEntries(sets.outside.map((set) => [set.key, rangeOf(set)]));
  const scores = await vogOod({ in: rangeOf(sets.inside), ...others }, options);
  const { oodDirection, detector } = scores.in;
  return { values: Object.values(scores).flatMap(({ values }) => [...values]), oodDirection, detector };
}

/** Scores of some rows. */
export function rowsOfScores({ values, ...rest }: OodScores, rows: ArrayLike<number>): OodScores {
  return { ...rest, values: Float64Array.from(rows, (row) => values[row] as number) };
}
