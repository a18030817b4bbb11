import { Scores } from '@vogjs/core';
import {
  classCorrelation,
  type Correlation,
  errorByPercentile,
  errorsOf,
  type Interval,
  spearman,
} from '@vogjs/statistics';
import { READ, type Read } from './reading-metric.js';
import { errorSlopes } from './slopes.js';
import { columnOf, type Columns, TARGETS } from './shard.js';
import { WINDOWS, type WindowName } from './windows.js';

const NORMALISED = ['none', 'class'] as const;

/** What one reading says of the images. */
export interface ReadingResult {
  readonly read: Read;
  readonly target: (typeof TARGETS)[number];
  readonly window: WindowName;
  readonly normalise: (typeof NORMALISED)[number];
  /** Error of the last checkpoint in percent, of each tenth of the images, lowest score first. */
  readonly deciles: readonly number[];
  /** Percentage points of error from the lowest to the highest score. */
  readonly slope: Interval;
  /** Spearman's correlation with other scores, each turned so that high is hard. */
  readonly agreement: { readonly el2n: number; readonly meanLoss: number; readonly aum: number };
}

/** Error of the classes against their mean score, of one reading (Fig. 9). */
export interface ClassResult {
  readonly read: Read;
  readonly target: (typeof TARGETS)[number];
  readonly window: WindowName;
  readonly forms: Readonly<Record<'datasetAbsolute' | 'classAbsolute' | 'dataset', Correlation>>;
}

export interface ReadingsResult {
  readonly images: number;
  /** Of the last checkpoint, in percent. */
  readonly error: number;
  readonly readings: readonly ReadingResult[];
  readonly classes: readonly ClassResult[];
}

/** Every reading, in every window and form. */
export function analyseReadings(columns: Columns, classNames: readonly string[], seed: number): ReadingsResult {
  const column = (name: string): Float32Array => columns[name] as Float32Array;
  const labels = Int32Array.from(column('label'));
  const errors = errorsOf(labels, column('predicted'));
  const agreementOf = (values: ArrayLike<number>) => ({
    el2n: spearman(values, column('el2n')).r,
    meanLoss: spearman(values, column('mean-loss')).r,
    aum: spearman(
      values,
      column('aum').map((value) => -value),
    ).r,
  });
  const unbounded: (Omit<ReadingResult, 'slope'> & { readonly percentiles: Float32Array })[] = [];
  const classes: ClassResult[] = [];
  for (const read of READ) {
    for (const target of TARGETS) {
      for (const window of WINDOWS) {
        const raw = scoresOf(column(columnOf(read, target, window)), window, labels, classNames);
        for (const normalise of NORMALISED) {
          const scores = normalise === 'none' ? raw : raw.normalise('class');
          unbounded.push({
            read,
            target,
            window,
            normalise,
            deciles: errorByPercentile(scores, errors, { bins: 10 }).bins.map(({ error }) => error),
            percentiles: scores.percentiles(),
            agreement: agreementOf(scores.values),
          });
        }
        const form = (normalise: 'datasetAbsolute' | 'classAbsolute' | 'dataset') =>
          classCorrelation(raw, errors, { normalise }).pearson;
        classes.push({
          read,
          target,
          window,
          forms: {
            datasetAbsolute: form('datasetAbsolute'),
            classAbsolute: form('classAbsolute'),
            dataset: form('dataset'),
          },
        });
      }
    }
  }
  // All from the same resamples.
  const slopes = errorSlopes(
    unbounded.map(({ percentiles }) => percentiles),
    errors,
    seed,
  );
  const readings = unbounded.map(({ percentiles: _, ...rest }, i) => ({ ...rest, slope: slopes[i] as Interval }));
  const wrong = errors.reduce((sum, flag) => sum + flag, 0);
  return { images: labels.length, error: (100 * wrong) / labels.length, readings, classes };
}

export function scoresOf(
  values: Float32Array,
  window: string,
  labels: Int32Array,
  classNames: readonly string[],
): Scores {
  return new Scores({
    metric: 'vog',
    column: 'vog',
    window,
    hardDirection: 'high',
    checkpoints: 2,
    values,
    ids: [...values.keys()],
    labels,
    classNames,
  });
}
