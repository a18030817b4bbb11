import { errorByPercentile, evaluateDetection } from '@vogjs/statistics';
import type { KeyFigure } from '../../input/report.js';
import { formatCount, formatFixed, formatPercent } from '../../markup/format.js';
import { html } from '../../markup/html.js';
import { scale } from '../../markup/scale.js';
import type { Section } from '../../page/section.js';
import { type Context, scoredOnly } from '../context.js';

/** The figures to see first: the caller's, then how well the score does what it is for, each beside its baseline. */
export function figuresSection(context: Context): Section | null {
  const figures = [...(context.input.figures ?? []), ...detectionFigures(context), ...errorFigures(context)];
  if (figures.length === 0) return null;
  return {
    id: 'figures',
    title: 'Key figures',
    body: html`<ul class="figures" style="--columns: ${columnsFor(figures.length)}">
      ${figures.map(card)}
    </ul>`,
  };
}

/** The number of columns that leaves the last row fullest. */
function columnsFor(count: number): number {
  if (count <= 4) return count;
  return count % 4 === 0 || count % 4 === 3 ? 4 : 3;
}

function card({ label, value, note, scale: bar }: KeyFigure) {
  return html`<li>
    <p class="label">${label}</p>
    <p class="value">${value}</p>
    ${bar && scale(bar.value, bar.baseline)} ${note && html`<p class="note">${note}</p>`}
  </li>`;
}

function detectionFigures(context: Context): KeyFigure[] {
  const { scores, flags, flagName } = context;
  if (!flags) return [];
  const { examples, analysed } = scoredOnly(scores, context);
  const kept = examples.map((example) => flags[example]!);
  // With nothing to find, or nothing else, there is no detection to speak of.
  if (new Set(kept).size < 2) return [];
  const { auroc, averagePrecision, baseRate, at } = evaluateDetection(analysed, kept);
  const atBaseRate = at[0]!;
  const chance = `random choice ${formatPercent(baseRate)}`;
  return [
    {
      label: `Finding ${flagName}: AUROC`,
      value: formatFixed(auroc, 3),
      note: 'random order 0.500',
      scale: { value: auroc, baseline: 0.5 },
    },
    {
      label: `Precision in the hardest ${formatCount(atBaseRate.k)}`,
      value: formatPercent(atBaseRate.precision),
      note: `as many as there are ${flagName}; ${chance}`,
      scale: { value: atBaseRate.precision, baseline: baseRate },
    },
    {
      label: 'Average precision',
      value: formatFixed(averagePrecision, 3),
      note: `random order ${formatFixed(baseRate, 3)}`,
      scale: { value: averagePrecision, baseline: baseRate },
    },
  ];
}

function errorFigures(context: Context): KeyFigure[] {
  const { scores, errors } = context;
  if (!errors) return [];
  const { examples, analysed } = scoredOnly(scores, context);
  if (examples.length < 10) return [];
  const { top, bottom, all } = errorByPercentile(
    analysed,
    examples.map((example) => errors[example]!),
  );
  return [
    {
      label: 'Error among the hardest tenth',
      value: formatPercent(top.error / 100),
      note: `all examples ${formatPercent(all.error / 100)}, easiest tenth ${formatPercent(bottom.error / 100)}`,
      scale: { value: top.error / 100, baseline: all.error / 100 },
    },
  ];
}
