import { VogError } from '@vogjs/base';
import Papa from 'papaparse';
import type { Reviews } from './reviews.js';

export const CORRECTIONS = 'corrections.csv';

/** What follows from the reviews for one example: a row of `corrections.csv`. */
export interface Correction {
  readonly id: string;
  /** Label before; a class name where the run has names, else an index. */
  readonly given: string;
  /** Label after; the given one of a confirmed or excluded example. */
  readonly corrected: string;
  readonly decision: 'relabel' | 'exclude' | 'confirm';
  readonly when: string;
}

const COLUMNS = ['id', 'given', 'corrected', 'decision', 'when'] as const;

/** The decisions that stand, in the order of the examples. */
export function correctionsOf(
  { standing }: Reviews,
  ids: readonly (string | number)[],
  labels: Int32Array | null,
  classNames: readonly string[] | null,
): Correction[] {
  const name = (label: number | undefined): string =>
    label === undefined || label < 0 ? '' : (classNames?.[label] ?? String(label));
  return ids.flatMap((id, at) => {
    const review = standing.get(String(id));
    if (review === undefined) return [];
    const { decision, when } = review;
    if (decision !== 'relabel' && decision !== 'exclude' && decision !== 'confirm') return [];
    const given = name(labels?.[at]);
    return [{ id: String(id), given, corrected: decision === 'relabel' ? name(review.label) : given, decision, when }];
  });
}

/** RFC 4180, with a header. */
export function encodeCorrections(corrections: readonly Correction[]): string {
  return `${Papa.unparse({ fields: [...COLUMNS], data: corrections.map((row) => COLUMNS.map((c) => row[c])) })}\r\n`;
}

/** @throws VogError RUN_INVALID for a file that is no list of corrections, with the line */
export function decodeCorrections(file: string): Correction[] {
  const { data, errors, meta } = Papa.parse<Record<string, string>>(file.replace(/^\u{feff}/u, ''), {
    header: true,
    skipEmptyLines: true,
  });
  const missing = COLUMNS.slice(0, 4).filter((column) => !meta.fields?.includes(column));
  if (missing.length > 0) {
    throw new VogError(
      'RUN_INVALID',
      `These are not corrections: the header lacks ${missing.join(', ')}. It should be ${COLUMNS.join(',')}.`,
    );
  }
  const [error] = errors;
  if (error !== undefined) {
    throw new VogError('RUN_INVALID', `Corrections, line ${(error.row ?? 0) + 2}: ${error.message}. Mend the file.`);
  }
  return data.map((row, at) => {
    const { id = '', given = '', corrected = '', decision = '', when = '' } = row;
    if (decision !== 'relabel' && decision !== 'exclude' && decision !== 'confirm') {
      throw new VogError(
        'RUN_INVALID',
        `Corrections, line ${at + 2}: the decision is '${decision}', expected relabel, exclude or confirm.`,
      );
    }
    return { id, given, corrected, decision, when };
  });
}
