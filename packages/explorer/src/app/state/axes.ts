// The scores that order the gallery and lie along a map, and the axes they have.
import { computed } from '@preact/signals';
import type { ApiColumn } from '../../api/types.js';
import { type Scale, scaleOf } from '../model/scale.js';
import { description, scoreValues } from './run-state.js';
import { view } from './view-state.js';

/** A score on an axis; null before its values are read, and where no two of them differ. */
export interface Axis {
  readonly column: ApiColumn;
  readonly values: Float32Array;
  readonly scale: Scale;
}

/** Columns that rows can be sorted by. */
export const sortable = computed(() => (description.value?.columns ?? []).filter(({ kind }) => kind === 'score'));

export const named = (name: string | null): ApiColumn | undefined =>
  sortable.value.find((column) => column.name === name);
const like = (end: string): ApiColumn | undefined => sortable.value.find(({ name }) => name.endsWith(end));

/** The column by which the gallery is sorted. */
export const sortColumn = computed(
  (): ApiColumn | undefined => named(view.value.sort) ?? named(description.value?.primary ?? null) ?? sortable.value[0],
);

/** The data map where the run has one (Swayamdipta et al. 2020), else the first two scores. */
const across = computed(() => named(view.value.across) ?? like('.variability') ?? sortable.value[0]);
const upwards = computed(() => named(view.value.upwards) ?? like('.confidence') ?? sortable.value[1]);

/** The same score in the first and the last window of training; null where the run has no two windows. */
export const windowPair = computed((): readonly [string, string] | null => {
  for (const { metric, name } of sortable.value) {
    const base = name.split('@')[0];
    const inWindows = sortable.value.filter(
      (each) => each.metric === metric && each.window !== 'complete' && each.name.split('@')[0] === base,
    );
    const [first, last] = [inWindows[0], inWindows.at(-1)];
    if (first !== undefined && last !== undefined && first !== last) return [first.name, last.name];
  }
  return null;
});

/** Columns that the gallery and its charts need. */
export const charted = computed((): ApiColumn[] => {
  const { ranges, lassos } = view.value.filter;
  const asked = [...ranges.map(({ column }) => column), ...lassos.flatMap((lasso) => [lasso.across, lasso.upwards])];
  return [sortColumn.value, across.value, upwards.value, ...asked.map(named)].filter((column) => column !== undefined);
});

/** @param ownDirection whether the hard end comes last; else the large one */
function axisOf(column: { readonly value: ApiColumn | undefined }, ownDirection: boolean) {
  // Another column that comes does not change the values of this one.
  const read = computed(() => (column.value === undefined ? null : scoreValues(column.value.name)));
  return computed((): Axis | null => {
    const values = read.value;
    if (column.value === undefined || values === null) return null;
    const scale = scaleOf(values, !ownDirection || column.value.hardDirection === 'high');
    return scale === null ? null : { column: column.value, values, scale };
  });
}
/** The axis of the gallery's order: easy first. */
export const order = axisOf(sortColumn, true);
/** A map has small values at the left and at the bottom, as its readers know it. */
export const horizontal = axisOf(across, false);
export const vertical = axisOf(upwards, false);
