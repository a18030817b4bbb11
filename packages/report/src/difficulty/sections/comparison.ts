import { detectionIntervals, errorByPercentile, evaluateDetection } from '@vogjs/statistics';
import { formatCount, formatFixed, formatPercent } from '../../markup/format.js';
import { html, type Html } from '../../markup/html.js';
import { scale } from '../../markup/scale.js';
import type { Section } from '../../page/section.js';
import { scoredOnly } from '../context.js';
import type { NamedMetric } from '../metric-set.js';

interface Row {
  readonly name: string;
  readonly title: string;
  readonly hard: 'high' | 'low';
  readonly detection: {
    readonly auroc: number;
    /** Half the width of the 95 % interval. */
    readonly margin: number;
    readonly averagePrecision: number;
    readonly precision: number;
    readonly k: number;
    readonly baseRate: number;
  } | null;
  readonly error: { readonly top: number; readonly all: number; readonly bottom: number } | null;
}

/** Every metric by the same measures, in the order in which they were given: the best is for the reader to find. */
export function comparisonSection(metrics: readonly NamedMetric[]): Section | null {
  const rows = metrics.map(rowOf);
  const withDetection = rows.find(({ detection }) => detection)?.detection;
  const withError = rows.find(({ error }) => error)?.error;
  if (!withDetection && !withError) return null;
  const { flagName } = metrics[0]!.context;
  return {
    id: 'comparison',
    title: 'The metrics side by side',
    body: html`<p>
        Each metric points the way that it declares itself, and none was turned round after looking.
        ${withDetection && html`± is half of the 95 % interval over examples, from bootstrap resamples of this one run; another training run would move the numbers too.`}
        ${rows.some(({ detection }) => detection && detection.auroc + detection.margin < 0.5) && `A metric below 0.5 calls the ${flagName} easy: it measures something else, such as ambiguity.`}
      </p>
      <div class="card scroll" role="region" aria-label="The metrics side by side" tabindex="0">
        <table class="comparison">
          <thead>
            <tr>
              <th scope="col">metric</th>
              <th scope="col" class="text">hard end</th>
              ${
                withDetection &&
                html`<th scope="col">finding ${flagName}: AUROC</th>
                  <th scope="col">average precision</th>
                  <th scope="col">precision in the hardest ${formatCount(withDetection.k)}</th>`
              }
              ${
                withError &&
                html`<th scope="col">error, hardest tenth</th>
                  <th scope="col">error, easiest tenth</th>`
              }
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => line(row, Boolean(withDetection), Boolean(withError)))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">random order</th>
              <td></td>
              ${
                withDetection &&
                html`<td>0.500</td>
                  <td>${formatFixed(withDetection.baseRate, 3)}</td>
                  <td>${formatPercent(withDetection.baseRate)}</td>`
              }
              ${
                withError &&
                html`<td>${formatPercent(withError.all / 100)}</td>
                  <td>${formatPercent(withError.all / 100)}</td>`
              }
            </tr>
          </tfoot>
        </table>
      </div>`,
  };
}

function line({ name, title, hard, detection, error }: Row, withDetection: boolean, withError: boolean): Html {
  const none = html`<td>–</td>`;
  return html`<tr>
    <th scope="row" title="${title}">${name}</th>
    <td class="text">${hard}</td>
    ${
      withDetection &&
      (detection
        ? html`<td>
              ${scale(detection.auroc, 0.5)}${formatFixed(detection.auroc, 3)}
              <small>± ${formatFixed(detection.margin, 3)}</small>
            </td>
            <td>
              ${scale(detection.averagePrecision, detection.baseRate)}${formatFixed(detection.averagePrecision, 3)}
            </td>
            <td>${scale(detection.precision, detection.baseRate)}${formatPercent(detection.precision)}</td>`
        : [none, none, none])
    }
    ${
      withError &&
      (error
        ? html`<td>${scale(error.top / 100, error.all / 100)}${formatPercent(error.top / 100)}</td>
            <td>${formatPercent(error.bottom / 100)}</td>`
        : [none, none])
    }
  </tr>`;
}

function rowOf({ name, context }: NamedMetric): Row {
  const { scores, flags, errors, metric } = context;
  const { examples, analysed } = scoredOnly(scores, context);
  const pick = (from: Uint8Array | null) => (from ? examples.map((example) => from[example]!) : []);
  const kept = pick(flags);
  return {
    name,
    title: metric.title,
    hard: scores.hardDirection,
    detection: new Set(kept).size < 2 ? null : detectionOf(analysed, kept),
    error: errors && examples.length >= 10 ? errorOf(analysed, pick(errors)) : null,
  };
}

function detectionOf(analysed: Parameters<typeof evaluateDetection>[0], flags: readonly number[]): Row['detection'] {
  const { auroc, averagePrecision, baseRate, at } = evaluateDetection(analysed, flags);
  // The standard error settles long before the quantiles do: 1.96 of it, from as many resamples as stay quick.
  const resamples = Math.round(Math.min(1000, Math.max(100, 2e6 / flags.length)));
  const { standardError } = detectionIntervals(analysed, flags, { resamples }).auroc;
  const { precision, k } = at[0]!;
  return { auroc, margin: 1.96 * standardError, averagePrecision, precision, k, baseRate };
}

function errorOf(analysed: Parameters<typeof errorByPercentile>[0], errors: readonly number[]): Row['error'] {
  const { top, all, bottom } = errorByPercentile(analysed, errors);
  return { top: top.error, all: all.error, bottom: bottom.error };
}
