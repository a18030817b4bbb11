// The rows that the views show: filtered, in order; and the queue of an issue.
import { computed } from '@preact/signals';
import { countChoices } from '../model/counts.js';
import { everyRow, failing, joined, type Lasso, passing, type Question, QUESTIONS } from '../model/filter.js';
import { sortedOf } from '../model/sorted.js';
import { NO_FILTER } from '../model/view.js';
import { named, sortColumn } from './axes.js';
import { inside } from './maps.js';
import { columns, decisions, description, facts, issues, scoreValues } from './run-state.js';
import { view } from './view-state.js';

const sortKeys = computed(() => columns.value.get(sortColumn.value?.column ?? -1));

/** Percentile of a row by the column that the gallery is sorted by, the hardest near 100; null before it is read. */
export const percentile = computed(() => {
  const [keys, highIsHard] = [sortKeys.value, sortColumn.value?.hardDirection === 'high'];
  return keys instanceof Float32Array ? (row: number) => sortedOf(keys).percentile(row, highIsHard) : null;
});

const largestFirst = computed(() => (sortColumn.value?.hardDirection === 'high') !== view.value.easiestFirst);
const examples = computed(() => facts.value?.examples ?? 0);
/** All rows, the hardest first unless asked otherwise: sorted once, however they are filtered. */
const ordered = computed((): Int32Array => {
  const keys = sortKeys.value;
  if (!(keys instanceof Float32Array)) return everyRow(examples.value);
  const sorted = sortedOf(keys);
  return largestFirst.value ? sorted.descending : sorted.ascending;
});

/** Of each question by itself, so that a change asks only what it changed. */
const masks = QUESTIONS.map((question: Question) => {
  const asked = computed(() => view.value.filter[question]);
  return computed(() =>
    facts.value === null ? null : failing(facts.value, { ...NO_FILTER, [question]: asked.value }, question, inside),
  );
});
/** Of each row a bit for each question that it fails. */
export const fails = computed(() =>
  joined(
    examples.value,
    masks.map((mask) => mask.value),
  ),
);

/** Whether all that the filters ask for is read: before, more rows are shown than were meant. */
export const filtered = computed(() => {
  const { ranges, lassos } = view.value.filter;
  const isRead = (name: string): boolean => named(name) === undefined || scoreValues(name) !== null;
  const onFeatures = ({ map }: Lasso): boolean => map === 'pca' || map === 'umap';
  return (
    ranges.every(({ column }) => isRead(column)) &&
    lassos.every((lasso) =>
      onFeatures(lasso)
        ? description.value?.has.features !== true || inside(lasso) !== null
        : isRead(lasso.across) && isRead(lasso.upwards),
    )
  );
});

/** Rows of the gallery. */
export const shown = computed(() => passing(fails.value, ordered.value));

export const counts = computed(() => (facts.value === null ? null : countChoices(facts.value, fails.value)));

/** Kinds of issues that are about rows, and how many are flagged. */
export const queues = computed(() => {
  const found = new Map<string, number>();
  for (const { kind, row, flagged } of issues.value?.issues ?? []) {
    if (row !== null && flagged) found.set(kind, (found.get(kind) ?? 0) + 1);
  }
  return found;
});

/** The queue of what the gallery shows. */
export const SHOWN = 'shown';
const asked = computed(() => view.value.queue);
const ofIssue = computed(() => {
  const of = (issues.value?.issues ?? []).filter(
    ({ kind, row, flagged }) => kind === asked.value && row !== null && flagged,
  );
  return Int32Array.from(new Set(of.toSorted((a, b) => b.score - a.score).map(({ row }) => row as number)));
});
/** The queue that is reviewed: flagged rows of one issue, worst first; without issues the gallery's rows. */
export const queue = computed((): Int32Array => {
  if (asked.value === SHOWN) return shown.value;
  if (ofIssue.value.length > 0) return ofIssue.value;
  return queues.value.size === 0 ? shown.value : ofIssue.value;
});

/** How many rows of the queue wait for a decision. */
export const undecided = computed(() => {
  const [rows, known] = [queue.value, decisions.value];
  let count = rows.length;
  if (known.size > 0)
    for (let place = 0; place < rows.length; place++) count -= Number(known.has(rows[place] as number));
  return count;
});
