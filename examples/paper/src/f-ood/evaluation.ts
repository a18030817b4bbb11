import type { Interval } from '@vogjs/statistics';
import {
  compareOod,
  evaluateOod,
  type OodComparison,
  type OodEvaluation,
  type OodIntervals,
  type OodScores,
} from '@vogjs/ood';
import { rowsOfScores, type RunScores } from './detectors.js';
import type { Run } from './run.js';
import type { ScoredSet } from './sets.js';

/** Where a set, or a part of one, lies among the tracked images. */
export interface SetRows {
  readonly title: string;
  readonly rows: Int32Array;
  /** A part is shown by itself and does not count in means: its images count in its set. */
  readonly isPart: boolean;
}

/** One method on one pair of sets. */
export interface PairResult {
  readonly set: SetRows;
  readonly method: string;
  readonly evaluation: OodEvaluation;
}

/** Everything that the tables are made of. */
export interface RunResult {
  /** Method by method, in their order, within set by set. */
  readonly pairs: readonly PairResult[];
  /** AUROC of VoG minus that of MSP on each set, with a paired bootstrap interval over the images. */
  readonly gains: readonly { readonly set: SetRows; readonly auroc: Interval }[];
  /** Share of the test images whose class is predicted. */
  readonly testAccuracy: number;
}

/** Rows of the out-of-distribution sets and of their parts. */
export function outsideRows({ sets, probe }: Pick<Run, 'sets' | 'probe'>): SetRows[] {
  return sets.outside.flatMap((set) => {
    const first = probe.starts[set.key] as number;
    const whole = { title: set.title, rows: consecutive(first, set.size), isPart: false };
    return [
      whole,
      ...set.parts.map(({ title, rows }) => ({ title, rows: rows.map((row) => first + row), isPart: true })),
    ];
  });
}

export function insideRows({ sets, probe }: Pick<Run, 'sets' | 'probe'>): Int32Array {
  return consecutive(probe.starts[sets.inside.key] as number, sets.inside.size);
}

export function evaluateRun(
  run: Pick<Run, 'sets' | 'probe' | 'settings'>,
  { methods, predictions }: RunScores,
): RunResult {
  const inside = insideRows(run);
  const pairs = outsideRows(run).flatMap((set) =>
    Object.entries(methods).map(([method, scores]) => ({
      set,
      method,
      evaluation: evaluateOod(rowsOfScores(scores, inside), rowsOfScores(scores, set.rows)),
    })),
  );
  const gains = outsideRows(run).map((set) => ({ set, auroc: gainOf(methods, inside, set, run.settings.seed) }));
  return { pairs, gains, testAccuracy: accuracyOf(run.sets.inside, inside, predictions) };
}

function gainOf(methods: RunScores['methods'], inside: Int32Array, set: SetRows, seed: number): Interval {
  const pairOf = (method: 'msp' | 'vog') => {
    const scores = methods[method] as OodScores;
    return { in: rowsOfScores(scores, inside), out: rowsOfScores(scores, set.rows) };
  };
  const { detectors } = compareOod({ msp: pairOf('msp'), vog: pairOf('vog') }, { reference: 'msp', seed });
  const { difference } = detectors['vog'] as OodComparison['detectors'][string];
  // Of all but the reference.
  return (difference as OodIntervals).auroc;
}

function accuracyOf({ labels, size }: ScoredSet, rows: Int32Array, predictions: Int32Array): number {
  return rows.reduce((sum, row, i) => sum + Number(predictions[row] === labels?.[i]), 0) / size;
}

function consecutive(first: number, size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => first + i);
}
