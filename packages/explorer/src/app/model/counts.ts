import { allBut, type Facts, type Standing, STANDINGS, standingsOf } from './filter.js';

/** How many rows each choice of a filter would show, within all other filters. */
export interface Counts {
  readonly kinds: ReadonlyMap<string, number>;
  readonly standings: ReadonlyMap<Standing, number>;
  readonly classes: ReadonlyMap<number, number>;
}

/** Classes that are counted. */
const MOST = 100_000;

/** @param fails of each row, a bit for each question that it fails */
export function countChoices(facts: Facts, fails: Uint8Array): Counts {
  const { issues, labels } = facts;
  const kinds = new Map<string, number>();
  for (const [row, found] of issues) {
    if (((fails[row] as number) & allBut('kinds')) !== 0) continue;
    for (const kind of new Set(found.map((issue) => issue.kind))) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const codes = standingsOf(facts);
  const classes = labels === null ? null : classesOf(labels);
  const standings = new Uint32Array(STANDINGS.length);
  const ofClass = new Uint32Array(classes?.count ?? 0);
  const [butStandings, butClasses] = [allBut('standings'), allBut('classes')];
  for (let row = 0; row < fails.length; row++) {
    const failed = fails[row] as number;
    if ((failed & butStandings) === 0) standings[codes[row] as number]!++;
    if (classes !== null && (failed & butClasses) === 0) ofClass[classes.places[row] as number]!++;
  }
  return {
    kinds,
    standings: new Map(STANDINGS.map((standing, code) => [standing, standings[code] as number])),
    classes: new Map(Array.from(ofClass, (count, place) => [place - 1, count])),
  };
}

/** Labels as places of counts, class -1 first: that of rows without a label. */
interface Classes {
  readonly places: Uint32Array;
  readonly count: number;
}

const known = new WeakMap<Float32Array, Classes>();

/** The same as long as the labels are. */
function classesOf(labels: Float32Array): Classes {
  const before = known.get(labels);
  if (before !== undefined) return before;
  const places = new Uint32Array(labels.length);
  let largest = -1;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    // A damaged table may name any class: those beyond lie in a place that nobody counts.
    places[row] = label < MOST ? label + 1 : MOST + 1;
    if (label < MOST && label > largest) largest = label;
  }
  const classes = { places, count: largest + 2 };
  known.set(labels, classes);
  return classes;
}
