import { rankAgreement, type RankAgreement } from '@vogjs/statistics';
import { formatCount, formatFixed, formatPercent, shorten } from '../../markup/format.js';
import { html, type Html } from '../../markup/html.js';
import type { Section } from '../../page/section.js';
import type { NamedMetric } from '../metric-set.js';

/** Do the metrics mean the same examples? Spearman's correlation of each pair, and how much their hardest overlap. */
export function agreementSection(metrics: readonly NamedMetric[]): Section | null {
  // A metric that has no score yet agrees with nothing; it must not hide how the others agree.
  const scored = metrics.filter(({ context }) => context.ranking.length > 0);
  const size = metrics[0]!.context.size;
  const examples = Array.from({ length: size }, (_, example) => example).filter((example) =>
    scored.every(({ context }) => !Number.isNaN(context.scores.values[example])),
  );
  if (scored.length < 2 || examples.length < 10) return null;
  const agreement = rankAgreement(
    Object.fromEntries(
      scored.map(({ name, context: { scores } }) => [
        name,
        { values: examples.map((example) => scores.values[example]!), hardDirection: scores.hardDirection },
      ]),
    ),
  );
  const { k, randomOverlap } = agreement;
  return {
    id: 'agreement',
    title: 'Do they agree?',
    body: html`<p>
        Spearman's correlation of the difficulty of all ${formatCount(examples.length)}
        examples${examples.length < size && ' that every metric has scored'}. 1: the same order; 0: nothing in common;
        below 0: what one calls hard the other calls easy.
        ${scored.length < metrics.length && `${formatCount(metrics.length - scored.length)} of the metrics have no scores yet and are left out.`}
      </p>
      ${matrix(agreement, agreement.spearman, "Spearman's correlation", (value) => formatFixed(value, 2))}
      <details>
        <summary>How much the hardest ${formatCount(k)} overlap</summary>
        <p class="note">
          Of the hardest tenth by the one, the share that is in the hardest tenth by the other. Orders that have nothing
          to do with each other share ${formatPercent(randomOverlap)}.
        </p>
        ${matrix(agreement, agreement.topOverlap, 'Overlap of the hardest tenth', (value) => `${(100 * value).toFixed(0)} %`)}
      </details>`,
  };
}

function matrix(
  { names }: RankAgreement,
  values: readonly (readonly number[])[],
  label: string,
  format: (value: number) => string,
): Html {
  return html`<div class="card scroll" role="region" aria-label="${label}" tabindex="0">
    <table class="matrix">
      <thead>
        <tr>
          <td></td>
          ${names.map((name) => html`<th scope="col" title="${name}"><span>${shorten(name, 24)}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${values.map(
          (row, index) =>
            html`<tr>
              <th scope="row">${names[index]!}</th>
              ${row.map((value, column) => cell(value, index === column, format))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cell(value: number, itself: boolean, format: (value: number) => string): Html {
  if (itself) return html`<td class="itself">1</td>`;
  if (Number.isNaN(value)) return html`<td title="one of the two is the same for every example">–</td>`;
  // Strength of the colour only: the number says the rest, to those who see no colour too.
  const strength = (62 * Math.min(1, Math.abs(value))).toFixed(0);
  const colour = value < 0 ? '--hard' : '--easy';
  return html`<td style="background: color-mix(in oklab, var(${colour}) ${strength}%, var(--surface))">
    ${format(value)}
  </td>`;
}
