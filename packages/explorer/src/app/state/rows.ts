// The rows that the views show: filtered, in order; and the queue of an issue.
import { computed } from '@preact/signals';
import type { ApiColumn } from '../../api/types.js';
import { countChoices } from '../model/counts.js';
import { filterRows } from '../model/filter.js';
import { orderRows } from '../model/order.js';
import { columns, description, facts, issues } from './run-state.js';
import { view } from './view-state.js';

/** Columns that rows can be sorted by. */
export const sortable = computed(() => (description.value?.columns ?? []).filter(({ kind }) => kind === 'score'));

/** The column by which the gallery is sorted. */
export const sortColumn = computed((): ApiColumn | undefined => {
  const asked = sortable.value.find(({ name }) => name === view.value.sort);
  return asked ?? sortable.value.find(({ name }) => name === description.value?.primary) ?? sortable.value[0];
});

const sortKeys = computed(() => columns.value.get(sortColumn.value?.column ?? -1));

/** Rows of the gallery, the hardest first unless asked otherwise. */
export const shown = computed((): Int32Array => {
  if (facts.value === null) return new Int32Array();
  const rows = filterRows(facts.value, view.value.filter);
  const column = sortColumn.value;
  const keys = sortKeys.value;
  if (!(keys instanceof Float32Array) || column === undefined) return rows;
  return orderRows(rows, keys, (column.hardDirection === 'high') !== view.value.easiestFirst);
});

export const counts = computed(() => (facts.value === null ? null : countChoices(facts.value, view.value.filter)));

/** Kinds of issues that are about rows, and how many are flagged. */
export const queues = computed(() => {
  const found = new Map<string, number>();
  for (const { kind, row, flagged } of issues.value?.issues ?? []) {
    if (row !== null && flagged) found.set(kind, (found.get(kind) ?? 0) + 1);
  }
  return found;
});

/** The queue that is reviewed: flagged rows of one issue, worst first; without issues the gallery's rows. */
export const queue = computed((): Int32Array => {
  const of = (issues.value?.issues ?? []).filter(
    ({ kind, row, flagged }) => kind === view.value.queue && row !== null && flagged,
  );
  if (of.length === 0) return queues.value.size === 0 ? shown.value : new Int32Array();
  return Int32Array.from(new Set(of.toSorted((a, b) => b.score - a.score).map(({ row }) => row as number)));
});
