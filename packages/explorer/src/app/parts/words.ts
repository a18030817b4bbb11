// Words and numbers as people read them.
import type { Standing } from '../model/filter.js';

export const ISSUE_WORDS: Readonly<Record<string, { readonly name: string; readonly sign: string }>> = {
  label: { name: 'Wrong label?', sign: '✎' },
  ambiguous: { name: 'Ambiguous', sign: '≈' },
  outlier: { name: 'Outlier', sign: '∴' },
  duplicate: { name: 'Near-duplicate', sign: '⧉' },
  image: { name: 'Image fault', sign: '▨' },
  imbalance: { name: 'Rare class', sign: '≡' },
  group: { name: 'Weak group', sign: '≡' },
};

export const STANDING_WORDS: Readonly<Record<Standing, { readonly name: string; readonly sign: string }>> = {
  undecided: { name: 'Undecided', sign: '' },
  relabel: { name: 'Relabelled', sign: '⇄' },
  confirm: { name: 'Confirmed', sign: '✓' },
  exclude: { name: 'Excluded', sign: '✕' },
  skip: { name: 'Skipped', sign: '»' },
};

/** What the model was made for, and what it was not. */
export const SIDE_SIGNS = { in: '●', out: '○' } as const;

export function issueName(kind: string): string {
  return ISSUE_WORDS[kind]?.name ?? kind;
}

/** Three digits that matter. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace('-', '−').replace('e+', 'e');
}

/** A share without its leading 0: .84 */
export function shareOf(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return value.toFixed(2).replace(/^0/, '');
}
