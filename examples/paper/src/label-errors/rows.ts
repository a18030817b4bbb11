import type { Columns } from '../readings/shard.js';
import { number, table, text } from '@vogjs/example-shared';
import { detectionIntervals, evaluateDetection, type Interval } from '@vogjs/statistics';
import type { PeerAnswer } from './peers.js';

/** How well a score finds the wrong labels. */
export interface ScoreRow {
  readonly name: string;
  readonly hardDirection: 'high' | 'low';
  readonly auroc: Interval;
  readonly averagePrecision: Interval;
  /** Of as many images as have wrong labels, the hardest: the share that has one. */
  readonly precision: number;
}

/** How well a set of suspects, with no order, meets the wrong labels. */
export interface SuspectRow {
  readonly name: string;
  readonly suspects: number;
  readonly precision: number;
  readonly recall: number;
}

/** Resamples of the images for an interval. */
const RESAMPLES = 500;

/** A row of values at their declared hard end; the end is never chosen by the result. */
export function scoreRow(
  name: string,
  hardDirection: 'high' | 'low',
  values: ArrayLike<number>,
  wrong: Uint8Array,
  seed: number,
): ScoreRow {
  const scores = { values: Float32Array.from(values), hardDirection };
  const errors = wrong.reduce((sum, flag) => sum + flag, 0);
  const { auroc, averagePrecision } = detectionIntervals(scores, wrong, { resamples: RESAMPLES, seed });
  const [found] = evaluateDetection(scores, wrong, { counts: [errors] }).at;
  return { name, hardDirection, auroc, averagePrecision, precision: found?.precision ?? Number.NaN };
}

/** Rows of columns named by their hard end: `high mean-loss`. */
export function rowsOf(columns: Columns, suffix: string, wrong: Uint8Array, seed: number): ScoreRow[] {
  return Object.entries(columns).map(([key, values]) => {
    const [end, ...name] = key.split(' ');
    return scoreRow(`${name.join(' ')}${suffix}`, end === 'low' ? 'low' : 'high', values, wrong, seed);
  });
}

export function peerRows({ scores }: PeerAnswer, wrong: Uint8Array, seed: number): ScoreRow[] {
  return Object.entries(scores).map(([name, { hard, values }]) => scoreRow(name, hard, values, wrong, seed));
}

export function suspectRow(name: string, flags: ArrayLike<number>, wrong: Uint8Array): SuspectRow {
  const errors = wrong.reduce((sum, flag) => sum + flag, 0);
  let [suspects, hits] = [0, 0];
  for (const [i, isWrong] of wrong.entries()) {
    if (flags[i] !== 1) continue;
    suspects++;
    hits += isWrong;
  }
  return { name, suspects, precision: hits / suspects, recall: hits / errors };
}

/** Best first, with a random order among them. */
export function scoreTable(rows: readonly ScoreRow[], baseRate: number): string {
  const random = {
    name: '(a random order)',
    hardDirection: '',
    auroc: exactly(0.5),
    averagePrecision: exactly(baseRate),
    precision: baseRate,
  };
  const sorted = [...rows, random].toSorted((a, b) => b.auroc.estimate - a.auroc.estimate);
  return table(
    [text('score'), text('hard end'), number('AUROC'), number('average precision'), number('precision')],
    sorted.map(({ name, hardDirection, auroc, averagePrecision, precision }) => [
      name,
      hardDirection,
      interval(auroc),
      interval(averagePrecision),
      precision.toFixed(3),
    ]),
  );
}

export function suspectTable(rows: readonly SuspectRow[]): string {
  return table(
    [text('suspects of'), number('suspects'), number('precision'), number('recall')],
    rows.map(({ name, suspects, precision, recall }) => [
      name,
      String(suspects),
      precision.toFixed(3),
      recall.toFixed(3),
    ]),
  );
}

const exactly = (value: number) => ({ estimate: value, low: value, high: value });

function interval({ estimate, low, high }: Pick<Interval, 'estimate' | 'low' | 'high'>): string {
  return low === high ? estimate.toFixed(3) : `${estimate.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}
