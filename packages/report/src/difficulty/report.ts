import type { ReportInput } from '../input/report.js';
import { oodSections } from '../ood/section.js';
import { pageOf } from '../page/page.js';
import type { Section } from '../page/section.js';
import { tabRules } from '../page/tabs.js';
import { type Context, contextOf } from './context.js';
import { factsSection } from './facts.js';
import { headline } from './headline.js';
import { metricsOf, type NamedMetric } from './metric-set.js';
import { metricTabs, sectionsOf } from './metric-tabs.js';
import { readingSection } from './reading.js';
import { agreementSection } from './sections/agreement.js';
import { comparisonSection } from './sections/comparison.js';
import { dataMapSection } from './sections/data-map.js';
import { figuresSection } from './sections/figures.js';
import { issueSections } from './sections/issues.js';
import { suspectsSection } from './sections/suspects.js';

/**
 * One self-contained HTML page about the difficulty of examples: no script, no request to anywhere. Under 1 MB for
 * 10,000 examples and one metric, under 5 MB with fifteen. It follows the reader's light or dark preference, fits a
 * phone, and prints.
 *
 * A section whose data is missing is left out: no predictions, no error chart; no images, tables in place of galleries.
 * With `metrics`, the page compares them and has a tab for each. With `ood`, each out-of-distribution set has a section, with
 * a tab for each detector; a page of those alone is `renderOodReport`.
 *
 * @returns the whole file, UTF-8
 * @throws VogError PROBE_MISMATCH (lengths that differ), INPUT_SHAPE (images), ARGUMENT_INVALID
 */
export function renderReport(input: ReportInput): string {
  const context = contextOf(input);
  const metrics = metricsOf(context);
  const { sections, shown } = metrics.length === 0 ? single(context) : several(context, metrics);
  const ood = oodSections(input.ood);
  sections.push(...ood.sections, readingSection(context, new Set([...shown, ...ood.sections.map(({ id }) => id)])));
  sections.push(factsSection(context));
  const rules = (metrics.length > 0 ? tabRules(metrics.length) : '') + ood.rules;
  return pageOf(input.title, headline(context, metrics.length), sections, rules);
}

interface Body {
  readonly sections: Section[];
  /** Ids of what is shown, in tabs too: only that gets explained. */
  readonly shown: ReadonlySet<string>;
}

/** The page of one metric: its own sections, with what is known of the run between them. */
function single(context: Context): Body {
  const [first, ...rest] = sectionsOf(context);
  const [found, ...issues] = issueSections(context);
  const extra = present([found ?? null, suspectsSection(context), ...issues, dataMapSection(context)]);
  // Key figures stay on top, where there are any.
  const sections =
    first?.id === 'figures' ? [first, ...extra, ...rest] : [...extra, ...(first ? [first] : []), ...rest];
  return { sections, shown: new Set(sections.map(({ id }) => id)) };
}

/** The page of several metrics: what concerns them all, then a tab for each. */
function several(context: Context, metrics: readonly NamedMetric[]): Body {
  const { section, shown } = metricTabs(metrics);
  const [found, ...issues] = issueSections(context);
  const sections = present([
    // Each metric's own figures stand in the comparison and in its tab.
    context.input.figures?.length ? figuresSection({ ...context, flags: null, errors: null }) : null,
    found ?? null,
    comparisonSection(metrics),
    suspectsSection(context),
    ...issues,
    dataMapSection(context),
    agreementSection(metrics),
    section,
  ]);
  return { sections, shown: new Set([...shown, ...sections.map(({ id }) => id)]) };
}

function present(sections: readonly (Section | null)[]): Section[] {
  return sections.filter((section): section is Section => section !== null);
}
