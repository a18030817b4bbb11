import { formatP, number, signed, table, text } from '@vogjs/example-shared';
import { direction } from '../d-flip/program.js';
import type { ClassResult, ReadingResult, ReadingsResult } from './analysis.js';
import { READ_TITLES } from './reading-metric.js';

const FORMS = { none: 'raw', class: 'class-normalised' } as const;

/** The tables of one run, as Markdown. */
export function readingsMarkdown({ images, error, readings, classes }: ReadingsResult, title: string): string {
  return [
    `### ${title}`,
    `${images} test images, error of the last checkpoint ${error.toFixed(1)} %.`,
    readingTable(readings),
    classTable(classes),
  ].join('\n\n');
}

function readingTable(readings: readonly ReadingResult[]): string {
  const rows = readings.map(({ read, target, window, normalise, deciles, slope, agreement }) => [
    READ_TITLES[read],
    target,
    window,
    FORMS[normalise],
    deciles.map((share) => share.toFixed(1)).join(' '),
    `${signed(slope.estimate, 1)} [${signed(slope.low, 1)}, ${signed(slope.high, 1)}]`,
    direction(slope),
    signed(agreement.el2n),
    signed(agreement.meanLoss),
    signed(agreement.aum),
  ]);
  return table(
    [
      text('gradient of'),
      text('label'),
      text('window'),
      text('form'),
      text('error in % by tenth, lowest score first'),
      number('slope [95 %]'),
      text('error'),
      number('EL2N'),
      number('mean loss'),
      number('AUM'),
    ],
    rows,
  );
}

function classTable(classes: readonly ClassResult[]): string {
  const rows = classes.map(({ read, target, window, forms }) => [
    READ_TITLES[read],
    target,
    window,
    ...[forms.datasetAbsolute, forms.classAbsolute, forms.dataset].map(
      (form) => `${signed(form.r)} (${formatP(form)})`,
    ),
  ]);
  return table(
    [
      text('gradient of'),
      text('label'),
      text('window'),
      number('abs z over all: r (p)'),
      number('abs z in the class: r (p)'),
      number('z over all: r (p)'),
    ],
    rows,
  );
}
