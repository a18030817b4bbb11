import type { ReportIssue, ReportIssues } from '../../input/issues.js';
import { formatCount, shorten } from '../../markup/format.js';
import { html, type Html } from '../../markup/html.js';
import type { Section } from '../../page/section.js';
import { type Thumbnail, thumbnailQualities, thumbnailsOf } from '../../pictures/thumbnail.js';
import type { Context } from '../context.js';
import { exampleName } from '../example-name.js';

/** Pictures shown of a kind, and bytes of markup that they may take. */
const picturesAtMost = 24;
const budget = 200_000;
/** Rows of a kind that are open at first, and all of them; what is beyond is counted. */
const rowsAtFirst = 20;
const rowsAtMost = 1000;

/** What was found, kind by kind, and a section for each kind that has something to look at. */
export function issueSections(context: Context): Section[] {
  const kinds = context.input.issues ?? [];
  if (kinds.length === 0) return [];
  const details = kinds.filter(({ issues }) => issues.length > 0).map((kind) => kindSection(kind, context));
  return [foundSection(kinds, new Set(context.input.suspects?.length ? ['suspects'] : [])), ...details];
}

function foundSection(kinds: readonly ReportIssues[], others: ReadonlySet<string>): Section {
  const place = ({ kind, issues }: ReportIssues): string | null => {
    if (issues.length > 0) return `issues-${kind}`;
    return kind === 'label' && others.has('suspects') ? 'suspects' : null;
  };
  return {
    id: 'found',
    title: 'What was found',
    body: html`<ul class="found">
      ${kinds.map((kind) => {
        const to = place(kind);
        return html`<li>${to === null ? kind.says : html`<a href="#${to}">${kind.says}</a>`}</li>`;
      })}
    </ul>`,
  };
}

function kindSection({ kind, title, issues }: ReportIssues, context: Context): Section {
  const [first, rest] = [issues.slice(0, rowsAtFirst), issues.slice(rowsAtFirst, rowsAtMost)];
  const left = issues.length - rowsAtMost;
  return {
    id: `issues-${kind}`,
    title,
    body: html`${gallery(issues, context)} ${table(first, title, context)}
    ${
      rest.length > 0 &&
      html`<details>
        <summary>${formatCount(rest.length)} more</summary>
        ${table(rest, title, context)}
      </details>`
    }
    ${left > 0 && html`<p>${formatCount(left)} more are in the run's own list.</p>`}`,
  };
}

function table(issues: readonly ReportIssue[], title: string, context: Context): Html {
  return html`<div class="scroll" role="region" aria-label="${title}" tabindex="0">
    <table class="stacked">
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col" class="text">why</th>
        </tr>
      </thead>
      <tbody>
        ${issues.map(
          ({ index, name, why, others = [] }) =>
            html`<tr>
              <th scope="row">${index === null ? (name ?? '') : exampleName(context, index)}</th>
              <td class="text reason">
                ${why}${others.length > 0 && html` ${others.slice(0, 10).map((other) => html`${exampleName(context, other)} `)}`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function gallery(issues: readonly ReportIssue[], context: Context): Html | null {
  const { images } = context.input;
  const shown = issues.filter(({ index }) => index !== null).slice(0, picturesAtMost);
  if (!images || shown.length === 0) return null;
  let markup: Html | null = null;
  for (const quality of thumbnailQualities) {
    const thumbnail = thumbnailsOf(images, quality);
    markup = html`<ol class="gallery">
      ${shown.map((issue) => card(issue, context, thumbnail))}
    </ol>`;
    if (markup.markup.length < budget) break;
  }
  return markup;
}

/** The example, beside the first of those that it is about too. */
function card(
  { index, why, others = [] }: ReportIssue,
  context: Context,
  thumbnail: (example: number) => Thumbnail,
): Html {
  const shown = [index as number, ...others.slice(0, 1)];
  const { scores, classNameOf } = context;
  return html`<li title="${why}">
    <figure>
      ${shown.map((example) => {
        const { source, width, height } = thumbnail(example);
        return html`<img
          src="${source}"
          width="${width}"
          height="${height}"
          alt="Example ${shorten(String(scores.ids[example]), 60)}, ${why}"
        />`;
      })}
      <figcaption>
        ${shown.map((example) => html`${exampleName(context, example, 'id')} ${scores.labels && html`<div class="line"><b>${classNameOf(scores.labels[example]!)}</b></div>`}`)}
      </figcaption>
    </figure>
  </li>`;
}
