import * as Plot from '@observablehq/plot';
import { barsOf, binCount, binsOf, domainOf } from '../../charts/bins.js';
import { chart } from '../../charts/chart.js';
import { formatCount, formatNumber } from '../../markup/format.js';
import { html } from '../../markup/html.js';
import type { Section } from '../../page/section.js';
import type { Context } from '../context.js';

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
  const count = binCount(finite.length);
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
          barsOf(restBins, 'var(--easy)', split ? 0.5 : 0.8),
          barsOf(flaggedBins, 'var(--hard)', 0.5),
          Plot.ruleY([0], { stroke: 'currentColor' }),
        ],
      }))}
      ${outside > 0 && html`<p class="note">The outermost bars also hold ${formatCount(outside)} ${outside === 1 ? 'score' : 'scores'} beyond the axis, out to ${formatNumber(extreme(valuesOf(finite), scores.hardDirection))}.</p>`}`,
  };
}

function extreme(values: readonly number[], end: 'high' | 'low'): number {
  return values.reduce((most, value) => (end === 'high' ? Math.max(most, value) : Math.min(most, value)));
}
