import type { ApiIssue, ApiReview } from '../../api/types.js';

/** How a row stands with the people who decide. */
export type Standing = 'undecided' | 'confirm' | 'relabel' | 'exclude' | 'skip';
export const STANDINGS: readonly Standing[] = ['undecided', 'relabel', 'confirm', 'exclude', 'skip'];

/** Values of a column, both ends included. */
export interface Range {
  /** Its name. */
  readonly column: string;
  readonly low: number;
  readonly high: number;
}

/** Which rows a view shows. An empty list leaves its question open. */
export interface Filter {
  readonly kinds: readonly string[];
  readonly standings: readonly Standing[];
  readonly classes: readonly number[];
  readonly text: string;
  /** A row is within all of them. */
  readonly ranges: readonly Range[];
}

/** What is known of the rows, as far as filters ask. */
export interface Facts {
  readonly examples: number;
  readonly labels: Float32Array | null;
  readonly ids: readonly (string | number)[];
  readonly paths: readonly string[] | null;
  /** Flagged issues by row. */
  readonly issues: ReadonlyMap<number, readonly ApiIssue[]>;
  readonly decisions: ReadonlyMap<number, ApiReview>;
  readonly skipped: ReadonlySet<number>;
  /** Values of a score by its name; null before they are read. */
  readonly scores: (column: string) => Float32Array | null;
}

export function standingOf({ decisions, skipped }: Pick<Facts, 'decisions' | 'skipped'>, row: number): Standing {
  const decided = decisions.get(row)?.decision;
  if (decided === 'confirm' || decided === 'relabel' || decided === 'exclude') return decided;
  return skipped.has(row) ? 'skip' : 'undecided';
}

const TESTS = {
  kinds: ({ issues }: Facts, { kinds }: Filter) => {
    const asked = new Set(kinds);
    return (row: number) => issues.get(row)?.some(({ kind }) => asked.has(kind)) === true;
  },
  standings: (facts: Facts, { standings }: Filter) => {
    const asked = new Set(standings);
    return (row: number) => asked.has(standingOf(facts, row));
  },
  classes: ({ labels }: Facts, { classes }: Filter) => {
    const asked = new Set(classes);
    return (row: number) => asked.has(labels?.[row] ?? -1);
  },
  text: ({ ids, paths }: Facts, { text }: Filter) => {
    const asked = text.toLowerCase();
    return (row: number) =>
      String(ids[row]).toLowerCase().includes(asked) || paths?.[row]?.toLowerCase().includes(asked) === true;
  },
  ranges: ({ scores }: Facts, { ranges }: Filter) => {
    const asked = ranges.flatMap(({ column, low, high }) => {
      const values = scores(column);
      return values === null ? [] : [{ values, low, high }];
    });
    return (row: number) =>
      asked.every(({ values, low, high }) => (values[row] as number) >= low && (values[row] as number) <= high);
  },
} as const;
export type Question = keyof typeof TESTS;

/** Rows that pass all questions of a filter, but for one that is left out: what counts beside its choices go by. */
export function filterRows(facts: Facts, filter: Filter, leftOut?: Question): Int32Array {
  const asked = (Object.keys(TESTS) as Question[]).filter((name) => name !== leftOut && filter[name].length > 0);
  const tests = asked.map((name) => TESTS[name](facts, filter));
  const rows = new Int32Array(facts.examples);
  let count = 0;
  for (let row = 0; row < facts.examples; row++) {
    if (tests.every((test) => test(row))) rows[count++] = row;
  }
  return rows.slice(0, count);
}
