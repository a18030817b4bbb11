// What the charts show: the histogram of the gallery's order, and what they filter by.
import { computed } from '@preact/signals';
import { allBut, failing, type Lasso, QUESTIONS, type Range } from '../model/filter.js';
import { binsOf, countBins } from '../model/scale.js';
import { NO_FILTER } from '../model/view.js';
import { order } from './axes.js';
import { inside } from './maps.js';
import { fails } from './rows.js';
import { facts, flagged } from './run-state.js';
import { show, view } from './view-state.js';

const bins = computed(() => order.value && binsOf(order.value.scale, order.value.values));
const all = computed(() => bins.value && countBins(bins.value, null));

/** Of each row, 0 where it passes all filters but the stretch of the histogram itself. */
const failsElse = computed(() => {
  const { ranges } = view.value.filter;
  const others = ranges.filter(({ column }) => column !== order.value?.column.name);
  if (others.length === ranges.length || facts.value === null) return fails.value;
  const mask = failing(facts.value, { ...NO_FILTER, ranges: others }, 'ranges', inside);
  const bits = allBut('ranges');
  const at = QUESTIONS.indexOf('ranges');
  const rest = fails.value.slice();
  for (let row = 0; row < rest.length; row++) {
    rest[row] = ((rest[row] as number) & bits) | (mask === null ? 0 : (mask[row] as number) << at);
  }
  return rest;
});

/** Bars of the histogram: everything, what passes all other filters, and of this what is flagged. */
export const bars = computed(() => {
  if (bins.value === null || all.value === null) return null;
  const fails = failsElse.value;
  const marked = new Uint8Array(fails.length).fill(1);
  for (const row of flagged.value.keys()) marked[row] = fails[row] as number;
  return {
    all: all.value,
    within: countBins(bins.value, fails),
    flagged: countBins(bins.value, marked),
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

/** Adds a region to those that rows must lie in, in the place of one on the same map. */
export function setLasso(lasso: Lasso): void {
  const { filter } = view.value;
  const others = filter.lassos.filter((each) => !sameMap(each, lasso));
  show({ filter: { ...filter, lassos: [...others, lasso] } });
}

export function dropLasso(lasso: Pick<Lasso, 'map' | 'across' | 'upwards'>): void {
  const { filter } = view.value;
  show({ filter: { ...filter, lassos: filter.lassos.filter((each) => !sameMap(each, lasso)) } });
}

type OnMap = Pick<Lasso, 'map' | 'across' | 'upwards'>;
export function sameMap(a: OnMap, b: OnMap): boolean {
  return a.map === b.map && a.across === b.across && a.upwards === b.upwards;
}
