import type { Interval } from '@vogjs/statistics';
import type { CopyRow } from './copies.js';
import type { FaultRow } from './faults.js';
import type { LabelComparison } from './labels.js';
import type { OutlierComparison } from './outliers.js';

const digits = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(3));
const interval = (value: Interval | number): string => {
  if (typeof value === 'number') return digits(value);
  const { estimate, low, high } = value;
  return `${digits(estimate)} [${digits(low)}, ${digits(high)}]`;
};
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

export function labelTable({ rows, difference, errors, counts }: LabelComparison): string {
  const body = rows.map(({ name, auroc, averagePrecision, precision, flagged }) => [
    name,
    interval(auroc),
    interval(averagePrecision),
    interval(precision),
    ...(flagged ? [String(flagged.count), digits(flagged.precision), digits(flagged.recall)] : ['', '', '']),
  ]);
  const less = [
    'VoG.js less Datalab',
    ...[difference.auroc, difference.averagePrecision, difference.precision].map(interval),
    '',
    '',
    '',
  ];
  const head = ['', 'AUROC', 'average precision', 'precision at the errors', 'flagged', 'precision', 'recall'];
  const estimates = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return `${table(head, [...body, less])}\n\n${errors} errors; estimated: ${estimates.join(', ')}.`;
}

export function copyTable(rows: readonly CopyRow[]): string {
  const kinds = Object.keys(rows[0]!.recall);
  return table(
    ['share found, of copies that are', ...kinds, 'other examples', 'seconds'],
    rows.map(({ name, recall, others, seconds }) => [
      name,
      ...kinds.map((kind) => recall[kind]!.toFixed(2)),
      String(others),
      seconds.toFixed(1),
    ]),
  );
}

export function faultTable(rows: readonly FaultRow[]): string {
  const cells = ({ auroc, precision, recall }: FaultRow['ours']): string[] => [auroc, precision, recall].map(digits);
  return table(
    ['fault', 'AUROC: VoG.js', 'precision', 'recall', 'AUROC: cleanvision', 'precision', 'recall'],
    rows.map(({ fault, ours, theirs }) => [fault, ...cells(ours), ...cells(theirs)]),
  );
}

export function outlierTable({ first, second, difference, ours, theirs }: OutlierComparison): string {
  const quality = ({ count, precision, recall }: OutlierComparison['ours']): string[] => [
    String(count),
    digits(precision),
    digits(recall),
  ];
  return table(
    ['', 'AUROC', 'average precision', 'flagged', 'precision', 'recall'],
    [
      ['**VoG.js**', interval(first.auroc), interval(first.averagePrecision), ...quality(ours)],
      ['Datalab', interval(second.auroc), interval(second.averagePrecision), ...quality(theirs)],
      ['VoG.js less Datalab', interval(difference.auroc), interval(difference.averagePrecision), '', '', ''],
    ],
  );
}
