import { VogError } from '@vogjs/core';
import { requireObject } from './checks.js';

/** The scores of one window. `Scores` of `@vogjs/core` is one. */
export interface ReportScores {
  /** One value per example; NaN where there is none yet. */
  readonly values: Float32Array;
  readonly ids: ArrayLike<string | number>;
  /** The class each example is labelled with, right or wrong; null for examples without classes. */
  readonly labels: ArrayLike<number> | null;
  readonly classNames?: readonly string[] | null | undefined;
  readonly hardDirection: 'high' | 'low';
  readonly metric: string;
  /** Which of the metric's numbers, where it has several. */
  readonly column?: string | undefined;
  readonly window: string;
  readonly checkpoints: number;
  readonly notes: readonly string[];
  /** What the metric measures; without it, what is known of a metric of this name. */
  readonly words?: { readonly title: string; readonly meaning: string } | undefined;
  /** Example indices, hardest first, NaN last. */
  ranking(): ArrayLike<number>;
  /** 0 to 100 per example, 100 = hardest, NaN where there is no score. */
  percentiles(): ArrayLike<number>;
}

/** @throws VogError ARGUMENT_INVALID for what are no Scores */
export function checkScores(name: string, scores: ReportScores): void {
  requireObject(name, scores, 'Scores of a tracker');
  const { values, ids, hardDirection, notes } = scores;
  const isComplete =
    typeof values?.length === 'number' &&
    typeof ids?.length === 'number' &&
    (hardDirection === 'high' || hardDirection === 'low') &&
    typeof scores.ranking === 'function' &&
    typeof scores.percentiles === 'function' &&
    Array.isArray(notes);
  if (isComplete) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${name} must be Scores: await tracker.scores('…') gives them, new Scores({ … }) makes them of values. Got an object ` +
      `with ${Object.keys(scores).join(', ') || 'nothing'}.`,
  );
}

/** Scores by the path that names them in an error. */
export function namedScores(where: string, group: object | undefined): Record<string, ReportScores> {
  if (group === undefined) return {};
  requireObject(where, group, 'a record of Scores by name');
  return Object.fromEntries(
    Object.entries(group).map(([name, scores]) => [`${where}.${name}`, scores as ReportScores]),
  );
}
