import { formatCount, formatFixed, formatLevel } from '../markup/format.js';
import { html, type Html } from '../markup/html.js';
import { scale } from '../markup/scale.js';
import type { ShownDetector } from './detector.js';

const figures = ['auroc', 'auprIn', 'auprOut', 'fprAtTpr', 'detectionError'] as const;

/** Every detector by the same figures, each beside what chance gives. */
export function detectorTable(
  detectors: readonly ShownDetector[],
  reference: string,
  prefix: string,
  set: string,
): Html {
  const { evaluation } = detectors[0]!;
  const { tpr, positive, base, prior, counts } = evaluation;
  const smallest = Math.min(counts.in, counts.out) / (counts.in + counts.out);
  const chance = {
    ...base,
    fprAtTpr: tpr,
    detectionError: prior === 'balanced' ? 0.5 : smallest,
  };
  const headings = [
    'AUROC',
    'AUPR-In',
    'AUPR-Out',
    `FPR at ${formatLevel(tpr)} TPR (${positive === 'in' ? 'in' : 'OoD'} positive)`,
    'detection error',
  ];
  const several = detectors.length > 1;
  return html`<div class="card scroll" role="region" aria-label="Detectors side by side: ${set}" tabindex="0">
      <table class="comparison" id="${prefix}-detectors">
        <thead>
          <tr>
            <th scope="col">detector</th>
            <th scope="col" class="text">OoD end</th>
            ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
            ${several && html`<th scope="col">AUROC against ${reference}</th>`}
          </tr>
        </thead>
        <tbody>
          ${detectors.map(
            ({ name, evaluation: own, compared: { intervals, difference } }) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td class="text">${own.oodDirection}</td>
                ${figures.map(
                  (figure) =>
                    html`<td>
                      ${scale(own[figure], chance[figure])}${formatFixed(own[figure], 3)}
                      <small>± ${formatFixed(1.96 * intervals[figure].standardError, 3)}</small>
                    </td>`,
                )}
                ${
                  several &&
                  html`<td>
                    ${difference === null ? '–' : html`${signed(difference.auroc.estimate)} <small>± ${formatFixed(1.96 * difference.auroc.standardError, 3)}</small>`}
                  </td>`
                }
              </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">chance</th>
            <td></td>
            ${figures.map((figure) => html`<td>${formatFixed(chance[figure], 3)}</td>`)} ${several && html`<td>0</td>`}
          </tr>
        </tfoot>
      </table>
    </div>
    <p class="note">
      Higher is better for the first three, lower for the other two. Base rates: ${formatCount(counts.in)}
      in-distribution and ${formatCount(counts.out)} out-of-distribution examples.
    </p>`;
}

function signed(value: number): string {
  return value > 0 ? `+${formatFixed(value, 3)}` : formatFixed(value, 3);
}
