import { callable, checkArgument, checkOf, checkOptions, either, integer, positive, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { repairBackend } from '@vogjs/backend/repair';
import type { Metric } from '../metrics/metric.js';
import { checkFold } from './metric-fold.js';
import { type Law, type LawBroken, lawBroken } from './metric-laws.js';
import { checkRuns } from './metric-runs.js';
import { metricSubject } from './metric-subject.js';

/** Options of `checkMetric`. */
export interface CheckMetricOptions {
  /** Decides weights, inputs and labels. By default a new one each time, which the message of an error names. */
  readonly seed?: number;
  /**
   * A model whose layers the metric can work with, with its logits in the last axis of its first output. Its weights
   * are varied, and put back. By default a small convnet: images `[6, 5, 2]`, layers 'convolution', 'flatten' and
   * 'logits', three classes.
   */
  readonly model?: tf.LayersModel;
  /** Most by which results that should be equal but for rounding may differ, relative to a column's largest. 1e-4. */
  readonly tolerance?: number;
}

const aModel = checkOf('a tf.LayersModel', (value) => value instanceof tf.LayersModel);
const aMetric = checkOf(
  'a metric, such as vog()',
  (value) => typeof (value as Partial<Metric> | null | undefined)?.update === 'function',
);
const metricOrMaker = either(aMetric, callable);

/** What `checkMetric` found in order. */
export interface MetricReport {
  readonly metric: string;
  /** Laws that hold. A metric without `merge` is not held to the merge law. */
  readonly laws: readonly Law[];
  readonly seed: number;
}

/**
 * Checks that a metric keeps the laws that the engine rests on, on a small random model and probe:
 *
 * - direction: `hardDirection` says for each column which end is hard, and names no column that there is not;
 * - purity: `init`, `update`, `compute` and `merge` give the same for the same, and neither change nor dispose what
 *   they are given;
 * - no leak: they keep no tensor but those that they return;
 * - merge: states of two stretches of checkpoints merge to that of both in sequence, in any grouping;
 * - chunk invariance: the scores do not depend on the chunks that the probe is cut into;
 * - state round trip: a run saved and loaded half-way ends in the same numbers to the last bit.
 *
 * ```ts
 * test('my metric keeps the laws', () => checkMetric(() => myMetric({ power: 2 })));
 * ```
 *
 * @param metric the metric, or a function that makes it: then a saved state is loaded into a newly made one, as it is in
 * a new process
 * @throws VogError METRIC_INVALID, with the law that is broken in its message; METRIC_FAILED when a hook throws
 */
export async function checkMetric(
  metric: Metric | (() => Metric),
  options: CheckMetricOptions = {},
): Promise<MetricReport> {
  checkArgument('checkMetric', 'the metric', metric, metricOrMaker);
  checkOptions('checkMetric', options, { seed: integer(Number.MIN_SAFE_INTEGER), model: aModel, tolerance: positive });
  const { seed = Math.floor(Math.random() * 2 ** 31), tolerance = 1e-4, model } = options;
  const make = typeof metric === 'function' ? metric : () => metric;
  const first = make();
  checkArgument('checkMetric', 'what the function makes', first, aMetric);
  const broken: LawBroken = (law, problem, cause) => lawBroken(first.name, law, problem, seed, cause);
  await tf.ready();
  repairBackend();
  const subject = metricSubject(seed, model);
  try {
    const laws = await checkFold(first, subject, tolerance, broken);
    const tensors = tf.memory().numTensors;
    await checkRuns(first, make, subject, tolerance, broken);
    const left = tf.memory().numTensors - tensors;
    if (left !== 0) throw broken('no leak', `${left} tensors were left when its trackers had been disposed.`);
    return { metric: first.name, laws: [...laws, 'chunk invariance', 'state round trip'], seed };
  } catch (error) {
    if (error instanceof VogError && error.code === 'METRIC_FAILED') error.message += ` (seed ${seed})`;
    throw error;
  } finally {
    subject.dispose();
  }
}
