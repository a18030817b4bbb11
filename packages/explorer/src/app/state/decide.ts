// Decisions: each is on the disk before the next is shown.
import { computed, signal } from '@preact/signals';
import type { ApiReview, ReviewsToWrite } from '../../api/types.js';
import { post } from '../client/client.js';
import { className, description, facts, list, loadReviews, suggestionOf, take } from './run-state.js';
import { attempt, said } from './notices.js';

export type Decided = Pick<ApiReview, 'decision'> & Partial<Pick<ApiReview, 'label' | 'note' | 'kind'>>;

/** Rows that were decided at once are together, the last at the end. */
type Steps = readonly (readonly number[])[];

/** While a decision is on its way, no other is taken: it would be about an example that nobody has seen yet. */
let deciding = false;
/** Whether one came meanwhile: people are told that it was not taken. */
let refused = false;
/** What this tab decided, by run: the same row of another run is another example. */
const stepsOf = signal<ReadonlyMap<number, Steps>>(new Map());
/** Rows of the run decided in this tab: what undo goes back through. */
export const decided = computed((): Steps => stepsOf.value.get(description.value?.run ?? -1) ?? []);
/** As many as the server takes in one request. */
const AT_ONCE = 10_000;

export const readOnly = () => list.value?.readOnly === true;

interface Written {
  readonly reviews: readonly ApiReview[];
  /** Puts into words what happened, and into `decided` what it changes. */
  done(words: string, change: (steps: Steps) => Steps): void;
}

/** Writes decisions about rows. @returns those that are on the disk; null when none is */
async function write(reviews: ReviewsToWrite['reviews']): Promise<Written | null> {
  const run = description.value?.run;
  if (readOnly() || run === undefined || reviews.length === 0) return null;
  if (deciding) {
    refused = true;
    said.value = 'A decision is still being saved: this one was not taken.';
    return null;
  }
  deciding = true;
  refused = false;
  const written: ApiReview[] = [];
  await attempt('decision', async () => {
    for (let start = 0; start < reviews.length; start += AT_ONCE) {
      const body: ReviewsToWrite = { run, reviews: reviews.slice(start, start + AT_ONCE) };
      written.push(...(await post<{ reviews: ApiReview[] }>('/api/reviews', body)).reviews);
    }
  });
  deciding = false;
  if (written.some(({ decision }) => decision === 'undo')) await attempt('reviews', () => loadReviews(run));
  else take(run, written);
  if (written.length === 0) return null;
  return {
    reviews: written,
    done(words, change) {
      stepsOf.value = new Map(stepsOf.value).set(run, change(stepsOf.value.get(run) ?? []));
      said.value = refused ? `${words} What was pressed meanwhile was not taken.` : words;
    },
  };
}

/** Writes a decision about a row. @returns whether it is on the disk */
export async function decide(row: number, choice: Decided): Promise<boolean> {
  const words = `${nameOf(row)}: ${wordsOf(choice)}, saved.`;
  const written = await write([{ row, ...choice }]);
  written?.done(words, (steps) => [...steps, [row]]);
  return written !== null;
}

/** Writes the same decision about many rows; `relabel` gives each its suggested class, and leaves out who has none. */
export async function decideMany(rows: readonly number[], decision: 'confirm' | 'relabel' | 'exclude'): Promise<void> {
  const reviews = rows.flatMap((row): ReviewsToWrite['reviews'] => {
    if (decision !== 'relabel') return [{ row, decision }];
    const label = suggestionOf(row);
    return label === undefined || label === facts.value?.labels?.[row] ? [] : [{ row, decision, label }];
  });
  const written = await write(reviews);
  if (written === null) return;
  const { length } = written.reviews;
  const words = `${length} ${STANDS[decision]}, saved. Undo takes all of them back.`;
  written.done(words, (steps) => [...steps, written.reviews.map(({ row }) => row)]);
}

/** Takes back the last decision about a row. */
export async function takeBack(row: number): Promise<void> {
  const words = `${nameOf(row)}: taken back, saved.`;
  (await write([{ row, decision: 'undo' }]))?.done(words, (steps) => without(steps, new Set([row])));
}

/** Takes back what this tab decided last. @returns its first row; null where there is none */
export async function undoLast(): Promise<number | null> {
  const rows = decided.value.at(-1) ?? [];
  const [first] = rows;
  if (first === undefined) return null;
  const name = nameOf(first);
  const written = await write(rows.map((row) => ({ row, decision: 'undo' as const })));
  if (written === null) return null;
  const { length } = written.reviews;
  // What a failure left decided can be taken back once more.
  const back = new Set(written.reviews.map(({ row }) => row));
  written.done(`${length === 1 ? `${name}:` : length} taken back, saved.`, (steps) => [
    ...steps.slice(0, -1),
    ...without(steps.slice(-1), back),
  ]);
  return first;
}

function without(steps: Steps, rows: ReadonlySet<number>): Steps {
  return steps.map((step) => step.filter((row) => !rows.has(row))).filter((step) => step.length > 0);
}

function nameOf(row: number): string {
  return String(facts.value?.ids[row]);
}

const STANDS = {
  confirm: 'confirmed',
  relabel: 'relabelled',
  exclude: 'excluded',
  skip: 'skipped',
  undo: 'taken back',
} as const;

export function wordsOf({ decision, label }: Decided): string {
  return decision === 'relabel' ? `relabelled ${className(label)}` : STANDS[decision];
}
