import type { ReportOod, ReportOodSide } from '../input/ood.js';
import { formatCount, formatNumber, formatPercent, formatPercentile, shorten } from '../markup/format.js';
import { heading, html, type Html } from '../markup/html.js';
import { wholeName } from '../markup/whole-name.js';
import { pixelNote } from '../pictures/pixel-note.js';
import type { Thumbnail } from '../pictures/thumbnail.js';
import { letsIn, percentileOf, type ShownDetector, thresholdInWords } from './detector.js';

/** Makes the thumbnail of an example of a side. */
export type SideThumbnails = Record<'in' | 'out', ((example: number) => Thumbnail) | null>;

interface Mistake {
  readonly example: number;
  readonly score: number;
}

/** In-distribution examples that the threshold keeps out, and OoD ones that it lets in, the most confident first. */
function mistakesOf(detector: ShownDetector, side: 'in' | 'out'): Mistake[] {
  const { evaluation } = detector;
  const towardsOut = evaluation.oodDirection === 'low' ? -1 : 1;
  const worst = side === 'in' ? towardsOut : -towardsOut;
  return Array.from(detector[side], (score, example) => ({ example, score }))
    .filter(({ score }) => letsIn(evaluation, score) === (side === 'out'))
    .sort((first, second) =>
      first.score === second.score ? first.example - second.example : first.score > second.score ? -worst : worst,
    );
}

/** The most confident mistakes of both sides as pictures; null where neither side has pictures. */
export function mistakeGalleries(
  detector: ShownDetector,
  ood: ReportOod,
  thumbnails: SideThumbnails,
  level: number,
): Html | null {
  if (thumbnails.in === null && thumbnails.out === null) return null;
  const percentile = percentileOf(detector);
  const gallery = (side: 'in' | 'out'): Html | null => {
    const thumbnail = thumbnails[side];
    if (thumbnail === null) return null;
    const mistakes = mistakesOf(detector, side);
    const total = detector[side].length;
    const shown = mistakes.slice(0, ood.gallerySize ?? 12);
    const { name } = ood[side];
    const verdict = side === 'in' ? 'called out-of-distribution' : 'let in';
    return html`${heading(level, `${name}, ${verdict}`)}
      <p>
        ${formatCount(mistakes.length)} of ${formatCount(total)} (${formatPercent(mistakes.length / total)}) are
        ${verdict}${below(shown.length, mistakes.length)}.
      </p>
      ${
        shown.length > 0 &&
        html`<ol class="gallery">
          ${shown.map((mistake) => picture(mistake, ood[side], ood, thumbnail(mistake.example), percentile(mistake.score)))}
        </ol>`
      }`;
  };
  return html`<p>
      By ${thresholdInWords(detector, ood)}, ${formatNumber(detector.evaluation.thresholds.atTpr)}. The number at each
      picture is its percentile among both sets, 100 = most out-of-distribution.
      ${[...new Set([pixelNote(ood.in.images), pixelNote(ood.out.images)])].filter(Boolean).join(' ')}
    </p>
    ${gallery('in')} ${gallery('out')}`;
}

function below(shown: number, all: number): string {
  if (shown === 0) return '';
  return shown === all ? ', the most confident first' : `; below, the ${formatCount(shown)} most confident`;
}

function picture(
  { example, score }: Mistake,
  side: ReportOodSide,
  { classNames }: ReportOod,
  { source, width, height }: Thumbnail,
  percentile: number,
): Html {
  const nameOf = (label: number | undefined) =>
    label === undefined ? null : (classNames?.[label] ?? `class ${label}`);
  const id = String(side.ids?.[example] ?? example);
  const [label, predicted] = [nameOf(side.labels?.[example]), nameOf(side.predictions?.[example])];
  const alternative = [
    `${side.name}, example ${shorten(id, 60)}`,
    label && `labelled ${label}`,
    predicted && `predicted ${predicted}`,
    `score ${formatNumber(score)}`,
    `percentile ${formatPercentile(percentile)}`,
  ];
  return html`<li>
    <figure>
      <img src="${source}" width="${width}" height="${height}" alt="${alternative.filter(Boolean).join(', ')}" />
      <figcaption>
        ${wholeName(id, 'id')}
        <span class="percentile" title="percentile, 100 = most out-of-distribution"
          >${formatPercentile(percentile)}</span
        >
        ${label && html`<div class="line"><b>${wholeName(label)}</b></div>`}
        ${predicted && html`<div class="line">predicted ${predicted === label ? 'so' : wholeName(predicted)}</div>`}
        <div class="line">score ${formatNumber(score)}</div>
      </figcaption>
    </figure>
  </li>`;
}
