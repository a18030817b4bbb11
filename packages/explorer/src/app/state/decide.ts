// Decisions: each is on the disk before the next is shown.
import { signal } from '@preact/signals';
import type { ApiReview, ReviewsToWrite } from '../../api/types.js';
import { post } from '../client/client.js';
import { className, description, facts, list, loadReviews, take } from './run-state.js';
import { attempt, said } from './notices.js';

export type Decided = Pick<ApiReview, 'decision'> & Partial<Pick<ApiReview, 'label' | 'note' | 'kind'>>;

/** While a decision is on its way, no other is taken: keys are faster than disks. */
let deciding = false;
/** Rows decided in this tab, in order: what undo goes back through. */
export const decided = signal<readonly number[]>([]);
export const readOnly = () => list.value?.readOnly === true;

/** Writes a decision about a row. @returns whether it is on the disk */
export async function decide(row: number, choice: Decided): Promise<boolean> {
  if (deciding || readOnly()) return false;
  const run = description.value?.run;
  if (run === undefined) return false;
  deciding = true;
  const body: ReviewsToWrite = { run, reviews: [{ row, ...choice }] };
  const answer = await attempt('decision', () => post<{ reviews: ApiReview[] }>('/api/reviews', body));
  deciding = false;
  if (answer === null) return false;
  if (choice.decision === 'undo') await attempt('reviews', () => loadReviews(run));
  else {
    take(answer.reviews);
    decided.value = [...decided.value, row];
  }
  said.value = `${String(facts.value?.ids[row])}: ${wordsOf(choice)}, saved.`;
  return true;
}

/** Takes back the last decision about a row. */
export async function takeBack(row: number): Promise<void> {
  if (await decide(row, { decision: 'undo' })) decided.value = decided.value.filter((each) => each !== row);
}

/** Takes back the last decision of this tab. @returns its row; null where there is none */
export async function undoLast(): Promise<number | null> {
  const row = decided.value.at(-1);
  if (row === undefined || !(await decide(row, { decision: 'undo' }))) return null;
  decided.value = decided.value.slice(0, -1);
  return row;
}

export function wordsOf({ decision, label }: Decided): string {
  if (decision === 'relabel') return `relabelled ${className(label)}`;
  return { confirm: 'confirmed', exclude: 'excluded', skip: 'skipped', undo: 'taken back' }[decision];
}
