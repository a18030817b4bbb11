import { number, signed, table, text } from '@vogjs/example-shared';
import type { Interval } from '@vogjs/statistics';
import type { OodEvaluation } from '@vogjs/ood';
import { modelTitle } from './architecture.js';
import type { PairResult, RunResult } from './evaluation.js';
import type { RunSettings } from './options.js';
import { type Figures, meanGain, PAPER_GAIN, PAPER_ROWS } from './paper-table.js';

/** Methods of the ablation: whether the gradient matters, and when in training. */
const ABLATION = [
  'msp',
  'msp-variance',
  'energy',
  'energy-variance',
  'vog',
  'vog-class',
  'vog-early',
  'vog-middle',
  'vog-late',
  'vog-first',
  'vog-last',
];

/** How methods are shown. */
const METHOD_TITLES: Readonly<Record<string, string>> = {
  msp: 'MSP',
  vog: 'VoG',
  'max-logit': 'max logit',
  'grad-norm': 'GradNorm',
  'relative-mahalanobis': 'relative Mahalanobis',
  mahalanobis: 'Mahalanobis',
  odin: 'ODIN',
  gen: 'GEN',
  knn: 'KNN',
  vim: 'ViM',
  react: 'ReAct',
  'kl-matching': 'KL matching',
  'vog-early': 'VoG, early third',
  'vog-middle': 'VoG, middle third',
  'vog-late': 'VoG, late third',
  'vog-first': 'VoG, first three',
  'vog-last': 'VoG, last three',
  'vog-class': 'VoG, normalised by class',
  'msp-variance': 'variance of MSP',
  'energy-variance': 'variance of energy',
};

export const methodTitle = (method: string): string => METHOD_TITLES[method] ?? method;

/** The layout of the paper's Table 3, with every method. */
export function tableThree({ pairs }: RunResult, settings: RunSettings): string {
  const columns = [
    text('model'),
    text('in- / out-of-distribution'),
    text('method'),
    number('AUROC / base'),
    number('AUPR in / base'),
    number('AUPR out / base'),
    number('FPR at 95 % TPR'),
  ];
  const rows = pairs.map(({ set, method, evaluation }, i) => {
    const isFirst = pairs[i - 1]?.set !== set;
    const { auroc, auprIn, auprOut, base, fprAtTpr } = evaluation;
    return [
      i === 0 ? modelTitle(settings) : '',
      isFirst ? `C-10 / ${set.title}` : '',
      methodTitle(method),
      withBase(auroc, base.auroc),
      withBase(auprIn, base.auprIn),
      withBase(auprOut, base.auprOut),
      percent(fprAtTpr),
    ];
  });
  return table(columns, rows);
}

/** AUROC of each method on each set, and their mean, best mean first. */
export function aurocTable(result: RunResult, methods = methodsOf(result)): string {
  const sets = [...new Set(result.pairs.map(({ set }) => set))];
  const columns = [text('AUROC'), number('mean'), ...sets.map(({ title }) => number(title))];
  const rows = methods.map((method) => {
    const own = result.pairs.filter((pair) => pair.method === method);
    const mean = meanOf(own.filter(({ set }) => !set.isPart).map(({ evaluation }) => evaluation.auroc));
    return {
      mean,
      cells: [methodTitle(method), percent(mean), ...own.map(({ evaluation }) => percent(evaluation.auroc))],
    };
  });
  rows.sort((a, b) => b.mean - a.mean);
  return table(
    columns,
    rows.map(({ cells }) => cells),
  );
}

/** The ablation: VoG by window, against the variance of what needs no gradient, and against no variance at all. */
export function ablationTable(result: RunResult): string {
  const methods = methodsOf(result);
  return aurocTable(
    result,
    ABLATION.filter((method) => methods.includes(method)),
  );
}

