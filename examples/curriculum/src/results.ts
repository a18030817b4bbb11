import { overSeeds, type SeedSummary } from '@vogjs/example-shared';
import type { Run } from './experiment.js';
import { BASELINE } from './methods.js';
import type { SetName } from './training-data.js';

/** All runs of a set, by method in the order of the methods; each method has the same seeds. */
export type RunsByMethod = ReadonlyMap<string, Run[]>;

/** A method on one set, over its seeds. */
export interface MethodSummary {
  readonly set: SetName;
  readonly method: string;
  /** Test accuracy after half of the steps and after all of them. */
  readonly half: SeedSummary;
  readonly final: SeedSummary;
  /**
   * What it has more than the baseline with the same seed, which is the same initial weights: `[half, final]`. Pairing
   * takes out what the seed alone does. Null for the baseline.
   */
  readonly gain: { readonly half: SeedSummary; readonly final: SeedSummary } | null;
  /** Mean share of wrong labels among the examples shown. */
  readonly wrongShown: number;
  /** Mean share of the training examples that an epoch showed. */
  readonly shown: number;
}

export function summarise(set: SetName, runs: RunsByMethod): MethodSummary[] {
  const baseline = runs.get(BASELINE) ?? [];
  return [...runs].map(([method, own]) => {
    const at = (epoch: (run: Run) => number) => ({
      summary: overSeeds(own.map(epoch)),
      gain: overSeeds(own.map((run, i) => epoch(run) - epoch(baseline[i] as Run))),
    });
    const half = at(({ accuracy }) => accuracy[Math.floor(accuracy.length / 2) - 1] as number);
    const final = at(({ accuracy }) => accuracy.at(-1) as number);
    return {
      set,
      method,
      half: half.summary,
      final: final.summary,
      gain: method === BASELINE ? null : { half: half.gain, final: final.gain },
      wrongShown: mean(own.map((run) => mean(run.wrongShown))),
      shown: mean(own.map((run) => mean(run.shown))),
    };
  });
}

/** Mean accuracy of a method after each epoch. */
export function meanCurve(runs: readonly Run[]): number[] {
  const epochs = runs[0]?.accuracy.length ?? 0;
  return Array.from({ length: epochs }, (_, epoch) => mean(runs.map(({ accuracy }) => accuracy[epoch] as number)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
