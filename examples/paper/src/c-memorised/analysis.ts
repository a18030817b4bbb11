import type { ShuffledLabels } from '@vogjs/example-shared';
import { type DifficultyScores, evaluateDetection, tTest, type TTest } from '@vogjs/statistics';
import { scoresOf } from '../readings/analysis.js';
import { READ, type Read } from '../readings/reading-metric.js';
import { columnOf, type Columns, REFERENCES } from '../readings/shard.js';
import { WINDOWS, type WindowName } from '../readings/windows.js';

/** What one reading says of labels that were learned by heart. */
interface MemorisedReading {
  readonly read: Read;
  readonly window: WindowName;
  /** Probability that a wrong label scores higher than a right one. */
  readonly auroc: number;
  /** Right labels against wrong ones, of the absolute z-score within the given class, as the paper has it. */
  readonly absolute: TTest;
  /** The same with its sign, which says which of them are called hard. */
  readonly signed: TTest;
}

export interface MemorisedResult {
  readonly images: number;
  readonly wrong: number;
  /** Share of the given labels that the last checkpoint predicts: of right and of wrong ones. */
  readonly learned: { readonly right: number; readonly wrong: number };
  readonly readings: readonly MemorisedReading[];
  /** The same probability for scores that need no gradient, each at its hard end. */
  readonly references: Readonly<Record<string, number>>;
}

/**
 * Section C: are shuffled labels told from right ones after a network has learned them by heart?
 *
 * @param wrong 1 where the given label is wrong, `[N]`; what was shuffled and stayed the same is right
 */
export function analyseMemorised(
  columns: Columns,
  { wrong }: Pick<ShuffledLabels, 'wrong'>,
  classNames: readonly string[],
): MemorisedResult {
  const labels = Int32Array.from(columns['label'] as Float32Array);
  const predicted = columns['predicted'] as Float32Array;
  const group = (values: ArrayLike<number>, flag: number): number[] =>
    Array.from(values).filter((_, i) => wrong[i] === flag);
  const learnedOf = (flag: number): number => {
    const hits = group(
      labels.map((label, i) => Number(label === predicted[i])),
      flag,
    );
    return hits.reduce((sum, hit) => sum + hit, 0) / hits.length;
  };
  const aurocOf = (scores: DifficultyScores): number => evaluateDetection(scores, wrong).auroc;
  const readings = READ.flatMap((read) =>
    WINDOWS.map((window): MemorisedReading => {
      const values = columns[columnOf(read, 'true', window)] as Float32Array;
      const scores = scoresOf(values, window, labels, classNames);
      const test = (form: 'class' | 'classAbsolute'): TTest => {
        const { values: normalised } = scores.normalise(form);
        return tTest(group(normalised, 0), group(normalised, 1));
      };
      return {
        read,
        window,
        auroc: aurocOf({ values, hardDirection: 'high' }),
        absolute: test('classAbsolute'),
        signed: test('class'),
      };
    }),
  );
  const references = Object.fromEntries(
    REFERENCES.map((name) => {
      const hardDirection = name === 'aum' ? 'low' : 'high';
      return [name, aurocOf({ values: columns[name] as Float32Array, hardDirection })];
    }),
  );
  const count = wrong.reduce((sum, flag) => sum + flag, 0);
  return {
    images: labels.length,
    wrong: count,
    learned: { right: learnedOf(0), wrong: learnedOf(1) },
    readings,
    references,
  };
}
