// The run that is looked at: its description, the columns that were asked for, issues and decisions.
import { computed, signal } from '@preact/signals';
import type { OodSets } from '@vogjs/run';
import type {
  ApiColumn,
  ApiIssue,
  ApiIssues,
  ApiReview,
  ApiReviews,
  RunDescription,
  RunList,
} from '../../api/types.js';
import { askColumn, askJson, type ColumnValues } from '../client/client.js';
import type { Facts } from '../model/filter.js';

/** The sets of an out-of-distribution run; null for runs of other kinds. */
export const ood = signal<OodSets | null>(null);
export const sets = computed(() => ood.value?.sets ?? []);
export const list = signal<RunList | null>(null);
export const description = signal<RunDescription | null>(null);
export const issues = signal<ApiIssues | null>(null);
const NO_REVIEWS: ApiReviews = { standing: [], skipped: [], torn: 0 };
export const reviews = signal(NO_REVIEWS);
/** Values by the column's number. */
export const columns = signal<ReadonlyMap<number, ColumnValues>>(new Map());

export const hasPictures = computed(() => (description.value?.thumbs ?? null) !== null);
export const classNames = computed(() => description.value?.manifest.classNames ?? null);
export const decisions = computed(() => new Map(reviews.value.standing.map((review) => [review.row, review])));
export const skipped = computed(() => new Set(reviews.value.skipped));

/** Flagged issues by row, worst first. */
export const flagged = computed(() => {
  const byRow = new Map<number, ApiIssue[]>();
  for (const issue of issues.value?.issues ?? []) {
    if (issue.row === null || !issue.flagged) continue;
    const known = byRow.get(issue.row);
    if (known === undefined) byRow.set(issue.row, [issue]);
    else known.push(issue);
  }
  return byRow;
});

/** Of each kind of which a table has one column: the same list as long as it is, whatever other columns come. */
const only = <T>(kind: ApiColumn['kind']) => computed(() => valuesOf(kind) as T | null);
const ids = only<readonly (string | number)[]>('id');
const paths = only<readonly string[]>('path');
export const labels = only<Float32Array>('label');
export const predicted = only<Float32Array>('predicted');
const suggested = only<Float32Array>('suggested');

const examples = computed(() => description.value?.manifest.examples);
/** Each part is read where it is asked for: a decision changes nothing that does not go by decisions. */
export const facts = computed((): Facts | null => {
  if (examples.value === undefined || ids.value === null) return null;
  return {
    examples: examples.value,
    ids: ids.value,
    get paths() {
      return paths.value;
    },
    get sets() {
      return sets.value;
    },
    get labels() {
      return labels.value;
    },
    get issues() {
      return flagged.value;
    },
    get decisions() {
      return decisions.value;
    },
    get skipped() {
      return skipped.value;
    },
    scores: scoreValues,
  };
});

/** Values of a score by its name; null before they are read. */
export function scoreValues(name: string): Float32Array | null {
  const column = description.value?.columns.find((each) => each.kind === 'score' && each.name === name);
  const values = columns.value.get(column?.column ?? -1);
  return values instanceof Float32Array ? values : null;
}

function columnOf(kind: ApiColumn['kind']): ApiColumn | undefined {
  return description.value?.columns.find((column) => column.kind === kind);
}

/** Values of the column of a kind; null before it is read, and where there is none. */
function valuesOf(kind: ApiColumn['kind']): ColumnValues | null {
  const column = columnOf(kind);
  return (column && columns.value.get(column.column)) ?? null;
}

export function className(label: number | undefined): string {
  if (label === undefined || !(label >= 0)) return 'no label';
  return classNames.value?.[label] ?? `class ${label}`;
}

/** The class that is suggested in the label's place. */
export function suggestionOf(row: number): number | undefined {
  const label = suggested.value?.[row];
  if (label !== undefined && label >= 0) return label;
  return facts.value?.issues.get(row)?.find((issue) => issue.suggested !== null)?.suggested ?? undefined;
}

const asked = new Map<string, Promise<void>>();

/** What was asked of another run, or of an older edition, has no place in this one. */
function isShown({ run, edition }: RunDescription): boolean {
  return description.value?.run === run && description.value.edition === edition;
}

async function read(of: RunDescription, column: number): Promise<void> {
  const values = await askColumn(of.run, column);
  if (!isShown(of)) return;
  columns.value = new Map(columns.value).set(column, values);
}

/** Reads a column unless it was read. */
export function need(column: ApiColumn | undefined): Promise<void> {
  const of = description.value;
  if (column === undefined || of === null) return Promise.resolve();
  const key = `${of.run} ${of.edition} ${column.column}`;
  const reading = asked.get(key) ?? read(of, column.column);
  asked.set(key, reading);
  reading.catch(() => asked.delete(key));
  return reading;
}

export async function loadReviews(run: number): Promise<void> {
  const read = await askJson<ApiReviews>(`/api/runs/${run}/reviews`);
  if (description.value?.run === run) reviews.value = read;
}

/** Whether all that decides what comes next is read. Until then a decision would be about another example than meant. */
export const settled = signal(false);

/** The run that was asked for last. */
let wanted = 0;

/** Reads what every view needs of a run. */
export async function loadRun(run: number): Promise<void> {
  wanted = run;
  list.value = await askJson<RunList>('/api/runs');
  const next = await askJson<RunDescription>(`/api/runs/${run}`);
  // People may have gone on to another meanwhile.
  if (run !== wanted) return;
  if (next.run !== description.value?.run || next.edition !== description.value.edition) {
    settled.value = false;
    asked.clear();
    columns.value = new Map();
    issues.value = null;
    ood.value = null;
    reviews.value = next.run === description.value?.run ? reviews.value : NO_REVIEWS;
  }
  description.value = next;
  if (next.columns.length === 0) return;
  try {
    const first = ['id', 'label', 'predicted', 'suggested'] as const;
    await Promise.all([...first.map((kind) => need(columnOf(kind))), loadReviews(run)]);
    if (next.has.ood && ood.value === null) {
      const found = await askJson<OodSets>(`/api/runs/${run}/ood`);
      if (isShown(next)) ood.value = found;
    }
    if (next.has.issues && issues.value === null) {
      const found = await askJson<ApiIssues>(`/api/runs/${run}/issues`);
      if (isShown(next)) issues.value = found;
    }
  } finally {
    // What could not be read is told; with the rest people go on.
    if (isShown(next)) settled.value = true;
  }
  // Only a search by name and the open example ask for it: of a million rows it is half of all that is read.
  await need(columnOf('path'));
}

/** Puts decisions that the server has written into what is shown. */
export function take(run: number, written: readonly ApiReview[]): void {
  if (description.value?.run !== run) return;
  const standing = new Map(decisions.value);
  const passed = new Set(skipped.value);
  for (const review of written) {
    if (review.decision === 'undo') continue;
    passed.delete(review.row);
    if (review.decision === 'skip') passed.add(review.row);
    else standing.set(review.row, review);
  }
  reviews.value = { ...reviews.value, standing: [...standing.values()], skipped: [...passed] };
}
