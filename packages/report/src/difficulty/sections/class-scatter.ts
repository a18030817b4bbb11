import * as Plot from '@observablehq/plot';
import { classCorrelation, classDifficulty, type ClassCorrelation, type ClassDifficulty } from '@vogjs/statistics';
import { chart, type Layout } from '../../charts/chart.js';
import { placeLabels } from '../../charts/label-placement.js';
import { formatCount, formatFixed, formatP, shorten } from '../../markup/format.js';
import { html, type Html } from '../../markup/html.js';
import type { Section } from '../../page/section.js';
import { type Context, scoredOnly } from '../context.js';

/** Are classes with harder examples predicted worse? One point a class. */
export function classSection(context: Context): Section | null {
  const { errors, scores } = context;
  if (!errors || context.classes.length < 2) return null;
  const { examples, analysed } = scoredOnly(scores, context);
  if (examples.length < 2 || !examples.every((example) => Number.isFinite(scores.values[example]))) return null;
  const isError = examples.map((example) => errors[example]!);
  const classes = classDifficulty(analysed, isError, { normalise: 'dataset' });
  const correlate = (normalise: 'dataset' | 'datasetAbsolute') => {
    const varied = classDifficulty(analysed, isError, { normalise });
    // A correlation needs three classes that differ, in score and in error; absolute values can make them alike.
    if (varied.length < 3 || !varies(varied, 'error') || !varies(varied, 'score')) return null;
    return classCorrelation(analysed, isError, { normalise });
  };
  const correlation = correlate('dataset');
  const absolute = correlate('datasetAbsolute');
  return {
    id: 'classes',
    title: 'Class by class',
    body: html`<p>
        Each point is a class. Further right, its examples are harder: the mean z-score of difficulty, where 0 is the
        average example. Further up, more of them are predicted wrongly.
      </p>
      ${correlation && statement(correlation, absolute)}
      ${chart(describe(classes, correlation), (layout, width) => draw(classes, layout, width))} ${table(classes)}`,
  };
}

function varies(classes: readonly ClassDifficulty[], key: 'error' | 'score'): boolean {
  return classes.some((entry) => entry[key] !== classes[0]![key]);
}

function statement({ pearson, spearman }: ClassCorrelation, absolute: ClassCorrelation | null): Html {
  const r = (value: number) => formatFixed(value, 2);
  return html`<p class="statement">
    <span>Pearson <b>r = ${r(pearson.r)}</b>, ${formatP(pearson)}</span>
    <span>Spearman <b>r = ${r(spearman.r)}</b>, ${formatP(spearman)}</span>
    ${absolute && html`<span>with absolute z-scores, as published: Pearson <b>r = ${r(absolute.pearson.r)}</b>, ${formatP(absolute.pearson)}</span>`}
  </p>`;
}

function describe(classes: readonly ClassDifficulty[], correlation: ClassCorrelation | null): string {
  const found = correlation ? ` Pearson r = ${formatFixed(correlation.pearson.r, 2)}.` : '';
  return `Error rate against mean difficulty of ${classes.length} classes.${found} The table below has the numbers.`;
}

function draw(classes: readonly ClassDifficulty[], layout: Layout, width: number): Plot.PlotOptions {
  const height = layout === 'wide' ? 380 : 320;
  const margin = { left: 44, right: 24, top: 28, bottom: 40 };
  const x = padded(
    classes.map(({ score }) => score),
    0.12,
  );
  const y = {
    from: 0,
    to:
      padded(
        classes.map(({ error }) => error),
        0.1,
      ).to || 1,
  };
  const fontSize = layout === 'wide' ? 12 : 11;
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const points = classes.map((entry) => ({
    ...entry,
    text: shorten(entry.className, layout === 'wide' ? 18 : 12),
    left: margin.left + ((entry.score - x.from) / (x.to - x.from)) * inner.width,
    top: margin.top + (1 - entry.error / y.to) * inner.height,
  }));
  const placed = placeLabels(points, { width, height, fontSize });
  return {
    height,
    marginLeft: margin.left,
    marginRight: margin.right,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    x: { domain: [x.from, x.to], label: 'mean z-score of difficulty (right = harder)', ticks: Math.round(width / 90) },
    y: { domain: [y.from, y.to], label: 'error of the class, %', grid: true, ticks: 5 },
    marks: [
      x.from < 0 && x.to > 0
        ? Plot.ruleX([0], { stroke: 'currentColor', strokeOpacity: 0.35, strokeDasharray: '4 4' })
        : null,
      Plot.dot(points, {
        x: 'score',
        y: 'error',
        r: classes.length > 30 ? 3.5 : 5,
        fill: 'var(--hard)',
        fillOpacity: 0.85,
        stroke: 'var(--surface)',
        strokeWidth: 1,
        title: (point: ClassDifficulty) =>
          `${point.className}: ${formatFixed(point.error, 1)} % wrong of ${point.count}`,
      }),
      ...placed.map(({ point, anchor, dx, dy }) =>
        Plot.text([point], {
          x: 'score',
          y: 'error',
          text: 'text',
          textAnchor: anchor,
          dx,
          dy,
          fontSize,
          fill: 'currentColor',
          stroke: 'var(--surface)',
          strokeWidth: 3,
        }),
      ),
    ],
  };
}

function padded(values: readonly number[], share: number): { from: number; to: number } {
  const least = values.reduce((found, value) => Math.min(found, value));
  const most = values.reduce((found, value) => Math.max(found, value));
  const room = most > least ? share * (most - least) : 0.5;
  return { from: least - room, to: most + room };
}

function table(classes: readonly ClassDifficulty[]): Html {
  const hardestFirst = classes.toSorted((first, second) => second.score - first.score);
  return html`<details>
    <summary>The numbers</summary>
    <div class="scroll" role="region" aria-label="Classes" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col">examples</th>
            <th scope="col">mean z-score</th>
            <th scope="col">% wrong</th>
          </tr>
        </thead>
        <tbody>
          ${hardestFirst.map(
            ({ className, count, score, error }) =>
              html`<tr>
                <th scope="row">${className}</th>
                <td>${formatCount(count)}</td>
                <td>${formatFixed(score, 2)}</td>
                <td>${formatFixed(error, 1)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
