import type { ReportSuspect } from '../../input/report.js';
import { formatCount, formatPercent, formatPercentile, shorten } from '../../markup/format.js';
import { html, type Html } from '../../markup/html.js';
import { wholeName } from '../../markup/whole-name.js';
import type { Section } from '../../page/section.js';
import { type Thumbnail, thumbnailQualities, thumbnailsOf } from '../../pictures/thumbnail.js';
import type { Context } from '../context.js';
import { exampleName } from '../example-name.js';
import { galleryBudget } from '../galleries/gallery.js';

/** Suspects shown as pictures, and rows of the table; what is beyond is counted. */
const picturesAtMost = 40;
const rowsAtMost = 1000;
/** Rows that are open at first; a table in a box of its own, to be scrolled within the page, hides most of them. */
const rowsAtFirst = 50;

/** Examples whose labels are in doubt: the label given and the one proposed, side by side. */
export function suspectsSection(context: Context): Section | null {
  const suspects = context.input.suspects ?? [];
  if (suspects.length === 0) return null;
  const shown = suspects.slice(0, picturesAtMost);
  const proposals = proposalsIn(suspects);
  return {
    id: 'suspects',
    title: 'Labels to check',
    body: html`<p>
        The ${formatCount(suspects.length)} examples whose labels most deserve a second look, most suspect first.
        ${proposals > 0 ? `For ${formatCount(proposals)} of them another label is proposed: the one that the model prefers.` : 'No other label is proposed for any of them: nothing was predicted, or the model predicts the labels as given.'}
        Being here is a reason to look, no verdict: hard examples with right labels are among them.
      </p>
      ${score(suspects, context)} ${gallery(shown, context)} ${list(suspects, context)}`,
  };
}

/** How many of them are known to be wrong, where that is known. */
function score(suspects: readonly ReportSuspect[], { flags, flagName, size }: Context): Html | null {
  if (!flags) return null;
  const found = suspects.filter(({ index }) => flags[index] === 1).length;
  const all = flags.reduce((sum, flag) => sum + flag, 0);
  return html`<p class="statement">
    <span
      ><b>${formatPercent(found / suspects.length)}</b> of them are ${flagName}; of a random choice
      ${formatPercent(all / size)}</span
    >
    ${all > 0 && html`<span><b>${formatPercent(found / all)}</b> of all ${formatCount(all)} ${flagName} are among them</span>`}
  </p>`;
}

function gallery(suspects: readonly ReportSuspect[], context: Context): Html | null {
  const { images } = context.input;
  if (!images) return null;
  let markup: Html | null = null;
  for (const quality of thumbnailQualities) {
    const thumbnail = thumbnailsOf(images, quality);
    markup = html`<ol class="gallery suspects">
      ${suspects.map((suspect) => card(suspect, context, thumbnail(suspect.index)))}
    </ol>`;
    if (markup.markup.length < galleryBudget) break;
  }
  return markup;
}

function card(suspect: ReportSuspect, context: Context, { source, width, height }: Thumbnail): Html {
  const { id, given, proposed, truth, flagged } = factsOf(suspect, context);
  const percentile = formatPercentile(suspect.percentile);
  const alternative = [
    `Example ${shorten(id, 60)}`,
    given && `labelled ${given}`,
    proposed && `proposed ${proposed}`,
    truth && `truly ${truth}`,
    flagged && !truth && 'flagged',
    `percentile ${percentile}`,
  ];
  return html`<li${flagged && html` class="flagged"`} title="${suspect.reason}"><figure>
<img src="${source}" width="${width}" height="${height}" alt="${alternative.filter(Boolean).join(', ')}">
<figcaption>${exampleName(context, suspect.index, 'id')} <span class="percentile">${percentile}</span>
${given && html`<div class="line${proposed ? ' given' : ''}">${wholeName(given)}</div>`}
${proposed && html`<div class="line proposed">→ <b>${wholeName(proposed)}</b></div>`}
${truth && html`<div class="line truth">truly ${wholeName(truth)}</div>`}
${flagged && !truth && html`<div class="line truth">flagged</div>`}</figcaption>
</figure></li>`;
}

function list(suspects: readonly ReportSuspect[], context: Context): Html {
  const rows = suspects.slice(0, rowsAtMost);
  const [first, rest] = [rows.slice(0, rowsAtFirst), rows.slice(rowsAtFirst)];
  return html`<details ${!context.input.images && html` open`}>
    <summary>
      ${rows.length < suspects.length ? `The first ${formatCount(rows.length)}` : `All ${formatCount(rows.length)}`},
      with reasons
    </summary>
    ${table(first, context)}
    ${
      rest.length > 0 &&
      html`<details>
        <summary>${formatCount(rest.length)} more</summary>
        ${table(rest, context)}
      </details>`
    }
  </details>`;
}

function table(rows: readonly ReportSuspect[], context: Context): Html {
  const known = context.flags !== null;
  const proposes = proposalsIn(context.input.suspects!) > 0;
  return html`<div class="scroll" role="region" aria-label="Labels to check" tabindex="0">
    <table class="stacked">
      <thead>
        <tr>
          <th scope="col">id</th>
          <th scope="col" class="text">given label</th>
          ${proposes && html`<th scope="col" class="text">proposed</th>`}
          ${known && html`<th scope="col" class="text">known to be</th>`}
          <th scope="col">percentile</th>
          <th scope="col" class="text">why</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((suspect) => {
          const { given, proposed, truth, flagged } = factsOf(suspect, context);
          return html`<tr${flagged && html` class="flagged"`}><th scope="row">${exampleName(context, suspect.index)}</th><td class="text" data-label="given">${given}</td>${proposes && html`<td class="text">${proposed === null ? '–' : html`→ ${proposed}`}</td>`}${known && html`<td class="text${flagged ? ' truth' : ''}" data-label="known to be">${truth ?? (flagged ? context.flagName : '–')}</td>`}<td data-label="percentile">${formatPercentile(suspect.percentile)}</td><td class="text reason">${suspect.reason}</td></tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function proposalsIn(suspects: readonly ReportSuspect[]): number {
  return suspects.filter(({ proposedLabel }) => proposedLabel !== null).length;
}

function factsOf({ index, proposedLabel }: ReportSuspect, { scores, input, flags, classNameOf }: Context) {
  const label = scores.labels?.[index];
  const trueLabel = input.trueLabels?.[index];
  return {
    id: String(scores.ids[index]),
    given: label === undefined ? null : classNameOf(label),
    proposed: proposedLabel === null ? null : classNameOf(proposedLabel),
    truth: trueLabel === undefined || trueLabel === label ? null : classNameOf(trueLabel),
    flagged: flags?.[index] === 1,
  };
}
