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

/** What a map of the rows is of; `ranks` are percentiles of two scores, the hardest near 100. */
export const MAPS = ['scores', 'ranks', 'pca', 'umap'] as const;
export type MapKind = (typeof MAPS)[number];

/** A region that was drawn on a map. */
export interface Lasso {
  readonly map: MapKind;
  /** Names of the scores of the map; empty for a map of features. */
  readonly across: string;
  readonly upwards: string;
  /** Its corners, x and y in turns: shares of the map from the left and from the bottom. */
  readonly points: readonly number[];
}

/** Which rows a view shows. An empty list leaves its question open. */
export interface Filter {
  readonly kinds: readonly string[];
  readonly standings: readonly Standing[];
  readonly classes: readonly number[];
  readonly text: string;
  /** A row is within all of them; so with lassos. */
  readonly ranges: readonly Range[];
  readonly lassos: readonly Lasso[];
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

/** Of each row 1 inside, 0 outside; null before the map of the lasso is there. */
export type Inside = (lasso: Lasso) => Uint8Array | null;

export function standingOf({ decisions, skipped }: Pick<Facts, 'decisions' | 'skipped'>, row: number): Standing {
  const decided = decisions.get(row)?.decision;
  if (decided === 'confirm' || decided === 'relabel' || decided === 'exclude') return decided;
  return skipped.has(row) ? 'skip' : 'undecided';
}

/** Standings of all rows, `[N]`: places in `STANDINGS`. */
export function standingsOf({ examples, decisions, skipped }: Facts): Uint8Array {
  const codes = new Uint8Array(examples);
  for (const row of skipped) codes[row] = STANDINGS.indexOf('skip');
  for (const row of decisions.keys()) codes[row] = STANDINGS.indexOf(standingOf({ decisions, skipped }, row));
  return codes;
}

/** Writes 1 at each row that fails its question. */
type Test = (facts: Facts, filter: Filter, fails: Uint8Array, inside: Inside) => void;

const TESTS = {
  kinds({ issues }, { kinds }, fails) {
    fails.fill(1);
    for (const [row, found] of issues) if (found.some(({ kind }) => kinds.includes(kind))) fails[row] = 0;
  },
  standings(facts, { standings }, fails) {
    const codes = standingsOf(facts);
    const asked = STANDINGS.map((standing) => Number(!standings.includes(standing)));
    for (let row = 0; row < fails.length; row++) fails[row] = asked[codes[row] as number] as number;
  },
  classes({ labels }, { classes }, fails) {
    const asked = new Set(classes);
    for (let row = 0; row < fails.length; row++) fails[row] = asked.has(labels?.[row] ?? -1) ? 0 : 1;
  },
  text({ ids, paths }, { text }, fails) {
    const asked = text.toLowerCase();
    for (let row = 0; row < fails.length; row++) {
      const found =
        String(ids[row]).toLowerCase().includes(asked) || paths?.[row]?.toLowerCase().includes(asked) === true;
      fails[row] = found ? 0 : 1;
    }
  },
  ranges({ scores }, { ranges }, fails) {
    for (const { column, low, high } of ranges) {
      const values = scores(column);
      if (values === null) continue;
      for (let row = 0; row < fails.length; row++) {
        const value = values[row] as number;
        if (!(value >= low && value <= high)) fails[row] = 1;
      }
    }
  },
  lassos(_, { lassos }, fails, inside) {
    for (const lasso of lassos) {
      const mask = inside(lasso);
      if (mask === null) continue;
      for (let row = 0; row < fails.length; row++) if (mask[row] === 0) fails[row] = 1;
    }
  },
} as const satisfies Record<keyof Filter, Test>;
export type Question = keyof Filter;
export const QUESTIONS = Object.keys(TESTS) as readonly Question[];

/** Of each row, 1 where it fails a question; null where the question is open. */
export function failing(facts: Facts, filter: Filter, question: Question, inside: Inside): Uint8Array | null {
  if (filter[question].length === 0) return null;
  const fails = new Uint8Array(facts.examples);
  TESTS[question](facts, filter, fails, inside);
  return fails;
}

/**
 * Of each row a bit for each question that it fails, in the order of `QUESTIONS`; 0 where it passes all of them.
 *
 * @param masks what `failing` gives for each question
 */
export function joined(examples: number, masks: readonly (Uint8Array | null)[]): Uint8Array {
  const fails = new Uint8Array(examples);
  for (const [at, mask] of masks.entries()) {
    if (mask === null) continue;
    for (let row = 0; row < examples; row++) fails[row]! |= (mask[row] as number) << at;
  }
  return fails;
}

/** The bits of all questions but one: what counts beside its choices go by. */
export function allBut(question: Question): number {
  return 255 & ~(1 << QUESTIONS.indexOf(question));
}

/** Rows that fail nothing, in the order given. */
export function passing(fails: Uint8Array, order: Int32Array): Int32Array {
  const rows = new Int32Array(order.length);
  let count = 0;
  for (let place = 0; place < order.length; place++) {
    const row = order[place] as number;
    // Written always and kept if it passes: no branch that depends on the row.
    rows[count] = row;
    if (fails[row] === 0) count++;
  }
  return rows.subarray(0, count);
}

/** All rows, as they lie in the table. */
export function everyRow(examples: number): Int32Array {
  const rows = new Int32Array(examples);
  for (let row = 0; row < examples; row++) rows[row] = row;
  return rows;
}
