import { wordsOf } from '@vogjs/core/plugin';
import { allMetrics } from '@vogjs/metrics';
import { percent } from '../../terminal/percent.js';
import type { Summary } from './summary.js';

/** Issue kinds in words, as they stand behind a number. */
const KINDS: Readonly<Record<string, string>> = {
  label: 'labels are probably wrong',
  outlier: 'outliers',
  duplicate: 'duplicates',
  ambiguous: 'lie between two classes',
  imbalance: 'classes are rare',
  group: 'groups are weak',
  image: 'pictures are bad',
};
const SUSPECTS = 5;
const NOTES = 6;
const NAME_WIDTH = 28;
/** So many times the share that guessing has. */
const LITTLE = 2;

/** The first screen after a run: what was found, and what to do next. */
export function printSummary(summary: Summary): void {
  console.log(
    [
      ...head(summary),
      ...found(summary),
      ...suspects(summary),
      ...hardest(summary),
      ...toKnow(summary),
      '',
      'Next',
      ...nextSteps(summary.run).map(([does, command]) => `  ${does.padEnd(28)}${command}`),
    ].join('\n'),
  );
}

function head({ examples, classes, checkpoints, metrics, backend, accuracy }: Summary): string[] {
  const facts = [
    counted(examples, 'example'),
    ...(classes === null ? [] : [counted(classes, 'class', 'classes')]),
    counted(checkpoints, 'checkpoint'),
    counted(metrics.length, 'metric'),
    ...(backend === null ? [] : [backend]),
  ];
  const lines = ['', facts.join(' · ')];
  if (accuracy === null) return lines;
  const isLittle = classes !== null && accuracy < LITTLE / classes;
  const advice = isLittle ? ' That is little: more --epochs tell more, and what follows is a first guess.' : '';
  return [...lines, `The last checkpoint predicts ${percent(accuracy)} of the labels.${advice}`];
}

function found({ issues }: Summary): string[] {
  if (issues.length === 0) return [];
  const lines = issues.map(
    ({ kind, flagged, examined }) =>
      `  ${number(flagged).padStart(7)} of ${number(examined).padEnd(9)} ${KINDS[kind] ?? kind}`,
  );
  return ['', 'Found', ...lines];
}

function suspects({ labelErrors }: Summary): string[] {
  if (labelErrors.length === 0) return [];
  const lines = labelErrors.slice(0, SUSPECTS).map(({ id, why }) => `  ${nameCell(String(id))}  ${why}`);
  const more = labelErrors.length - SUSPECTS;
  return ['', 'Most suspect labels', ...lines, ...(more > 0 ? [`  and ${number(more)} more`] : [])];
}

function hardest({ primary, hardest: examples }: Summary): string[] {
  if (primary === null || examples.length === 0) return [];
  const lines = examples.map(({ id, path, label, predicted, value }) => {
    const classes = label === null ? '' : `  labelled ${label}, predicted ${predicted ?? 'nothing'}`;
    return `  ${nameCell(path ?? String(id))}  ${value.toPrecision(3).padStart(8)}${classes}`;
  });
  return ['', `Hardest by ${titleOf(primary)}`, ...lines];
}

function toKnow({ notes }: Summary): string[] {
  if (notes.length === 0) return [];
  const more = notes.length - NOTES;
  const rest = more > 0 ? [`  and ${number(more)} more, in run.json`] : [];
  return ['', 'To know', ...notes.slice(0, NOTES).map((note) => `  ${note}`), ...rest];
}

/** `Variance of Gradients (VoG)` for `vog`. */
function titleOf(column: string): string {
  const [metric = '', output] = column.split('@')[0]?.split('.') ?? [];
  const words = allMetrics.find(({ definition }) => definition.name === metric)?.definition.words;
  return wordsOf(words, output)?.title ?? column;
}

function nextSteps(run: string): [string, string][] {
  const folder = /^[\w./\\:-]+$/.test(run) ? run : `'${run}'`;
  return [
    ['Look at it in a browser', `npx vogjs report ${folder}`],
    ['Take the table elsewhere', `npx vogjs export ${folder} --to csv --out scores.csv`],
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

/** The end of a long name tells files apart. */
function nameCell(text: string): string {
  return (text.length <= NAME_WIDTH ? text : `…${text.slice(1 - NAME_WIDTH)}`).padEnd(NAME_WIDTH);
}
