import { type DifficultyScores, spearman } from '@vogjs/metrics';

/** Spearman's correlation of two scores as difficulty: of their values, turned so that high is hard. NaN for a constant. */
export function agreement(a: DifficultyScores, b: DifficultyScores): number {
  if (isConstant(a.values) || isConstant(b.values)) return Number.NaN;
  const sign = a.hardDirection === b.hardDirection ? 1 : -1;
  return sign * spearman(a.values, b.values).r;
}

/** Mean over runs of the agreement between each two scores; runs have the same scores in the same order. */
export function agreementMatrix(runs: readonly (readonly DifficultyScores[])[]): number[][] {
  const count = runs[0]?.length ?? 0;
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) =>
      mean(runs.map((scores) => (i === j ? 1 : agreement(scores[i] as DifficultyScores, scores[j] as DifficultyScores)))),
    ),
  );
}

/** Mean agreement of one score with itself between any two runs; NaN for one run. */
export function betweenRuns(runs: readonly DifficultyScores[]): number {
  const pairs = runs.flatMap((a, i) => runs.slice(i + 1).map((b) => agreement(a, b)));
  return mean(pairs);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}
