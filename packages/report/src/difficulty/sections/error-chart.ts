import * as Plot from '@observablehq/plot';
import { errorByPercentile, type ErrorByPercentile } from '@vogjs/statistics';
import { chart } from '../../charts/chart.js';
import type { ReportScores } from '../../input/scores.js';
import { formatCount, formatFixed, formatPercent, formatRange } from '../../markup/format.js';
import { heading, html, type Html } from '../../markup/html.js';
import type { Section } from '../../page/section.js';
import { type Context, scoredOnly } from '../context.js';

const bins = 10;

interface Curve {
  readonly name: string;
  readonly checkpoints: number;
  readonly errors: ErrorByPercentile;
}

/** Top-1 error over the percentiles of difficulty: over the whole training, then in each window of it. */
export function errorSection(context: Context): Section | null {
  const whole = curveOf(context.scores, context);
  if (!whole) return null;
  const parts = Object.values(context.input.windows ?? {}).filter(({ window }) => window !== context.scores.window);
  const windows = parts.flatMap((scores) => curveOf(scores, context) ?? []);
  const { bottom, all, top } = whole.errors;
  // One scale for all of them, or a low curve would look like a high one.
  const most = Math.max(1, ...[whole, ...windows].flatMap(({ errors }) => errors.bins.map(({ error }) => error)));
  return {
    id: 'error',
    title: 'Error by difficulty',
    body: html`<p>
        All ${formatCount(all.count)} examples in ten equal groups, easiest to hardest. The easiest tenth is predicted
        wrongly in ${formatPercent(bottom.error / 100)} of cases, the hardest in ${formatPercent(top.error / 100)}; the
        dashed line is all examples, ${formatPercent(all.error / 100)}, which is where a score that knows nothing would
        put every bar. An error is a prediction that differs from the given
        label${context.input.trueLabels && ', so a wrong label that the model saw through counts as one'}.
      </p>
      ${bars(whole, most)}
      ${
        windows.length > 0 &&
        html`${heading(context.partLevel, 'By stage of training')}
          <div class="panels">${windows.map((window) => panel(window, most))}</div>`
      }
      ${table([whole, ...windows])}`,
  };
}

function curveOf(scores: ReportScores, context: Context): Curve | null {
  const { errors } = context;
  if (!errors) return null;
  const { examples, analysed } = scoredOnly(scores, context);
  if (examples.length < bins) return null;
  const isError = examples.map((example) => errors[example]!);
  return {
    name: scores.window,
    checkpoints: scores.checkpoints,
    errors: errorByPercentile(analysed, isError, { bins }),
  };
}

function bars({ name, errors }: Curve, most: number): Html {
  const description = `Error by percentile of difficulty, ${name}: ${summary(errors)}.`;
  return chart(description, (layout) => ({
    height: layout === 'wide' ? 300 : 230,
    ...axes(most),
    marks: [...marks(errors), Plot.text(errors.bins, labels(layout === 'wide' ? 11 : 9.5))],
  }));
}

/** A window beside its siblings: the same drawing, smaller. */
function panel({ name, checkpoints, errors }: Curve, most: number): Html {
  const description = `Error by percentile of difficulty, ${name}: ${summary(errors)}.`;
  const count = `${checkpoints} ${checkpoints === 1 ? 'checkpoint' : 'checkpoints'}`;
  return html`<figure>
    <figcaption><b>${name}</b> <span class="note">${count}</span></figcaption>
    ${chart(description, () => ({ height: 200, ...axes(most), marks: marks(errors) }), { wide: 340, narrow: 340 })}
  </figure>`;
}

function axes(most: number): Plot.PlotOptions {
  return {
    marginLeft: 36,
    marginRight: 12,
    marginBottom: 42,
    marginTop: 26,
    x: { domain: [0, 100], label: 'percentile of difficulty (100 = hardest)', ticks: [0, 20, 40, 60, 80, 100] },
    y: { domain: [0, most], label: 'top-1 error, %', grid: true, ticks: 4 },
  };
}

function marks({ bins: groups, all }: ErrorByPercentile): Plot.Markish[] {
  return [
    Plot.rectY(groups, {
      x1: 'from',
      x2: 'to',
      y: 'error',
      fill: 'var(--hard)',
      fillOpacity: 0.85,
      insetLeft: 2,
      insetRight: 2,
    }),
    Plot.ruleY([all.error], { stroke: 'currentColor', strokeDasharray: '4 4', strokeOpacity: 0.8 }),
    Plot.ruleY([0], { stroke: 'currentColor' }),
  ];
}

function labels(fontSize: number): Plot.TextOptions {
  return {
    x: (bin: { from: number; to: number }) => (bin.from + bin.to) / 2,
    y: 'error',
    text: (bin: { error: number }) => formatFixed(bin.error, bin.error < 9.95 ? 1 : 0),
    dy: -8,
    fontSize,
    fill: 'currentColor',
    stroke: 'var(--surface)',
    strokeWidth: 4,
  };
}

function summary({ bottom, all, top }: ErrorByPercentile): string {
  const percent = (error: number) => formatPercent(error / 100);
  return `easiest tenth ${percent(bottom.error)}, all ${percent(all.error)}, hardest tenth ${percent(top.error)}`;
}

function table(curves: readonly Curve[]): Html {
  const groups = curves[0]!.errors.bins;
  return html`<details>
    <summary>The numbers</summary>
    <div class="scroll" role="region" aria-label="Error by percentile" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">percentile</th>
            <th scope="col">examples</th>
            ${curves.map(({ name }) => html`<th scope="col">${name}, % wrong</th>`)}
          </tr>
        </thead>
        <tbody>
          ${groups.map(
            ({ from, to, count }, bin) =>
              html`<tr>
                <th scope="row">${formatRange(from, to)}</th>
                <td>${formatCount(count)}</td>
                ${curves.map(({ errors }) => html`<td>${formatFixed(errors.bins[bin]!.error, 1)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
