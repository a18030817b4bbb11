import { capitalise } from '../markup/format.js';
import { html, type Html } from '../markup/html.js';
import type { Section } from '../page/section.js';
import { tabGroup } from '../page/tabs.js';
import type { Context } from './context.js';
import { galleriesOf, galleryBudget } from './galleries/gallery.js';
import type { NamedMetric } from './metric-set.js';
import { classSection } from './sections/class-scatter.js';
import { errorSection } from './sections/error-chart.js';
import { figuresSection } from './sections/figures.js';
import { histogramSection } from './sections/histogram.js';

/** Bytes that the galleries of all tabs but the first may take together. */
const otherGalleries = 2_000_000;

/** All that belongs to one metric alone, in the order of reading. */
export function sectionsOf(context: Context, budget = galleryBudget): Section[] {
  const { hardest, rest } = galleriesOf(context, budget);
  return [
    figuresSection(context),
    hardest,
    histogramSection(context),
    errorSection(context),
    classSection(context),
    ...rest,
  ].filter((section): section is Section => section !== null);
}

/** A tab for each metric. */
export function metricTabs(metrics: readonly NamedMetric[]): { section: Section; shown: ReadonlySet<string> } {
  const budget = Math.min(galleryBudget, otherGalleries / Math.max(1, metrics.length - 1));
  const panels = metrics.map(({ context }, index) => sectionsOf(context, index === 0 ? galleryBudget : budget));
  const tabs = metrics.map(({ name, context }, index) => ({ name, body: panel(context, panels[index]!, index) }));
  return {
    section: { id: 'metrics', title: 'Metric by metric', body: tabGroup('', 'Metric', tabs) },
    shown: new Set(panels.flatMap((sections) => sections.map(({ id }) => id))),
  };
}

function panel({ metric, scores, ranking, size }: Context, sections: readonly Section[], index: number): Html {
  const missing = size - ranking.length;
  const notices = [
    ranking.length === 0 && `No scores yet: this metric needs more than ${scores.checkpoints} checkpoints.`,
    ranking.length > 0 && missing > 0 && `${missing} of ${size} examples have no score here and are left out.`,
    ...(index === 0 ? [] : scores.notes),
  ].filter((notice) => typeof notice === 'string');
  return html`<h3>${metric.title}</h3>
    <p>${capitalise(metric.meaning)}. <b>${capitalise(scores.hardDirection)} = hard.</b></p>
    ${notices.map((notice) => html`<p class="notice">${notice}</p>`)}
    ${sections.map(
      ({ title, body }) =>
        html`<div class="part">
          <h4>${title}</h4>
          ${body}
        </div>`,
    )}`;
}
