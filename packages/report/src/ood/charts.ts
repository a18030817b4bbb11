import * as Plot from '@observablehq/plot';
import { type CurvePoint, oodByPercentile, oodCurves } from '@vogjs/ood';
import { chart } from '../chart.js';
import { formatCount, formatFixed, formatP, formatPercent } from '../format.js';
import { binsOf, domainOf } from '../histogram.js';
import { html, type Html } from '../html.js';
import { type ShownDetector, thresholdInWords } from './detector.js';
import type { ReportOod } from './input.js';

/** How the scores of both sides are spread, each side as a share of itself, with the threshold. */
export function scoreHistogram(detector: ShownDetector, ood: ReportOod): Html | null {
  const { name, evaluation } = detector;
  const [ins, outs] = [detector.in, detector.out].map((values) => Array.from(values).filter(Number.isFinite));
  const domain = domainOf([...ins!, ...outs!]);
  if (!domain || ins!.length === 0 || outs!.length === 0) return null;
  const count = Math.max(8, Math.min(48, Math.round(Math.sqrt(ins!.length + outs!.length))));
  const cut = evaluation.thresholds.atTpr;
  const shown = cut >= domain.from && cut <= domain.to ? [cut] : [];
  const infinite = detector.in.length + detector.out.length - ins!.length - outs!.length;
  const bar = (fill: string) => ({
    x1: 'from',
    x2: 'to',
    y: 'share',
    fill,
    stroke: fill,
    fillOpacity: 0.5,
    insetLeft: 0.5,
    insetRight: 0.5,
  });
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
        Plot.rectY(binsOf(ins!, domain, count), bar('var(--easy)')),
        Plot.rectY(binsOf(outs!, domain, count), bar('var(--hard)')),
        Plot.ruleX(shown, { stroke: 'currentColor', strokeDasharray: '4 4', strokeWidth: 1.5 }),
        Plot.ruleY([0], { stroke: 'currentColor' }),
      ],
    }))}
    ${infinite > 0 && html`<p class="note">${formatCount(infinite)} infinite scores rank, and have no place on the axis.</p>`}`;
}

/** ROC and precision over recall of either class, the base rate drawn in each. */
export function curvePanels({ name, pair, evaluation }: ShownDetector, ood: ReportOod): Html {
  const { oodDirection } = evaluation;
  const curves = oodCurves(pair.in, pair.out, { oodDirection });
  const point = evaluation.positive === 'in' ? [{ x: evaluation.fprAtTpr, y: evaluation.achievedTpr }] : [];
  const percent = (base: number): string => formatPercent(base);
  return html`<div class="panels">
    ${panel({
      title: 'ROC',
      note: `area ${formatFixed(evaluation.auroc, 3)}, chance 0.500`,
      description: `ROC curve of ${name}: ${ood.in.name} let in over ${ood.out.name} let in. Area ${formatFixed(evaluation.auroc, 3)}; the dashed diagonal is chance.`,
      axes: [`${ood.out.name} let in`, `${ood.in.name} let in`],
      line: curves.roc,
      chance: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
      point,
    })}
    ${panel({
      title: 'Precision over recall, in',
      note: `area ${formatFixed(evaluation.auprIn, 3)}, base rate ${percent(curves.base.in)}`,
      description: `Precision over recall of ${name}, ${ood.in.name} positive. Area ${formatFixed(evaluation.auprIn, 3)}; the dashed line is the base rate, ${percent(curves.base.in)}.`,
      axes: ['recall', 'precision'],
      line: curves.precisionRecallIn,
      chance: flat(curves.base.in),
    })}
    ${panel({
      title: 'Precision over recall, OoD',
      note: `area ${formatFixed(evaluation.auprOut, 3)}, base rate ${percent(curves.base.out)}`,
      description: `Precision over recall of ${name}, ${ood.out.name} positive. Area ${formatFixed(evaluation.auprOut, 3)}; the dashed line is the base rate, ${percent(curves.base.out)}.`,
      axes: ['recall', 'precision'],
      line: curves.precisionRecallOut,
      chance: flat(curves.base.out),
    })}
  </div>`;
}

const flat = (y: number): CurvePoint[] => [
  { x: 0, y },
  { x: 1, y },
];

interface Panel {
  readonly title: string;
  readonly note: string;
  readonly description: string;
  readonly axes: readonly [string, string];
  readonly line: readonly CurvePoint[];
  readonly chance: readonly CurvePoint[];
  readonly point?: readonly CurvePoint[];
}

function panel({ title, note, description, axes, line, chance, point = [] }: Panel): Html {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const draw = (): Plot.PlotOptions => ({
    height: 320,
    marginLeft: 42,
    marginRight: 14,
    marginBottom: 42,
    marginTop: 26,
    x: { domain: [0, 1], label: axes[0], labelArrow: 'none', ticks },
    y: { domain: [0, 1], label: axes[1], labelArrow: 'none', ticks, grid: true },
    marks: [
      Plot.line(chance, { x: 'x', y: 'y', stroke: 'currentColor', strokeDasharray: '4 4', strokeOpacity: 0.8 }),
      Plot.line(line, { x: 'x', y: 'y', stroke: 'var(--hard)', strokeWidth: 2 }),
      Plot.dot(point, { x: 'x', y: 'y', r: 4.5, fill: 'var(--hard)', stroke: 'var(--surface)', strokeWidth: 1.5 }),
    ],
  });
  return html`<figure>
    <figcaption class="plain"><b>${title}</b> <span class="note">${note}</span></figcaption>
    ${chart(description, draw, { wide: 340, narrow: 340 })}
  </figure>`;
}

/** Where the OoD examples lie in the ranking of all, with the chance of each count. */
export function quarterChart({ name, pair, evaluation }: ShownDetector, ood: ReportOod): Html {
  const { oodDirection, counts } = evaluation;
  const bins = Math.min(4, counts.in + counts.out);
  const parts = oodByPercentile(pair.in, pair.out, { oodDirection, bins }).bins.map((part) => ({
    ...part,
    x1: 100 * part.from,
    x2: 100 * part.to,
    percent: 100 * part.share,
  }));
  const expected = 100 / bins;
  const description =
    `Share of ${ood.out.name} in each quarter of the ranking by ${name}, from the most in-distribution to the most ` +
    `out-of-distribution: ${parts.map(({ share }) => formatPercent(share)).join(', ')}. Chance is ${expected} % each.`;
  const most = Math.max(expected, ...parts.map(({ percent }) => percent));
  return html`${chart(description, (layout) => ({
      height: layout === 'wide' ? 230 : 210,
      marginLeft: 40,
      marginRight: 12,
      marginBottom: 42,
      marginTop: 26,
      x: {
        domain: [0, 100],
        label: 'percentile of both sets together (100 = most OoD)',
        labelArrow: 'none',
        ticks: [0, 25, 50, 75, 100],
      },
      y: { domain: [0, most], label: `% of ${ood.out.name}`, labelArrow: 'none', grid: true, ticks: 4 },
      marks: [
        Plot.rectY(parts, {
          x1: 'x1',
          x2: 'x2',
          y: 'percent',
          fill: 'var(--hard)',
          fillOpacity: 0.85,
          insetLeft: 2,
          insetRight: 2,
        }),
        Plot.ruleY([expected], { stroke: 'currentColor', strokeDasharray: '4 4', strokeOpacity: 0.8 }),
        Plot.ruleY([0], { stroke: 'currentColor' }),
        Plot.text(parts, {
          x: ({ x1, x2 }: { x1: number; x2: number }) => (x1 + x2) / 2,
          y: 'percent',
          text: ({ share }: { share: number }) => formatPercent(share),
          dy: -8,
          fill: 'currentColor',
          stroke: 'var(--surface)',
          strokeWidth: 4,
        }),
      ],
    }))}
    <details>
      <summary>The numbers</summary>
      <div class="scroll" role="region" aria-label="OoD examples by quarter" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">percentile</th>
              <th scope="col">examples</th>
              <th scope="col">OoD among them</th>
              <th scope="col">share of all OoD</th>
              <th scope="col">as many or more by chance</th>
              <th scope="col">as few or fewer by chance</th>
            </tr>
          </thead>
          <tbody>
            ${parts.map(
              ({ x1, x2, examples, out, share, pOver, pUnder }) =>
                html`<tr>
                  <th scope="row">${x1.toFixed(0)} to ${x2.toFixed(0)}</th>
                  <td>${formatCount(examples)}</td>
                  <td>${formatCount(out)}</td>
                  <td>${formatPercent(share)}</td>
                  <td>${formatP({ p: pOver, logP: Math.log(pOver) })}</td>
                  <td>${formatP({ p: pUnder, logP: Math.log(pUnder) })}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
}
