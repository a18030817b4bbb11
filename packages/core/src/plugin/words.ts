import type { Words } from '../scores/facts.js';

export type { Words };

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
