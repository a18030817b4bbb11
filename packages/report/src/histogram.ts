import * as Plot from '@observablehq/plot';
import { quantile } from '@vogjs/statistics';
import { chart } from './chart.js';
import type { Context, Section } from './context.js';
import { formatCount, formatNumber } from './format.js';
import { html } from './html.js';

interface Bin {
  readonly from: number;
  readonly to: number;
  /** Share of the group, in percent. */
  readonly share: number;
}

/** How the scores are spread; with flags, the flagged examples against the rest. */
export function histogramSection({ scores, flags, flagName, metric }: Context): Section | null {
  const finite = Array.from(scores.values.keys()).filter((example) => Number.isFinite(scores.values[example]));
  if (finite.length < 2) return null;
  const valuesOf = (group: readonly number[]) => group.map((example) => scores.values[example]!);
  const domain = domainOf(valuesOf(finite));
  if (!domain) return null;
  const flagged = flags ? finite.filter((example) => flags[example] === 1) : [];
  const rest = flags ? finite.filter((example) => flags[example] === 0) : finite;
  const split = flagged.length > 0 && rest.length > 0;
  const count = Math.max(8, Math.min(48, Math.round(Math.sqrt(finite.length))));
  const restBins = binsOf(valuesOf(split ? rest : finite), domain, count);
  const flaggedBins = split ? binsOf(valuesOf(flagged), domain, count) : [];
  const outside = valuesOf(finite).filter((value) => value > domain.to || value < domain.from).length;
  const end = scores.hardDirection === 'high' ? 'right' : 'left';
  const groups = split
    ? `${flagName} (${formatCount(flagged.length)}) against the rest (${formatCount(rest.length)})`
    : '';
  const description = `Histogram of ${metric.title} over ${formatCount(finite.length)} examples${split ? `, ${groups}` : ''}.`;
  const legend = html`<p class="legend">
    <span><i class="swatch"></i>the rest (${formatCount(rest.length)})</span>
    <span><i class="swatch flagged"></i>${flagName} (${formatCount(flagged.length)})</span>
  </p>`;
  return {
    id: 'spread',
    title: 'How the scores are spread',
    body: html`<p>
        Harder examples lie further to the ${end}.
        ${split && 'Each group is drawn as a share of itself, so that a small group can be compared with a large one.'}
      </p>
      ${split && legend}
      ${chart(description, (layout, width) => ({
        height: layout === 'wide' ? 280 : 220,
        marginLeft: 40,
        marginRight: 12,
        marginBottom: 42,
        x: {
          label: `score (${scores.hardDirection} = hard)`,
          labelArrow: 'none',
          ticks: Math.round(width / 110),
          domain: [domain.from, domain.to],
        },
        y: { label: split ? '% of the group' : '% of the examples', grid: true, ticks: 5 },
        marks: [
          Plot.rectY(restBins, {
            x1: 'from',
            x2: 'to',
            y: 'share',
            fill: 'var(--easy)',
            stroke: 'var(--easy)',
            fillOpacity: split ? 0.5 : 0.8,
            insetLeft: 0.5,
            insetRight: 0.5,
          }),
          Plot.rectY(flaggedBins, {
            x1: 'from',
            x2: 'to',
            y: 'share',
            fill: 'var(--hard)',
            stroke: 'var(--hard)',
            fillOpacity: 0.5,
            insetLeft: 0.5,
            insetRight: 0.5,
          }),
          Plot.ruleY([0], { stroke: 'currentColor' }),
        ],
      }))}
      ${outside > 0 && html`<p class="note">The outermost bars also hold ${formatCount(outside)} ${outside === 1 ? 'score' : 'scores'} beyond the axis, out to ${formatNumber(extreme(valuesOf(finite), scores.hardDirection))}.</p>`}`,
  };
}

/** The middle 99.5 %: a handful of extreme scores would squeeze all others into one bar. */
export function domainOf(values: readonly number[]): { from: number; to: number } | null {
  const [least, low, high, most] = quantile(values, [0, 0.0025, 0.9975, 1]) as [number, number, number, number];
  const spread = high - low;
  const from = least >= low - 0.1 * spread ? least : low;
  const to = most <= high + 0.1 * spread ? most : high;
  return to > from ? { from, to } : null;
}

/** Shares of the values in bins of one width, in percent; what lies beyond the ends is in the outermost. */
export function binsOf(values: readonly number[], { from, to }: { from: number; to: number }, count: number): Bin[] {
  const width = (to - from) / count;
  const counts = new Array<number>(count).fill(0);
  for (const value of values) counts[Math.max(0, Math.min(count - 1, Math.floor((value - from) / width)))]!++;
  return counts.map((members, bin) => ({
    from: from + bin * width,
    to: from + (bin + 1) * width,
    share: (100 * members) / values.length,
  }));
}

function extreme(values: readonly number[], end: 'high' | 'low'): number {
  return values.reduce((most, value) => (end === 'high' ? Math.max(most, value) : Math.min(most, value)));
}
