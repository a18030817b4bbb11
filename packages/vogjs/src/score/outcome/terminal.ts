import { wordsOf } from '@vogjs/core/plugin';
import { allMetrics } from '@vogjs/metrics';
import { percent } from '../../terminal/percent.js';
import { COLUMNS, cut, nameCell, wrapped } from './fit.js';
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
/** Where nothing of a kind was found. */
const NONE: Readonly<Record<string, string>> = {
  label: 'wrong label',
  outlier: 'outlier',
  duplicate: 'duplicate',
  ambiguous: 'example between two classes',
  imbalance: 'rare class',
  group: 'weak group',
  image: 'bad picture',
};
const SUSPECTS = 3;
const HARDEST = 3;
const NOTES = 2;
const SETS = 2;
const BEST = 3;
const NAME_WIDTH = 28;
/** So much of the end of a name is shown, whatever stands beside it. */
const LEAST_NAME = 12;
/** So many times the share that guessing has. */
const LITTLE = 2;

/** The first screen after a run, of 80 columns and 24 rows: what was found, and what to do next. */
export function printSummary(summary: Summary): void {
  console.log(
    [
      ...head(summary),
      ...found(summary),
      // Those who have labels to check need no list of hard examples yet.
      ...(summary.labelErrors.length > 0 ? suspects(summary) : hardest(summary)),
      ...outOfDistribution(summary),
      ...toKnow(summary),
      '',
      'Next',
      ...nextSteps(summary).map(([does, command]) => `  ${does.padEnd(20)}${command}`),
    ].join('\n'),
  );
}

function head({ examples, classes, checkpoints, trained, metrics, backend, accuracy }: Summary): string[] {
  const facts = [
    counted(examples, 'example'),
    ...(classes === null ? [] : [counted(classes, 'class', 'classes')]),
    counted(checkpoints, 'checkpoint'),
    counted(metrics.length, 'metric'),
    ...(backend === null ? [] : [backend]),
  ];
  const lines = ['', ...wrapped(facts.join(' · '))];
  if (accuracy === null) return lines;
  const isLittle = classes !== null && accuracy < LITTLE / classes;
  const advice = isLittle ? ` That is little: ${trained ? TRAIN_MORE : LOOK_FIRST}` : '';
  return [...lines, ...wrapped(`The last checkpoint predicts ${percent(accuracy)} of the labels.${advice}`)];
}

const TRAIN_MORE = 'more --epochs tell more, and what follows is a first guess.';
/** A network that was trained elsewhere is seldom that bad: what it is given here is another thing than there. */
const LOOK_FIRST =
  'before you believe what follows, see that the inputs are scaled as in training, and that --class-names has the order of the outputs.';

function found({ issues }: Summary): string[] {
  if (issues.length === 0) return [];
  const words = (kind: string): string => KINDS[kind] ?? kind;
  const lines = issues
    .filter(({ flagged }) => flagged > 0)
    .map(({ kind, flagged, examined, says }) => {
      const faults = kind === 'image' ? (/: .*(?=\.$)/.exec(says)?.[0] ?? '') : '';
      return cut(`  ${number(flagged).padStart(7)} of ${number(examined).padEnd(9)} ${words(kind)}${faults}`, COLUMNS);
    });
  const clean = issues.filter(({ flagged }) => flagged === 0).map(({ kind }) => NONE[kind] ?? kind);
  return ['', 'Found', ...lines, ...(clean.length === 0 ? [] : wrapped(`No ${clean.join(', no ')}.`, '  '))];
}

function suspects({ labelErrors }: Summary): string[] {
  if (labelErrors.length === 0) return [];
  const rows = labelErrors.slice(0, SUSPECTS).map(({ id, why }) => ({ name: String(id), why: inShort(why) }));
  const width = nameWidth(rows);
  const lines = rows.map(({ name, why }) => cut(`  ${nameCell(name, width)}  ${why}`, COLUMNS));
  const more = labelErrors.length - SUSPECTS;
  return ['', 'Labels to check first', ...lines, ...(more > 0 ? [`  and ${number(more)} more`] : [])];
}

/** As wide as the longest name; less where that leaves a reason no room. */
function nameWidth(rows: readonly { readonly name: string; readonly why: string }[]): number {
  const room = COLUMNS - 4 - Math.max(...rows.map(({ why }) => why.length));
  return Math.min(Math.max(...rows.map(({ name }) => name.length)), Math.max(room, LEAST_NAME));
}

function hardest({ primary, hardest: examples }: Summary): string[] {
  if (primary === null || examples.length === 0) return [];
  const lines = examples.slice(0, HARDEST).map(({ id, path, label, predicted, value }) => {
    const classes = label === null ? '' : `  labelled ${label}, predicted ${predicted ?? 'nothing'}`;
    return cut(`  ${nameCell(path ?? String(id), NAME_WIDTH)}  ${value.toPrecision(3).padStart(8)}${classes}`, COLUMNS);
  });
  return ['', `Hardest by ${titleOf(primary)}`, ...lines];
}

/** Of each set the three detectors that tell it best. */
function outOfDistribution({ ood }: Summary): string[] {
  if (ood === null) return [];
  const lines = ood.slice(0, SETS).map(({ set, auroc }) => {
    const best = Object.entries(auroc).toSorted(([, a], [, b]) => b - a);
    const told = best.slice(0, BEST).map(([name, value]) => `${name} ${value.toFixed(3)}`);
    return cut(`  ${nameCell(set, NAME_WIDTH)}  ${told.join(', ')}`, COLUMNS);
  });
  const more = ood.length - SETS;
  return [
    '',
    'Out of distribution, AUROC',
    ...lines,
    ...(more > 0 ? [`  and ${counted(more, 'more set', 'more sets')}`] : []),
  ];
}

function toKnow({ notes }: Summary): string[] {
  if (notes.length === 0) return [];
  const more = notes.length - NOTES;
  const rest = more > 0 ? [`  and ${number(more)} more, in run.json`] : [];
  return ['', 'To know', ...notes.slice(0, NOTES).map((note) => cut(`  ${note}`, COLUMNS)), ...rest];
}

/** `Variance of Gradients (VoG) of the probability` for `vog`. */
function titleOf(column: string): string {
  const [metric = '', output] = column.split('@')[0]?.split('.') ?? [];
  const words = allMetrics.find(({ definition }) => definition.name === metric)?.definition.words;
  return wordsOf(words, output)?.title ?? column;
}

function nextSteps({ run, ood }: Summary): [string, string][] {
  const quoted = (path: string): string => (/^[\w./\\:-]+$/.test(path) ? path : `'${path}'`);
  const folder = quoted(run);
  const sets: [string, string][] =
    ood === null ? [] : [['Sets side by side', `npx vogjs explore ${quoted(`${run}/ood`)} --open`]];
  return [
    ['Look and decide', `npx vogjs explore ${folder} --open`],
    ...sets,
    ['A page to send on', `npx vogjs report ${folder}`],
    ['A table', `npx vogjs export ${folder} --to csv --out scores.csv`],
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

/** `Labelled Sandal; the network says Bag 44 %`: the first of what is said of a label. */
function inShort(why: string): string {
  return why
    .split(';')
    .slice(0, 2)
    .join(';')
    .replace(/ %, and .*/, ' %');
}
