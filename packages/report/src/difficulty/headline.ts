import { formatCount } from '../markup/format.js';
import { html, type Html } from '../markup/html.js';
import type { Context } from './context.js';

/** What this page is, what its number means, and which way it points. */
export function headline({ input, scores, size, metric, ranking }: Context, metricCount: number): Html {
  const { hardDirection, checkpoints } = scores;
  const unscored = size - ranking.length;
  const notices = [
    ranking.length === 0 &&
      `There are no scores yet. A score that varies over checkpoints is undefined before the second one, and this run has ${checkpoints}. Train for longer, or track more checkpoints.`,
    ranking.length > 0 &&
      unscored > 0 &&
      `${formatCount(unscored)} of ${formatCount(size)} examples have no score and are left out below.`,
    ...scores.notes,
  ].filter((notice) => typeof notice === 'string');
  return html`<header>
    <p class="kicker">VoG.js difficulty report</p>
    <h1>${input.title}</h1>
    <p class="lead">
      Which examples did the model find hard?
      ${
        metricCount > 0
          ? html`Each one is scored by <b>${formatCount(metricCount)} metrics</b> that watched the same training run,
              the first of them <b>${metric.title}</b>: ${metric.meaning}.`
          : html`Each one is scored by <b>${metric.title}</b>: ${metric.meaning}.`
      }
    </p>
    <ul class="badges">
      ${metricCount > 0 ? html`<li>${formatCount(metricCount)} metrics</li>` : html`<li class="direction">${hardDirection} = hard</li>`}
      <li>${formatCount(size)} ${size === 1 ? 'example' : 'examples'}</li>
      <li>${formatCount(checkpoints)} ${checkpoints === 1 ? 'checkpoint' : 'checkpoints'}</li>
      ${scores.labels && html`<li>${formatCount(new Set(Array.from(scores.labels)).size)} classes</li>`}
    </ul>
    ${notices.map((notice) => html`<p class="notice">${notice}</p>`)}
  </header>`;
}
