import { refuseUnknownKeys, VogError } from '@vogjs/core';
import { checkClasses, checkLengths, checkTitle, requireObject, shown } from './checks.js';
import { checkPixelImages } from '@vogjs/formats/images';
import { checkIssues, checkLinks } from './issues.js';
import type { ReportInput } from './report.js';
import { checkScores, namedScores, type ReportScores } from './scores.js';

const inputNames = [
  'title',
  'scores',
  'windows',
  'metrics',
  'dataMap',
  'suspects',
  'ood',
  'trueLabels',
  'predictions',
  'flagged',
  'classNames',
  'images',
  'links',
  'issues',
  'figures',
  'facts',
  'metric',
  'gallerySize',
  'classGallerySize',
] as const satisfies readonly (keyof ReportInput)[];

/**
 * Refuses what no page can be made of.
 *
 * @throws VogError ARGUMENT_INVALID (what is missing, unknown or of another kind), PROBE_EMPTY, PROBE_MISMATCH (lengths),
 * LABEL_INVALID (what is not a class index), INPUT_SHAPE (images)
 */
export function checkInput(input: ReportInput): void {
  refuseUnknownKeys('renderReport', input, inputNames);
  checkTitle('renderReport', input.title);
  checkScores('scores', input.scores);
  const size = input.scores.values.length;
  if (size === 0) throw new VogError('PROBE_EMPTY', 'The scores hold no example; a report is about at least one.');
  const all = Object.entries({
    ...namedScores('windows', input.windows),
    ...namedScores('metrics', input.metrics),
    ...namedScores('dataMap', input.dataMap),
  });
  for (const [name, scores] of all) checkScores(name, scores);
  if (input.flagged !== undefined) {
    requireObject('flagged', input.flagged, '{ flags, name }');
    refuseUnknownKeys('flagged', input.flagged, ['flags', 'name']);
    checkFlags(input.flagged);
  }
  for (const name of input.dataMap === undefined ? [] : (['confidence', 'variability', 'correctness'] as const)) {
    checkScores(`dataMap.${name}`, input.dataMap?.[name] as ReportScores);
  }
  checkLengths(size, {
    'scores.ids': input.scores.ids,
    'scores.labels': input.scores.labels,
    trueLabels: input.trueLabels,
    predictions: input.predictions,
    'flagged.flags': input.flagged?.flags,
    links: input.links,
    ...Object.fromEntries(all.map(([name, { values }]) => [name, values])),
  });
  const classes = {
    'scores.labels': input.scores.labels,
    trueLabels: input.trueLabels,
    predictions: input.predictions,
  };
  for (const [name, labels] of Object.entries(classes)) if (labels) checkClasses(name, labels);
  for (const name of ['gallerySize', 'classGallerySize'] as const) {
    const count = input[name];
    if (count === undefined || (Number.isInteger(count) && count >= 0)) continue;
    throw new VogError('ARGUMENT_INVALID', `${name} is ${count}; it must be a whole number, 0 for no gallery.`);
  }
  checkLists(input);
  checkSuspects(input.suspects ?? [], size);
  checkIssues(input.issues ?? [], size);
  if (input.links !== undefined) checkLinks(input.links);
  if (input.images !== undefined) checkPixelImages('images', input.images, size);
}

function checkFlags({ flags, name }: NonNullable<ReportInput['flagged']>): void {
  if (typeof name !== 'string') {
    throw new VogError(
      'ARGUMENT_INVALID',
      `flagged.name is ${shown(name)}; say what the flagged examples are, a plural.`,
    );
  }
  const known: readonly unknown[] = [true, false, 1, 0];
  const isList = typeof flags === 'object' && flags !== null && 'length' in flags;
  if (isList && Array.from(flags).every((flag) => known.includes(flag))) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    'flagged.flags must be a list of true and false, or 1 and 0, one per example.',
  );
}

function checkLists({ classNames, figures, facts, suspects, issues, metric }: ReportInput): void {
  for (const [name, list] of Object.entries({ classNames, figures, facts, suspects, issues })) {
    if (list === undefined || (Array.isArray(list) && list.every((entry) => entry !== null && entry !== undefined)))
      continue;
    throw new VogError('ARGUMENT_INVALID', `${name} is ${shown(list)}; it must be a list.`);
  }
  if (metric === undefined || (typeof metric?.title === 'string' && typeof metric.meaning === 'string')) return;
  throw new VogError('ARGUMENT_INVALID', `metric is ${shown(metric)}; it must be { title, meaning }, two strings.`);
}

function checkSuspects(suspects: NonNullable<ReportInput['suspects']>, size: number): void {
  for (const [row, { index, proposedLabel, percentile }] of suspects.entries()) {
    if (!(Number.isInteger(index) && index >= 0 && index < size)) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `suspects[${row}].index is ${shown(index)}; it must be the position of an example, 0 to ${size - 1}.`,
      );
    }
    const isProposal = proposedLabel === null || (Number.isSafeInteger(proposedLabel) && proposedLabel >= 0);
    if (isProposal && typeof percentile === 'number') continue;
    throw new VogError(
      'ARGUMENT_INVALID',
      `suspects[${row}] needs a proposedLabel, a class index or null, and a percentile; detectLabelErrors gives them.`,
    );
  }
}
