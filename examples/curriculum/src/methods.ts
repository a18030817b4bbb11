import { type CurriculumOptions, dropLabelErrors, infoBatch } from '@vogjs/callback';
import type { Metric } from '@vogjs/core';
import { meanLoss } from '@vogjs/metrics';

/** One way to choose which examples are shown. */
export interface Method {
  readonly name: string;
  readonly options: CurriculumOptions;
}

/** The pace of every method that has one: 30 % of the examples, all of them from half of the run on. */
const PACE = 'linear';

/** What all methods are compared with. */
export const BASELINE = 'random order';

export const METHODS: readonly Method[] = [
  { name: BASELINE, options: { order: 'random' } },
  // As many examples as the two below have, whichever they are: what the pace does without a difficulty.
  { name: 'random, paced', options: { order: 'random', pace: PACE } },
  { name: 'easy-first', options: { order: 'easy-first', metric: 'mean-loss', pace: PACE } },
  { name: 'hard-first', options: { order: 'hard-first', metric: 'mean-loss', pace: PACE } },
  { name: 'drop 10 % suspects', options: suspects(0.1) },
  { name: 'drop 30 % suspects', options: suspects(0.3) },
  { name: 'InfoBatch', options: { order: 'random', metric: 'last-loss', prune: infoBatch() } },
];

/** Metrics that the methods rank by. Both need one forward pass, which they share. */
export function trackedMetrics(): Metric[] {
  return [meanLoss(), meanLoss({ at: 'last', name: 'last-loss' })];
}

/** Whether a method looks at scores; for the others no checkpoint is taken. */
export function looksAtScores({ options }: Method): boolean {
  return options.metric !== undefined;
}

function suspects(share: number): CurriculumOptions {
  return { order: 'random', metric: 'mean-loss', prune: dropLabelErrors({ share }) };
}
