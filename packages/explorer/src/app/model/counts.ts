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
  const standings = STANDINGS.map(() => 0);
  const others = allBut('standings');
  for (let row = 0; row < fails.length; row++) {
    if (((fails[row] as number) & others) === 0) standings[codes[row] as number]!++;
  }
  return {
    kinds,
    standings: new Map(STANDINGS.map((standing, code) => [standing, standings[code] as number])),
    classes: labels === null ? new Map() : countClasses(labels, fails),
  };
}

function countClasses(labels: Float32Array, fails: Uint8Array): Map<number, number> {
  const others = allBut('classes');
  // Rows without a label are of class -1; a damaged table may name any.
  const most = labels.reduce((largest, label) => (label < MOST ? Math.max(largest, label) : largest), -1);
  const counts = new Uint32Array(most + 2);
  for (let row = 0; row < fails.length; row++) {
    const at = (labels[row] as number) + 1;
    if (((fails[row] as number) & others) === 0 && at < counts.length) counts[at]!++;
  }
  return new Map(Array.from(counts, (count, at) => [at - 1, count]));
}
