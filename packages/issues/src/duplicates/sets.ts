import type { Pair } from './pairs.js';

/** What hangs together by pairs: a twin of a twin is one too. */
export function groupPairs(
  pairs: readonly Pair[],
  size: number,
): { readonly sets: readonly (readonly number[])[]; readonly setOf: Int32Array } {
  const parent = Int32Array.from({ length: size }, (_, i) => i);
  const rootOf = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    // The way is shortened for whoever asks next.
    for (let at = i; parent[at] !== root;) {
      const next = parent[at]!;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  for (const { first, second } of pairs) {
    const [a, b] = [rootOf(first), rootOf(second)];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  const members = new Map<number, number[]>();
  for (let i = 0; i < size; i++) {
    const root = rootOf(i);
    if (members.has(root)) members.get(root)!.push(i);
    else members.set(root, [i]);
  }
  const sets = [...members.values()].filter((set) => set.length > 1);
  const setOf = new Int32Array(size).fill(-1);
  for (const [set, examples] of sets.entries()) for (const i of examples) setOf[i] = set;
  return { sets, setOf };
}
