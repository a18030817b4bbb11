import { galleryBudget } from './gallery.js';
import type { Context, Section } from './context.js';
import { formatCount, formatPercent, formatPercentile, shorten } from './format.js';
import { html, type Html } from './html.js';
import type { ReportSuspect } from './input.js';
import { thumbnailQualities, thumbnailsOf, type Thumbnail } from './thumbnail.js';

/** Suspects shown as pictures, and rows of the table; what is beyond is counted. */
const picturesAtMost = 40;
const rowsAtMost = 1000;

/** Examples whose labels are in doubt: the label given and the one proposed, side by side. */
export function suspectsSection(context: Context): Section | null {
  const suspects = context.input.suspects ?? [];
  if (suspects.length === 0) return null;
  const shown = suspects.slice(0, picturesAtMost);
  const proposals = suspects.filter(({ proposedLabel }) => proposedLabel !== null).length;
  return {
    id: 'suspects',
    title: 'Labels to check',
    body: html`<p>
        The ${formatCount(suspects.length)} examples whose labels most deserve a second look, most suspect first.
        ${proposals > 0 && `For ${formatCount(proposals)} of them another label is proposed: the one that the model prefers.`}
        Being here is a reason to look, no verdict: hard examples with right labels are among them.
      </p>
      ${score(suspects, context)} ${gallery(shown, context)} ${table(suspects, context)}`,
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
<figcaption><span class="id">${shorten(id, 14)}</span> <span class="percentile">${percentile}</span>
${given && html`<span class="line given">${shorten(given, 28)}</span>`}
<span class="line proposed">${proposed ? html`→ <b>${shorten(proposed, 28)}</b>` : 'nothing proposed'}</span>
${truth && html`<span class="line truth">truly ${shorten(truth, 28)}</span>`}
${flagged && !truth && html`<span class="line truth">flagged</span>`}</figcaption>
</figure></li>`;
}

function table(suspects: readonly ReportSuspect[], context: Context): Html {
  const rows = suspects.slice(0, rowsAtMost);
  const known = context.flags !== null;
  return html`<details ${!context.input.images && html` open`}>
    <summary>
      ${rows.length < suspects.length ? `The first ${formatCount(rows.length)}` : `All ${formatCount(rows.length)}`},
      with reasons
    </summary>
    <div class="scroll tall" role="region" aria-label="Labels to check" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">id</th>
            <th scope="col" class="text">given label</th>
            <th scope="col" class="text">proposed</th>
            ${known && html`<th scope="col" class="text">known to be</th>`}
            <th scope="col">percentile</th>
            <th scope="col" class="text">why</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((suspect) => {
            const { id, given, proposed, truth, flagged } = factsOf(suspect, context);
            return html`<tr${flagged && html` class="flagged"`}><th scope="row" title="${id}">${shorten(id, 40)}</th><td class="text">${given}</td><td class="text">${proposed ?? '–'}</td>${known && html`<td class="text${flagged ? ' truth' : ''}">${truth ?? (flagged ? context.flagName : '–')}</td>`}<td>${formatPercentile(suspect.percentile)}</td><td class="text reason">${suspect.reason}</td></tr>`;
          })}
        </tbody>
      </table>
    </div>
  </details>`;
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
