/** The name that is probably meant by one that is unknown: the one with the fewest changed letters; null where there is none. */
export function nearestName(name: string, names: readonly string[]): string | null {
  return names.toSorted((a, b) => editDistance(name, a) - editDistance(name, b))[0] ?? null;
}

/** Levenshtein's: letters to insert, drop or change. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
