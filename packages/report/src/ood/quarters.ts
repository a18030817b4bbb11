import * as Plot from '@observablehq/plot';
import { oodByPercentile } from '@vogjs/ood';
import { chart } from '../charts/chart.js';
import type { ReportOod } from '../input/ood.js';
import { formatCount, formatP, formatPercent, formatRange } from '../markup/format.js';
import { html, type Html } from '../markup/html.js';
import type { ShownDetector } from './detector.js';

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
                  <th scope="row">${formatRange(x1, x2)}</th>
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
