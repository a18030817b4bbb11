import { checkArgument, checkOf } from '@vogjs/base';
import { type Tracker, VogError } from '@vogjs/core';
import { batchOptions, type BatchOptions, type CurriculumBatch, sliceBatches } from './batches.js';
import {
  type BatchDataset,
  batchDataset,
  type DatasetOptions,
  type ExampleReader,
  gatherFrom,
  type TrainingTensors,
} from './dataset.js';
import { type CurriculumOptions, isUnscored, type ReadOptions, readOptions } from './options.js';
import { type EpochPlan, planEpoch } from './plan.js';
import { type TrainingSet, trainingSetOf } from './training-set.js';

const tracking = checkOf('a tracker of createTracker', (value) =>
  Array.isArray((value as Partial<Tracker> | null | undefined)?.metrics),
);

/**
 * Owns the order of the training examples, from a tracker's scores as they are when an epoch begins.
 *
 * ```
 * epoch n begins     plan: scores at the last checkpoint ► ranking ► pruning ► pace ► classes ► order
 *   batches          indices, weights; or tensors, through dataset()
 * epoch n ends       the tracker takes a checkpoint
 * ```
 *
 * It keeps nothing of its own: an epoch's order follows from options, seed, epoch and the tracker's state. A run that
 * was stopped goes on in the same order when the tracker's state is loaded and the options are the same. Memory: about
 * 40 bytes on the host for each training example while an epoch lasts.
 */
export class Curriculum {
  private readonly options: ReadOptions;
  private training: Promise<TrainingSet> | undefined;
  private current: EpochPlan | undefined;

  constructor(
    readonly tracker: Tracker,
    options: CurriculumOptions = {},
  ) {
    checkArgument('curriculum', 'tracker', tracker, tracking);
    this.options = readOptions(options);
    const { metric } = this.options;
    if (
      metric !== undefined ? !tracker.metrics.includes(metric) : tracker.metrics.length > 1 && !isUnscored(this.options)
    ) {
      const problem =
        metric === undefined ? 'Name the metric that says what is hard' : `There is no metric '${metric}'`;
      throw new VogError('METRIC_UNKNOWN', `curriculum: ${problem}. The tracker has: ${tracker.metrics.join(', ')}.`);
    }
  }

  /** Whether examples are weighted, which `fit` cannot do; see `weights` and `infoBatch`. */
  get isWeighted(): boolean {
    return this.options.weights !== undefined || this.options.prune.some(({ rescale }) => rescale);
  }

  /**
   * What an epoch does, from the scores as they are now.
   *
   * @param epoch from 0; by default the one that comes next, as the tracker knows it
   * @throws VogError IDS_UNKNOWN, IDS_DUPLICATE, ARGUMENT_INVALID, SCHEDULE_NEEDS_TOTAL, METRIC_TORN
   */
  async plan(epoch: number = this.nextEpoch): Promise<EpochPlan> {
    if (!(Number.isInteger(epoch) && epoch >= 0)) {
      throw new VogError('ARGUMENT_INVALID', `curriculum: epoch must be a whole number of 0 or more; got ${epoch}.`);
    }
    const training = await this.trainingSet();
    this.current = await planEpoch(this.tracker, training, this.options, epoch);
    return this.current;
  }

  /**
   * Batches of one epoch, for a loop of one's own: `for await (const { indices, weights } of …)`. The scores are read
   * when the loop begins. With `stepsPerEpoch` there are exactly that many, in further passes when one is not enough.
   *
   * @throws VogError as `plan` does; ARGUMENT_INVALID for options
   */
  batches(epoch: number, options: BatchOptions = {}): AsyncGenerator<CurriculumBatch, void, undefined> {
    const read = batchOptions.resolve(options);
    return sliceBatches(() => this.plan(epoch), read);
  }

  /**
   * A dataset for `fitDataset`, which reads the order anew at each epoch, after the scores are in. Give `fit` the
   * tracker's `fitCallback`, which moves the epochs on, and leave out `batchesPerEpoch`: tfjs would then read the order
   * only once. Use `stepsPerEpoch` here instead.
   *
   * @param xs tensor, list or record of tensors `[N, ...]`; they stay the caller's
   * @throws VogError ARGUMENT_INVALID; while it is read INPUT_SHAPE, CURRICULUM_STALLED, and what `plan` throws
   */
  dataset(xs: TrainingTensors, ys: TrainingTensors, options: DatasetOptions = {}): BatchDataset {
    return batchDataset(this, gatherFrom(xs, ys), options);
  }

  /**
   * The same for data that do not fit in memory: `read` gives the examples at these positions.
   *
   * @throws VogError as `dataset` does
   */
  datasetFrom(read: ExampleReader, options: DatasetOptions = {}): BatchDataset {
    return batchDataset(this, { read, size: null }, options);
  }

  /**
   * Weights of these examples in the epoch that was planned last, `[indices.length]`. For loops of one's own: tfjs
   * declares `sampleWeight` for `fit` and throws when it is given.
   *
   * @throws VogError ARGUMENT_INVALID before the first plan, or for an index that is none
   */
  weights(indices: ArrayLike<number>): Float32Array {
    const { current } = this;
    if (current === undefined) {
      throw new VogError('ARGUMENT_INVALID', 'curriculum: weights are those of an epoch; await plan(epoch) first.');
    }
    return Float32Array.from({ length: indices.length }, (_, i) => {
      const weight = current.weights[indices[i]!];
      if (weight !== undefined) return weight;
      const most = current.weights.length - 1;
      throw new VogError('ARGUMENT_INVALID', `curriculum: there is no training example ${indices[i]}; 0 to ${most}.`);
    });
  }

  /** The epoch that was planned last; null before the first. */
  get latest(): EpochPlan | null {
    return this.current ?? null;
  }

  /** The epoch that comes next, as the tracker knows it. */
  get nextEpoch(): number {
    return this.tracker.observed?.epochsCompleted ?? 0;
  }

  /** Read once: the probe does not change. */
  private trainingSet(): Promise<TrainingSet> {
    this.training ??= this.tracker.examples().then((probe) => {
      const training = trainingSetOf(probe, this.options.ids);
      const { minPerClass = 0, order } = this.options;
      if (training.labels === null && (minPerClass > 0 || order === 'balanced')) {
        const option = order === 'balanced' ? "order 'balanced'" : 'minPerClass';
        throw new VogError('ARGUMENT_INVALID', `curriculum: ${option} needs labels. Give them to the tracker.`);
      }
      return training;
    });
    return this.training;
  }
}

/**
 * Orders the training examples by a tracker's live scores: easy ones first, hard ones more often, suspects not at all.
 *
 * ```
 * const tracker = createTracker({ inputs: xs, labels, metrics: [meanLoss()] });
 * const order = curriculum(tracker, { order: 'easy-first', pace: 'root', seed: 1 });
 * await fitWithCurriculum(model, xs, ys, { curriculum: order, epochs: 20, batchSize: 64 });
 * ```
 *
 * Before there are scores (VoG needs two checkpoints) epochs are a warm-up: all examples, random order; `plan` says so.
 *
 * @throws VogError ARGUMENT_INVALID, METRIC_UNKNOWN
 */
export function curriculum(tracker: Tracker, options: CurriculumOptions = {}): Curriculum {
  return new Curriculum(tracker, options);
}
