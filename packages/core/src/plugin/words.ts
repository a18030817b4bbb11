/** A plugin in words, for reports and docs. */
export interface Words {
  /** What to call it: `'Error norm (EL2N)'`. */
  readonly title: string;
  /** What it measures, as the continuation of "scored by …:": no capital, no full stop at its end. */
  readonly meaning: string;
}

/** Words of a metric, or of each of its columns by name. */
export type MetricWords = Words | Readonly<Record<string, Words>>;

/** What a metric says of itself or of one column; undefined where it says nothing. */
export function wordsOf(words: MetricWords | undefined, column: string | undefined): Words | undefined {
  if (words === undefined || isWords(words)) return words;
  return column === undefined ? undefined : words[column];
}

function isWords(words: MetricWords): words is Words {
  return typeof words['title'] === 'string';
}