/** MSP and VoG of each set here, beside the paper's for the same architecture, and the mean gain of both. */
export function gainTable(result: RunResult, settings: RunSettings): string {
  const columns = [
    text('out-of-distribution'),
    number('MSP'),
    number('VoG'),
    number('gain'),
    number('95 % interval'),
    number('paper MSP'),
    number('paper VoG'),
    number('paper gain'),
  ];
  const here = gainsOf(result);
  const rows = here.map(({ set, msp, vog }) => {
    const paper = PAPER_ROWS.find((row) => row.model === settings.model && row.set === set);
    const published = paper === undefined ? ['', '', ''] : auroc(paper);
    const interval = result.gains.find((gain) => gain.set.title === set)?.auroc;
    return [set, ...auroc({ msp, vog }), interval === undefined ? '' : between(interval), ...published];
  });
  for (const { set, msp, vog } of PAPER_ROWS.filter((row) => row.model === settings.model)) {
    if (!here.some((each) => each.set === set)) rows.push([set, '', '', '', '', ...auroc({ msp, vog })]);
  }
  return table(columns, rows);
}

/** Mean gain of VoG over MSP in percentage points: here, the paper's for this architecture, the paper's. */
export function meanGainTable(result: RunResult, settings: RunSettings): string {
  const own = PAPER_ROWS.filter(({ model }) => model === settings.model);
  const here = gainsOf(result).filter(({ isPart }) => !isPart);
  const rows: [string, Figures][] = [
    [`here, ${here.length} sets`, meanGain(here)],
    [
      `the paper, ${modelTitle({ model: settings.model, ...PUBLISHED_SIZE[settings.model] })}, ${own.length} sets`,
      meanGain(own),
    ],
    [`the paper, ${PAPER_ROWS.length} pairs`, PAPER_GAIN],
  ];
  return table(
    [text('mean gain of VoG over MSP'), number('AUROC'), number('AUPR in'), number('AUPR out')],
    rows.map(([title, gain]) => [title, ...gain.map((value) => signed(value))]),
  );
}

const PUBLISHED_SIZE = {
  'resnet-18': { depth: 18, width: 64 },
  'wide-resnet': { depth: 28, width: 10 },
  'densenet-bc': { depth: 100, width: 12 },
} as const;

/** MSP and VoG of each set, in percent. */
function gainsOf({ pairs }: RunResult): { set: string; isPart: boolean; msp: Figures; vog: Figures }[] {
  const figuresOf = (title: string, method: string): Figures => {
    const { evaluation } = pairs.find((pair) => pair.set.title === title && pair.method === method) as PairResult;
    return [100 * evaluation.auroc, 100 * evaluation.auprIn, 100 * evaluation.auprOut];
  };
  const sets = [...new Set(pairs.map(({ set }) => set))];
  return sets.map(({ title, isPart }) => ({
    set: title,
    isPart,
    msp: figuresOf(title, 'msp'),
    vog: figuresOf(title, 'vog'),
  }));
}

/** What evaluations say beside their figures: how often, and by which methods. */
export function warningLines({ pairs }: RunResult): string[] {
  const said = new Map<OodEvaluation['warnings'][number]['code'], Map<string, number>>();
  for (const { method, evaluation } of pairs) {
    for (const { code } of evaluation.warnings) {
      const counts = said.get(code) ?? new Map<string, number>();
      said.set(code, counts.set(method, (counts.get(method) ?? 0) + 1));
    }
  }
  return [...said].map(([code, counts]) => {
    const methods = [...counts].map(([method, count]) => `${methodTitle(method)} ${count}`);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return `${code} in ${total} of ${pairs.length} evaluations: ${methods.join(', ')}`;
  });
}

function methodsOf({ pairs }: RunResult): string[] {
  return [...new Set(pairs.map(({ method }) => method))];
}

function auroc({ msp, vog }: { readonly msp: Figures; readonly vog: Figures }): string[] {
  return [msp[0].toFixed(1), vog[0].toFixed(1), signed(vog[0] - msp[0], 1)];
}

function between({ low, high }: Interval): string {
  return `${signed(100 * low, 1)} to ${signed(100 * high, 1)}`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** As the paper prints: a figure over what chance would give, in percent. */
function withBase(share: number, base: number): string {
  return `${percent(share)} / ${String(Number((100 * base).toFixed(1)))}`;
}
