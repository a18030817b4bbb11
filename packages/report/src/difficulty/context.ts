import type { Words } from '@vogjs/core/plugin';
import type { LabelledScores } from '@vogjs/statistics';
import { checkInput } from '../input/check-report.js';
import type { ReportInput } from '../input/report.js';
import type { ReportScores } from '../input/scores.js';
import { describeMetric } from './metric-descriptions.js';

/** What several sections need, worked out once. */
export interface Context {
  readonly input: ReportInput;
  readonly scores: ReportScores;
  readonly size: number;
  /** Examples that have a score, hardest first. */
  readonly ranking: readonly number[];
  readonly percentiles: ArrayLike<number>;
  /** Examples known to be odd, or null where nothing is known. */
  readonly flags: Uint8Array | null;
  /** What the flagged examples are, as a plural. */
  readonly flagName: string;
  /** 1 where the prediction differs from the given label, or null without predictions. */
  readonly errors: Uint8Array | null;
  readonly metric: Words;
  /** The heading level of a part within a section: one below the section's own. */
  readonly partLevel: 3 | 5;
  /** Indices of the classes that have examples, ascending. */
  readonly classes: readonly number[];
  classNameOf(label: number): string;
}

export function contextOf(input: ReportInput, partLevel: 3 | 5 = 3): Context {
  checkInput(input);
  const { scores, predictions, trueLabels, flagged } = input;
  const { labels, values } = scores;
  const size = values.length;
  const names = input.classNames ?? scores.classNames;
  const compare = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Uint8Array.from({ length: size }, (_, example) => Number(x[example] !== y[example]));
  const derivedFlags = labels && trueLabels ? compare(labels, trueLabels) : null;
  return {
    input,
    scores,
    size,
    ranking: Array.from(scores.ranking()).filter((example) => !Number.isNaN(values[example])),
    percentiles: scores.percentiles(),
    flags: flagged ? Uint8Array.from(flagged.flags, Number) : derivedFlags,
    flagName: flagged?.name ?? 'wrong labels',
    errors: labels && predictions ? compare(labels, predictions) : null,
    metric: input.metric ?? describeMetric(scores),
    partLevel,
    classes: labels ? [...new Set(Array.from(labels))].sort((first, second) => first - second) : [],
    classNameOf: (label) => names?.[label] ?? `class ${label}`,
  };
}

/** The scored examples of one window as the analyses want them: no NaN, one array each. */
export function scoredOnly(
  scores: ReportScores,
  { scores: { labels }, classNameOf }: Context,
): { examples: number[]; analysed: LabelledScores } {
  const examples = Array.from(scores.values.keys()).filter((example) => !Number.isNaN(scores.values[example]));
  const kept = labels ? examples.map((example) => labels[example]!) : null;
  // With holes: a label may be any index, and there are only as many names as labels that occur.
  const names: string[] = [];
  for (const label of new Set(kept)) names[label] = classNameOf(label);
  return {
    examples,
    analysed: {
      values: examples.map((example) => scores.values[example]!),
      hardDirection: scores.hardDirection,
      labels: kept,
      classNames: kept ? names : null,
    },
  };
}
