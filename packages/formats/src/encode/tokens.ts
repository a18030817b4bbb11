const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu;

/** Index of what fills a text up. */
const PADDING = 0;
/** Index of words that are not in the vocabulary. */
const UNKNOWN = 1;
/** Words come after those two. */
const FIRST = 2;

/** The words of a text, in lower case, compatible characters made one (NFKC). */
function wordsOf(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
}

/** The most frequent words of texts, the first ones first; equally frequent ones by their characters' codes. */
export function vocabularyOf(texts: readonly (string | null)[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of text === null ? [] : wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.slice(0, most).map(([word]) => word);
}

/** The first `length` words of each text as indices: 0 fills up, 1 is unknown, the vocabulary begins at 2. */
export function tokensOf(texts: readonly (string | null)[], vocabulary: readonly string[], length: number): Int32Array {
  const places = new Map(vocabulary.map((word, i) => [word, i + FIRST]));
  const tokens = new Int32Array(texts.length * length).fill(PADDING);
  for (const [row, text] of texts.entries()) {
    const words = text === null ? [] : wordsOf(text);
    for (let i = 0; i < Math.min(length, words.length); i++) {
      tokens[row * length + i] = places.get(words[i] as string) ?? UNKNOWN;
    }
  }
  return tokens;
}

/** Number of indices that texts of this vocabulary have. */
export function indicesOf(vocabulary: readonly string[]): number {
  return vocabulary.length + FIRST;
}
