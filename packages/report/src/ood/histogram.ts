import * as Plot from '@observablehq/plot';
import { barsOf, binCount, binsOf, domainOf } from '../charts/bins.js';
import { chart } from '../charts/chart.js';
import type { ReportOod } from '../input/ood.js';
import { formatCount } from '../markup/format.js';
import { html, type Html } from '../markup/html.js';
import { type ShownDetector, thresholdInWords } from './detector.js';

/** How the scores of both sides are spread, each side as a share of itself, with the threshold. */
export function scoreHistogram(detector: ShownDetector, ood: ReportOod): Html | null {
  const { name, evaluation } = detector;
  const [ins, outs] = [detector.in, detector.out].map((values) => Array.from(values).filter(Number.isFinite));
  const domain = domainOf([...ins!, ...outs!]);
  if (!domain || ins!.length === 0 || outs!.length === 0) return null;
  const count = binCount(ins!.length + outs!.length);
  const cut = evaluation.thresholds.atTpr;
  const shown = cut >= domain.from && cut <= domain.to ? [cut] : [];
  const infinite = detector.in.length + detector.out.length - ins!.length - outs!.length;
  const description =
    `Histogram of ${name}: ${ood.in.name} (${formatCount(detector.in.length)}) against ${ood.out.name} ` +
    `(${formatCount(detector.out.length)}), each as a share of itself.`;
  return html`<p class="legend">
      <span><i class="swatch"></i>${ood.in.name} (${formatCount(detector.in.length)})</span>
      <span><i class="swatch flagged"></i>${ood.out.name} (${formatCount(detector.out.length)})</span>
      ${shown.length > 0 && html`<span><i class="swatch dash"></i>${thresholdInWords(detector, ood)}</span>`}
    </p>
    ${chart(description, (layout, width) => ({
      height: layout === 'wide' ? 260 : 220,
      marginLeft: 40,
      marginRight: 12,
      marginBottom: 42,
      x: {
        label: `score (${evaluation.oodDirection} = out-of-distribution)`,
        labelArrow: 'none',
        ticks: Math.round(width / 110),
        domain: [domain.from, domain.to],
      },
      y: { label: '% of the side', grid: true, ticks: 5 },
      marks: [
        barsOf(binsOf(ins!, domain, count), 'var(--easy)', 0.5),
        barsOf(binsOf(outs!, domain, count), 'var(--hard)', 0.5),
        Plot.ruleX(shown, { stroke: 'currentColor', strokeDasharray: '4 4', strokeWidth: 1.5 }),
        Plot.ruleY([0], { stroke: 'currentColor' }),
      ],
    }))}
    ${infinite > 0 && html`<p class="note">${formatCount(infinite)} infinite scores rank, and have no place on the axis.</p>`}`;
}
