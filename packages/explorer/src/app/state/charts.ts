// What the charts show: the histogram of the gallery's order, and the map of two scores.
import { computed } from '@preact/signals';
import type { ApiColumn } from '../../api/types.js';
import { filterRows, type Range } from '../model/filter.js';
import { binRows, type Scale, scaleOf } from '../model/scale.js';
import { facts, flagged, scoreValues } from './run-state.js';
import { sortable, sortColumn } from './rows.js';
import { show, view } from './view-state.js';

/** A score on an axis; null before its values are read, and where no two of them differ. */
export interface Axis {
  readonly column: ApiColumn;
  readonly values: Float32Array;
  readonly scale: Scale;
}

const named = (name: string | null): ApiColumn | undefined => sortable.value.find((column) => column.name === name);
const like = (end: string): ApiColumn | undefined => sortable.value.find(({ name }) => name.endsWith(end));

/** The data map where the run has one (Swayamdipta et al. 2020), else the first two scores. */
export const across = computed(() => named(view.value.across) ?? like('.variability') ?? sortable.value[0]);
export const upwards = computed(() => named(view.value.upwards) ?? like('.confidence') ?? sortable.value[1]);

/** Columns that the gallery and its charts need. */
export const charted = computed((): ApiColumn[] => {
  const ranged = view.value.filter.ranges.map(({ column }) => named(column));
  return [sortColumn.value, across.value, upwards.value, ...ranged].filter((column) => column !== undefined);
});

const axis = (column: { readonly value: ApiColumn | undefined }, ownDirection: boolean) =>
  computed((): Axis | null => {
    const values = column.value === undefined ? null : scoreValues(column.value.name);
    if (column.value === undefined || values === null) return null;
    const scale = scaleOf(values, !ownDirection || column.value.hardDirection === 'high');
    return scale === null ? null : { column: column.value, values, scale };
  });
export const order = axis(sortColumn, true);
/** A map has small values at the left and at the bottom, as its readers know it. */
export const horizontal = axis(across, false);
export const vertical = axis(upwards, false);

/** Bars of the histogram: everything, what passes all other filters, and of this what is flagged. */
export const bars = computed(() => {
  const { filter } = view.value;
  if (order.value === null || facts.value === null) return null;
  const { column, values, scale } = order.value;
  const ranges = filter.ranges.filter((range) => range.column !== column.name);
  const rows = filterRows(facts.value, { ...filter, ranges });
  return {
    all: binRows(scale, values, values.keys()),
    within: binRows(scale, values, rows),
    flagged: binRows(
      scale,
      values,
      rows.filter((row) => flagged.value.has(row)),
    ),
  };
});

export function rangeOf(name: string | undefined): Range | undefined {
  return view.value.filter.ranges.find(({ column }) => column === name);
}

/** Puts ranges of columns in the place of those that they had; null takes one off. */
export function setRanges(changes: Readonly<Record<string, Range | null>>): void {
  const { filter } = view.value;
  const others = filter.ranges.filter(({ column }) => !(column in changes));
  const ranges = [...others, ...Object.values(changes).filter((range) => range !== null)];
  show({ filter: { ...filter, ranges } });
}
