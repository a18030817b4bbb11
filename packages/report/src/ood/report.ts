import { refuseUnknownKeys, VogError } from '@vogjs/core';
import { checkTitle, requireObject } from '../input/checks.js';
import type { ReportOod } from '../input/ood.js';
import type { RunFact } from '../input/report.js';
import { definitions } from '../markup/definitions.js';
import { formatCount } from '../markup/format.js';
import { html, type Html } from '../markup/html.js';
import { pageOf } from '../page/page.js';
import { oodReading } from './reading.js';
import { oodSections } from './section.js';

/** What `renderOodReport` draws. */
export interface OodReportInput {
  readonly title: string;
  readonly ood: ReportOod | readonly ReportOod[];
  readonly facts?: readonly RunFact[] | undefined;
}

/**
 * One self-contained HTML page about out-of-distribution detection alone: the sections that `renderReport` draws of `ood`,
 * without scores of difficulty around them. No script, no request to anywhere.
 *
 * @returns the whole file, UTF-8
 * @throws VogError as `evaluateOod` and `compareOod`; PROBE_MISMATCH (lengths), INPUT_SHAPE (images), ARGUMENT_INVALID
 */
export function renderOodReport(input: OodReportInput): string {
  refuseUnknownKeys('renderOodReport', input, ['title', 'ood', 'facts']);
  const { title, ood, facts = [] } = input;
  checkTitle('renderOodReport', title);
  requireObject('ood', Array.isArray(ood) ? {} : ood, 'a set against the in-distribution one, or a list of them');
  if (!Array.isArray(facts)) throw new VogError('ARGUMENT_INVALID', 'facts must be a list of { label, value }.');
  const { sections, rules } = oodSections(ood);
  sections.push({ id: 'reading', title: 'How to read this', body: definitions('reading', oodReading) });
  if (facts.length > 0) {
    const entries = facts.map(({ label, value }): [string, string] => [label, String(value)]);
    sections.push({ id: 'run', title: 'The run', body: definitions('facts', entries) });
  }
  return pageOf(title, header(title, ood), sections, rules);
}

function header(title: string, ood: OodReportInput['ood']): Html {
  const sets = [ood].flat();
  const detectors = new Set(sets.flatMap((set) => Object.keys(set.detectors))).size;
  return html`<header>
    <p class="kicker">VoG.js out-of-distribution report</p>
    <h1>${title}</h1>
    <p class="lead">Does the model know what it does not know?</p>
    <ul class="badges">
      <li>${formatCount(detectors)} ${detectors === 1 ? 'detector' : 'detectors'}</li>
      <li>${formatCount(sets.length)} out-of-distribution ${sets.length === 1 ? 'set' : 'sets'}</li>
    </ul>
  </header>`;
}
