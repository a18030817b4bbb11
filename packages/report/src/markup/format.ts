import { html, type Html } from './html.js';

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-GB');
}

/** Three significant digits, without an exponent where people would not write one. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e6) return formatCount(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace('-', '−').replace('e+', 'e');
  return String(Number(value.toPrecision(3))).replace('-', '−');
}

export function formatFixed(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−');
}

export function formatPercent(share: number): string {
  const percent = 100 * share;
  // Rounded to 0.0 it would say that there are none.
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  return `${percent !== 0 && percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** A share that somebody chose, such as a true positive rate, with the digits that it has: 95 %, 99.9 %. */
export function formatLevel(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`;
}

/** From one percentile to another. */
export function formatRange(from: number, to: number): string {
  return `${formatFixed(from, 0)} to ${formatFixed(to, 0)}`;
}

/** Percentiles are cut, not rounded: 99.97 is not the hardest example. */
export function formatPercentile(percentile: number): string {
  return (Math.floor(percentile * 10) / 10).toFixed(1);
}

/** "p = 0.02", or a power of ten from the logarithm where p itself may have underflowed. */
export function formatP({ p, logP }: { p: number; logP: number }): Html {
  if (p >= 0.0095) return html`p = ${p.toFixed(2)}`;
  if (p >= 0.001) return html`p = ${p.toFixed(4)}`;
  if (logP === -Infinity) return html`p = 0`;
  return html`p ≈ 10<sup>−${Math.max(3, Math.round(-logP / Math.LN10))}</sup>`;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The ends of a long name, which is where names tend to differ; `length` counts characters as people see them. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  // What people see as one character may be many units: an emoji, a flag, a letter with its accents.
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  if (characters.length <= length) return text;
  const kept = length - 1;
  const end = characters.slice(characters.length - Math.floor(kept / 2));
  return `${characters.slice(0, Math.ceil(kept / 2)).join('')}…${end.join('')}`;
}

/** The text with its first letter large. */
export function capitalise(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}
