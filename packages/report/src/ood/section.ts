import { compareOod } from '@vogjs/ood';
import { checkOod, type ReportOod } from '../input/ood.js';
import { formatCount, formatFixed, formatPercent } from '../markup/format.js';
import { html, type Html } from '../markup/html.js';
import type { Section } from '../page/section.js';
import { tabGroup, tabRules } from '../page/tabs.js';
import { thumbnailQualities, thumbnailsOf } from '../pictures/thumbnail.js';
import { curvePanels } from './curves.js';
import { type ShownDetector, valuesOf } from './detector.js';
import { scoreHistogram } from './histogram.js';
import { mistakeGalleries, type SideThumbnails } from './mistakes.js';
import { quarterChart } from './quarters.js';
import { detectorTable } from './table.js';

/** Bytes that the pictures of all detectors of one set may take together. */
const pictureBudget = 1_000_000;

/** A section for each out-of-distribution set, and the rules that their tabs need. */
export function oodSections(ood: ReportOod | readonly ReportOod[] | undefined): { sections: Section[]; rules: string } {
  const sets: readonly ReportOod[] = ood === undefined ? [] : [ood].flat();
  for (const set of sets) checkOod(set);
  const idOf = (index: number): string => (index === 0 ? 'ood' : `ood-${index + 1}`);
  return {
    sections: sets.map((set, index) => oodSection(set, idOf(index))),
    rules: sets.map(({ detectors }, index) => tabRules(Object.keys(detectors).length, `${idOf(index)}-`)).join(''),
  };
}

/** One out-of-distribution set: the detectors side by side, then a tab for each. */
function oodSection(ood: ReportOod, id: string): Section {
  const { reference, detectors } = detectorsOf(ood);
  const { counts, base, interpolation, preset, positive } = detectors[0]!.evaluation;
  const areas = {
    'average-precision': 'Areas under precision and recall are average precision',
    trapezoid: 'Areas under precision and recall are taken by trapezoids',
    balanced: 'Areas under precision and recall are at a 50/50 prior',
  }[interpolation];
  const panels = panelsOf(detectors, ood);
  return {
    id,
    title: `Out of distribution: ${ood.out.name}`,
    body: html`<p>
        Can ${formatCount(counts.in)} examples of <b>${ood.in.name}</b>, which the model was made for, be told from
        ${formatCount(counts.out)} of <b>${ood.out.name}</b>, which it was not?
        ${formatPercent(counts.in / (counts.in + counts.out))} of all are in-distribution. Each detector points the way
        that it declares, and none was turned round after looking. ± is half of the 95 % interval over examples, from
        bootstrap resamples of both sides, the same for every detector; another training run would move the numbers too.
      </p>
      <p class="note">
        ${areas} (chance ${formatFixed(base.auprIn, 3)} and ${formatFixed(base.auprOut, 3)}); tied scores cross a
        threshold together; the false positive rate takes
        ${positive === 'in' ? 'in-distribution' : 'out-of-distribution'} as
        positive.${preset && ` These are the conventions '${preset}'.`}
      </p>
      ${detectorTable(detectors, reference, id, ood.out.name)}
      ${
        panels.length === 1
          ? panels[0]
          : tabGroup(
              `${id}-`,
              'Detector',
              detectors.map(({ name }, index) => ({
                name,
                body: html`<h3>${name}</h3>
                  ${panels[index]}`,
              })),
            )
      }`,
  };
}

function detectorsOf(ood: ReportOod): { reference: string; detectors: ShownDetector[] } {
  const size = Math.max(
    ...Object.values(ood.detectors).map((pair) => valuesOf(pair.in).length + valuesOf(pair.out).length),
  );
  // A standard error settles long before quantiles do.
  const resamples = Math.round(Math.min(1000, Math.max(100, 2e6 / size)));
  const { reference, options } = ood;
  const compared = compareOod(ood.detectors, {
    ...options,
    resamples,
    ...(reference === undefined ? {} : { reference }),
  });
  const detectors = Object.entries(ood.detectors).map(([name, pair]) => ({
    name,
    pair,
    evaluation: compared.detectors[name]!.evaluation,
    compared: compared.detectors[name]!,
    in: valuesOf(pair.in),
    out: valuesOf(pair.out),
  }));
  return { reference: compared.reference, detectors };
}

/** In the best quality of pictures that the budget has room for. */
function panelsOf(detectors: readonly ShownDetector[], ood: ReportOod): Html[] {
  let galleries: (Html | null)[] = [];
  for (const quality of thumbnailQualities) {
    const of = (side: 'in' | 'out') => {
      const { images } = ood[side];
      return images && ood.gallerySize !== 0 ? thumbnailsOf(images, quality) : null;
    };
    const thumbnails: SideThumbnails = { in: of('in'), out: of('out') };
    galleries = detectors.map((detector) =>
      mistakeGalleries(detector, ood, thumbnails, detectors.length === 1 ? 4 : 5),
    );
    if (galleries.reduce((bytes, gallery) => bytes + (gallery?.markup.length ?? 0), 0) <= pictureBudget) break;
  }
  const level = detectors.length === 1 ? 3 : 4;
  return detectors.map((detector, index) => {
    const parts: [title: string, body: Html | null][] = [
      ['How the scores are spread', scoreHistogram(detector, ood)],
      ['Curves', curvePanels(detector, ood)],
      ['Where the OoD examples rank', quarters(detector, ood)],
      ['The most confident mistakes', galleries[index]!],
    ];
    return html`${detector.evaluation.warnings.map(({ message }) => html`<p class="notice">${message}</p>`)}
    ${parts.map(
      ([title, body]) =>
        body &&
        html`<div class="part">
          <h${level}>${title}</h${level}>
          ${body}
        </div>`,
    )}`;
  });
}

function quarters(detector: ShownDetector, ood: ReportOod): Html {
  return html`<p>
      All examples in four equal groups by their score; the dashed line is where a detector that knows nothing would put
      every bar. The test is exact (hypergeometric): how likely is such a count, were ${ood.out.name} spread at random?
    </p>
    ${quarterChart(detector, ood)}`;
}
