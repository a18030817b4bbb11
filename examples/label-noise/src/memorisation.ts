import type { Normalisation, Scores } from '@vogjs/core';
import { tTest, type TTest } from '@vogjs/statistics';

/** The paper's test of section C for one score. */
export interface MemorisationTest {
  readonly score: string;
  readonly normalise: Normalisation;
  /** First sample: labels as they were; second: labels that took part in the shuffling. */
  readonly test: TTest;
}

const FORMS: readonly Normalisation[] = ['none', 'class', 'classAbsolute'];

/**
 * Do examples with shuffled labels have another mean score than the rest (seed, section C)? Welch's test, for the score
 * as it is, normalised by given class, and the absolute value of that.
 */
export function memorisationTests(scores: readonly Scores[], shuffled: Uint8Array): MemorisationTest[] {
  return scores.flatMap((score) =>
    FORMS.map((normalise) => {
      const { values } = score.normalise(normalise);
      const group = (flag: number) => values.filter((_, i) => shuffled[i] === flag);
      return { score: score.metric, normalise, test: tTest(group(0), group(1)) };
    }),
  );
}
