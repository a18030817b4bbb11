import * as Plot from '@observablehq/plot';
import { type CurvePoint, oodCurves } from '@vogjs/ood';
import { chart } from '../charts/chart.js';
import type { ReportOod } from '../input/ood.js';
import { formatFixed, formatPercent } from '../markup/format.js';
import { html, type Html } from '../markup/html.js';
import type { ShownDetector } from './detector.js';

/** ROC and precision over recall of either class, the base rate drawn in each. */
export function curvePanels({ name, pair, evaluation }: ShownDetector, ood: ReportOod): Html {
  const { oodDirection } = evaluation;
  const curves = oodCurves(pair.in, pair.out, { oodDirection });
  const point = evaluation.positive === 'in' ? [{ x: evaluation.fprAtTpr, y: evaluation.achievedTpr }] : [];
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
      note: `area ${formatFixed(evaluation.auprIn, 3)}, base rate ${formatPercent(curves.base.in)}`,
      description: `Precision over recall of ${name}, ${ood.in.name} positive. Area ${formatFixed(evaluation.auprIn, 3)}; the dashed line is the base rate, ${formatPercent(curves.base.in)}.`,
      axes: ['recall', 'precision'],
      line: curves.precisionRecallIn,
      chance: flat(curves.base.in),
    })}
    ${panel({
      title: 'Precision over recall, OoD',
      note: `area ${formatFixed(evaluation.auprOut, 3)}, base rate ${formatPercent(curves.base.out)}`,
      description: `Precision over recall of ${name}, ${ood.out.name} positive. Area ${formatFixed(evaluation.auprOut, 3)}; the dashed line is the base rate, ${formatPercent(curves.base.out)}.`,
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
