// Decisions: each is on the disk before the next is shown.
import { computed, signal } from '@preact/signals';
import type { ApiReview, ReviewsToWrite } from '../../api/types.js';
import { post } from '../client/client.js';
import { className, description, facts, list, loadReviews, suggestionOf, take } from './run-state.js';
import { attempt, said } from './notices.js';

export type Decided = Pick<ApiReview, 'decision'> & Partial<Pick<ApiReview, 'label' | 'note' | 'kind'>>;

/** While a decision is on its way, no other is taken: it would be about an example that nobody saw yet. */
let deciding = false;
/** Whether one was turned away meanwhile: then people hear of it. */
let refused = false;
/** Rows of the run decided in this tab, those that were decided at once together, in order: what undo goes back through. */
export const decided = computed(() => history.value.get(description.value?.run ?? -1) ?? []);
/** The same by run: a row number of one run is another example in the next. */
const history = signal<ReadonlyMap<number, readonly (readonly number[])[]>>(new Map());
/** As many as the server takes in one request. */
const AT_ONCE = 10_000;

export const readOnly = () => list.value?.readOnly === true;

/** Writes decisions about rows. @returns those that are on the disk, and their run; null when none is */
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
  return written.length === 0 ? null : { run, reviews: written };
}

/** Puts what is said and what undo goes back through to what was just written. */
function remember(run: number, words: string, change: (decided: Decisions) => Decisions): void {
  history.value = new Map(history.value).set(run, change(history.value.get(run) ?? []));
  said.value = refused ? `${words} What was pressed meanwhile was not taken.` : words;
}

/** Writes a decision about a row. @returns whether it is on the disk */
export async function decide(row: number, choice: Decided): Promise<boolean> {
  const name = String(facts.value?.ids[row]);
  const written = await write([{ row, ...choice }]);
  if (written === null) return false;
  remember(written.run, `${name}: ${wordsOf(choice)}, saved.`, (before) => [...before, [row]]);
  return true;
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
  decided.value = [...decided.value, written.map(({ row }) => row)];
  said.value = `${written.length} ${STANDS[decision]}, saved. Undo takes all of them back.`;
}

/** Takes back the last decision about a row. */
export async function takeBack(row: number): Promise<void> {
  if ((await write([{ row, decision: 'undo' }])) === null) return;
  decided.value = decided.value.map((rows) => rows.filter((each) => each !== row)).filter((rows) => rows.length > 0);
  said.value = `${String(facts.value?.ids[row])}: taken back, saved.`;
}

/** Takes back what this tab decided last. @returns its first row; null where there is none */
export async function undoLast(): Promise<number | null> {
  const rows = decided.value.at(-1) ?? [];
  if ((await write(rows.map((row) => ({ row, decision: 'undo' as const })))) === null) return null;
  decided.value = decided.value.slice(0, -1);
  said.value =
    rows.length === 1
      ? `${String(facts.value?.ids[rows[0] as number])}: taken back, saved.`
      : `${rows.length} taken back, saved.`;
  return rows[0] ?? null;
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
