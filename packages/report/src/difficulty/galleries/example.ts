import { formatNumber, formatPercentile, shorten } from '../../markup/format.js';
import { html, type Html } from '../../markup/html.js';
import { wholeName } from '../../markup/whole-name.js';
import type { Thumbnail } from '../../pictures/thumbnail.js';
import type { Context } from '../context.js';
import { exampleName } from '../example-name.js';

/** What is said of one example wherever it is shown. */
interface Facts {
  readonly id: string;
  readonly given: string | null;
  /** The true class where it is known to be another one. */
  readonly truly: string | null;
  readonly predicted: string | null;
  /** Does the prediction differ from the given label? */
  readonly wrong: boolean;
  readonly flagged: boolean;
  readonly percentile: string;
}

function factsOf(example: number, context: Context): Facts {
  const { scores, input, flags, errors, classNameOf, percentiles } = context;
  const label = scores.labels?.[example];
  const trueLabel = input.trueLabels?.[example];
  const prediction = input.predictions?.[example];
  return {
    id: String(scores.ids[example]),
    given: label === undefined ? null : classNameOf(label),
    truly: trueLabel === undefined || trueLabel === label ? null : classNameOf(trueLabel),
    predicted: prediction === undefined ? null : classNameOf(prediction),
    wrong: errors?.[example] === 1,
    flagged: flags?.[example] === 1,
    percentile: formatPercentile(percentiles[example]!),
  };
}

/** The example as a picture with a caption. The picture's text alternative says all that the caption does. */
export function pictureOf(example: number, context: Context, { source, width, height }: Thumbnail): Html {
  const facts = factsOf(example, context);
  const alternative = [
    `Example ${shorten(facts.id, 60)}`,
    facts.given && `labelled ${facts.given}`,
    facts.truly && `truly ${facts.truly}`,
    facts.flagged && !facts.truly && 'flagged',
    facts.predicted && `predicted ${facts.predicted}`,
    `percentile ${facts.percentile}`,
  ];
  return html`<li${facts.flagged && html` class="flagged"`}><figure>
<img src="${source}" width="${width}" height="${height}" alt="${alternative.filter(Boolean).join(', ')}">
<figcaption>${exampleName(context, example, 'id')} <span class="percentile" title="percentile of difficulty, 100 = hardest">${facts.percentile}</span>
${facts.given && html`<div class="line"><b>${wholeName(facts.given)}</b></div>`}
${facts.truly && html`<div class="line truth">truly ${wholeName(facts.truly)}</div>`}
${facts.flagged && !facts.truly && html`<div class="line truth">flagged</div>`}
${facts.predicted && html`<div class="line${facts.wrong ? ' wrong' : ''}">predicted ${facts.wrong ? wholeName(facts.predicted) : 'so'}</div>`}</figcaption>
</figure></li>`;
}

const numeric: ReadonlySet<string> = new Set(['percentile', 'score']);

/** Examples that are not pictures, as rows. */
export function tableOf(examples: readonly number[], context: Context): Html {
  const { scores, input } = context;
  const columns = [
    'id',
    scores.labels && 'given label',
    input.trueLabels && 'true label',
    input.predictions && 'prediction',
    'percentile',
    'score',
  ].filter((name) => typeof name === 'string');
  return html`<div class="scroll" role="region" aria-label="Examples" tabindex="0">
    <table class="stacked">
      <thead>
        <tr>
          ${columns.map((name) => html`<th scope="col" ${!numeric.has(name) && html` class="text"`}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${examples.map((example) => {
          const { given, truly, predicted, wrong, flagged, percentile } = factsOf(example, context);
          return html`<tr${flagged && html` class="flagged"`}><th scope="row">${exampleName(context, example)}</th>${given !== null && html`<td class="text" data-label="given">${given}</td>`}${input.trueLabels && html`<td class="text${truly === null ? '' : ' truth'}" data-label="true">${truly ?? 'the same'}</td>`}${predicted !== null && html`<td class="text${wrong ? ' wrong' : ''}" data-label="predicted">${predicted}</td>`}<td data-label="percentile">${percentile}</td><td data-label="score">${formatNumber(scores.values[example]!)}</td></tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
