// The table of one case, and what its targets say.
import { spearman } from '@vogjs/statistics';
import { type Spread, spreadOf, table } from '../harness.js';
import { MEMORY_AT, type Row } from './measure.js';

/** Agreement of two lists of scores of the same examples. */
export interface Agreement {
  readonly spearman: number;
  /** Largest |a - b| / |b|. */
  readonly largest: number;
}

export function agreementOf(scores: readonly number[], reference: readonly number[]): Agreement {
  if (scores.length !== reference.length) throw new RangeError(`${scores.length} scores and ${reference.length}`);
  let largest = 0;
  for (const [i, score] of scores.entries()) {
    const expected = reference[i]!;
    // Two zeros agree; anything else is infinitely far from a zero.
    if (score !== expected) largest = Math.max(largest, Math.abs((score - expected) / expected));
  }
  return { spearman: spearman(scores, reference).r, largest };
}

/** Speed of a row in speeds of the baseline, in the rounds that both took part in: 2 is twice as fast. */
export function speedRatio(row: Pick<Row, 'seconds'>, baseline: Pick<Row, 'seconds'>): Spread {
  const shared = row.seconds.slice(0, baseline.seconds.length);
  return spreadOf(shared.map((seconds, round) => baseline.seconds[round]! / seconds));
}

/** The same by processor time, least of the rounds: for a machine that does other work. On one core the two agree. */
function processorRatio(row: Pick<Row, 'processorSeconds'>, baseline: Pick<Row, 'processorSeconds'>): number {
  return spreadOf(baseline.processorSeconds).min / spreadOf(row.processorSeconds).min;
}

/** Microseconds, of the fastest round. */
export function processorPerImage(row: Pick<Row, 'processorSeconds'>, images: number): number {
  return (1e6 * spreadOf(row.processorSeconds).min) / images;
}

const mebibytes = (bytes: number | undefined): string => (bytes === undefined ? '-' : (bytes / 2 ** 20).toFixed(1));

/** `images`: how many of them a run passes, over all checkpoints. */
export function caseTable(rows: readonly Row[], baseline: Row, images: number): string {
  const header = [
    '',
    'speed to ours',
    'min - max',
    'images/s',
    'CPU us an image',
    'MiB before',
    ...MEMORY_AT.map((checkpoints) => `+ at ${checkpoints}`),
    'Spearman',
    'largest difference',
  ];
  const cells = rows.map((row) => {
    const ratio = speedRatio(row, baseline);
    const { spearman, largest } = agreementOf(row.scores, baseline.scores);
    return [
      row.name,
      ratio.median.toFixed(3),
      `${ratio.min.toFixed(3)} - ${ratio.max.toFixed(3)}`,
      (images / spreadOf(row.seconds).median).toFixed(0),
      processorPerImage(row, images).toFixed(1),
      row.memory === null ? '-' : (row.memory.baseline / 2 ** 20).toFixed(0),
      ...MEMORY_AT.map((_, i) => mebibytes(row.memory?.peaks[i])),
      row === baseline ? '-' : spearman.toFixed(4),
      row === baseline ? '-' : largest.toExponential(1),
    ];
  });
  return table([header, ...cells]);
}

export interface Verdict {
  readonly text: string;
  readonly met: boolean;
}

const verdict = (claim: string, value: string, met: boolean): Verdict => ({
  text: `${claim}: ${value}, ${met ? 'met' : 'MISSED'}`,
  met,
});

/** Rows that targets are about. */
interface Names {
  readonly native: string;
  /** The fastest of them is what we are measured by. */
  readonly references: readonly string[];
  readonly datagnosis: string;
}

interface Judging {
  /** Our native speed in speeds of the fastest reference. */
  readonly atLeast: number;
  /** `processor` where all are on one core. */
  readonly by: 'wall' | 'processor';
}

/** Bytes by which a peak that is flat may still grow: the JavaScript heap's room for garbage moves by as much. */
const FLAT = 8 * 2 ** 20;

/**
 * What the targets say of a case: our native speed against PyTorch's, memory that stays, Datagnosis's speed and memory.
 * A target whose rows are absent is left out.
 */
export function verdicts(rows: readonly Row[], names: Names, { atLeast, by }: Judging): Verdict[] {
  const of = (name: string): Row | undefined => rows.find((row) => row.name === name);
  const [native, datagnosis] = [of(names.native), of(names.datagnosis)];
  const all: Verdict[] = [];
  if (native === undefined) return all;
  const speedOver = (row: Row): number =>
    by === 'processor' ? processorRatio(native, row) : speedRatio(native, row).median;
  const speeds = names.references.flatMap((name) => {
    const row = of(name);
    return row === undefined ? [] : [{ name, speed: speedOver(row) }];
  });
  const [fastest] = speeds.toSorted((a, b) => a.speed - b.speed);
  if (fastest !== undefined) {
    const claim = `${names.native} at least ${atLeast} of ${fastest.name}, the fastest of ${speeds.length}, by the ${by}`;
    all.push(verdict(claim, fastest.speed.toFixed(2), fastest.speed >= atLeast));
  }
  const [early, late] = native.memory?.peaks ?? [];
  if (early !== undefined && late !== undefined) {
    const growth = late - early;
    const [first, last] = MEMORY_AT;
    const claim = `memory of ${names.native} grows by at most ${mebibytes(FLAT)} MiB from ${first} to ${last} checkpoints`;
    all.push(verdict(claim, `${mebibytes(growth)} MiB`, growth <= FLAT));
  }
  if (datagnosis === undefined) return all;
  const speed = speedRatio(native, datagnosis).median;
  all.push(verdict(`${names.native} at least 10 times the speed of Datagnosis`, speed.toFixed(1), speed >= 10));
  const theirs = datagnosis.memory?.peaks[1];
  if (late !== undefined && theirs !== undefined) {
    const claim = `${names.native} at most 1/20 of Datagnosis's memory at ${MEMORY_AT[1]} checkpoints`;
    all.push(verdict(claim, `1/${(theirs / late).toFixed(1)}`, theirs / late >= 20));
  }
  return all;
}

const BEGIN = '<!-- peers: written by `pnpm bench peers --write` -->';
const END = '<!-- /peers -->';

/** A document with `report` in place of what stands between its two markers. */
export function withReport(document: string, report: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document needs a line ${BEGIN} and after it a line ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${report}\n\n${document.slice(end)}`;
}
