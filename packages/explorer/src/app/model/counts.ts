import { type Facts, type Filter, filterRows, type Standing, standingOf } from './filter.js';

/** How many rows each choice of a filter would show, within all other filters. */
export interface Counts {
  readonly kinds: ReadonlyMap<string, number>;
  readonly standings: ReadonlyMap<Standing, number>;
  readonly classes: ReadonlyMap<number, number>;
}

export function countChoices(facts: Facts, filter: Filter): Counts {
  const kinds = new Map<string, number>();
  for (const row of filterRows(facts, filter, 'kinds')) {
    for (const kind of new Set(facts.issues.get(row)?.map((issue) => issue.kind))) add(kinds, kind);
  }
  const standings = new Map<Standing, number>();
  for (const row of filterRows(facts, filter, 'standings')) add(standings, standingOf(facts, row));
  const classes = new Map<number, number>();
  for (const row of filterRows(facts, filter, 'classes')) add(classes, facts.labels?.[row] ?? -1);
  return { kinds, standings, classes };
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
