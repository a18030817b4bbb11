import { scoreName } from '@vogjs/example-shared';
import type { Scores } from '@vogjs/core';
import { rankAgreement } from '@vogjs/statistics';

/** Mean over runs of the rank agreement between each two scores; runs have the same scores in the same order. */
export function agreementMatrix(runs: readonly (readonly Scores[])[]): number[][] {
  const matrices = runs.map((scores) => {
    const byName = Object.fromEntries(scores.map((score) => [scoreName(score), score]));
    return rankAgreement(byName).spearman;
  });
  const count = runs[0]?.length ?? 0;
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) => {
      const values = matrices.map((matrix) => matrix[i]?.[j] ?? Number.NaN);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    }),
  );
}

/** Mean rank agreement of one score with itself between any two runs; NaN for one run. */
export function betweenRuns(runs: readonly Scores[]): number {
  if (runs.length < 2) return Number.NaN;
  return rankAgreement(Object.fromEntries(runs.map((score, i) => [`run ${i}`, score]))).meanSpearman;
}
