import * as tf from '@tensorflow/tfjs';
import type { CheckpointInfo, Monitor, ScorableModel, VisitOptions } from '@vogjs/core';
import { labels, logits, loss, oneHotLabels, predictions, probabilities, visitResources } from '@vogjs/core';
import type { Run, Trajectories } from '@vogjs/run';
import type { Dataset } from '../data/dataset.js';
import { accuracyOf } from './accuracy.js';

type Lists = { -readonly [Field in keyof Trajectories]: Trajectories[Field][number][] };

/** Looks at each checkpoint beside the data, without a figure to tell. */
export interface Follower {
  checkpoint(model: ScorableModel, info: CheckpointInfo): Promise<void>;
  dispose(): void;
}

/** Keeps what each checkpoint says of each example: for the run's trajectories, and figures of each checkpoint. */
export class TrajectoryMonitor implements Monitor {
  readonly name = 'probe';
  readonly figures = ['loss', 'accuracy'];
  private lists: Lists = { labelProbability: [], margin: [], loss: [], predicted: [] };

  constructor(
    private readonly dataset: Dataset,
    private readonly chunkSize: number | undefined,
    /** What else has a turn at each checkpoint. */
    private readonly followers: readonly Follower[] = [],
  ) {}

  /**
   * A recording begins with the second chunk of a pass and rounds otherwise than the operations one by one: which
   * examples it meets would hang on where a shard begins.
   */
  private get passes(): VisitOptions {
    return { recorded: false, ...(this.chunkSize === undefined ? {} : { chunkSize: this.chunkSize }) };
  }

  /** `[T][N]`, so far. */
  get trajectories(): Trajectories {
    return this.lists;
  }

  /** Predictions of the last checkpoint; undefined before the first. */
  get predicted(): Int32Array | undefined {
    return this.lists.predicted.at(-1);
  }

  async checkpoint(model: ScorableModel, info: CheckpointInfo): Promise<Record<string, number>> {
    const figures = await this.keep(model);
    for (const follower of this.followers) await follower.checkpoint(model, info);
    return figures;
  }

  dispose(): void {
    for (const follower of this.followers) follower.dispose();
  }

  private async keep(model: ScorableModel): Promise<Record<string, number>> {
    const { size, inputs, labels: given, classNames, ids } = this.dataset;
    if (given === undefined) return this.withoutLabels(model);
    const labelProbability = new Float32Array(size);
    const margin = new Float32Array(size);
    const losses = new Float32Array(size);
    const predicted = new Int32Array(size);
    await visitResources(
      model,
      { inputs, labels: given, classNames, ids },
      { logits, loss, predictions, probabilities, hot: oneHotLabels, labels },
      {
        visit: (values) => ({
          labelProbability: tf.sum(tf.mul(values.probabilities, values.hot), 1),
          margin: marginOf(values.logits, values.hot),
          loss: values.loss,
          predicted: values.predictions,
        }),
        receive: (values, { start }) => {
          labelProbability.set(values.labelProbability.data, start);
          margin.set(values.margin.data, start);
          losses.set(values.loss.data, start);
          predicted.set(values.predicted.data, start);
        },
      },
      this.passes,
    );
    this.lists.labelProbability.push(labelProbability);
    this.lists.margin.push(margin);
    this.lists.loss.push(losses);
    this.lists.predicted.push(predicted);
    return { loss: losses.reduce((sum, value) => sum + value, 0) / size, accuracy: accuracyOf(predicted, given) };
  }

  /** Without labels there is only what the model predicts. */
  private async withoutLabels(model: ScorableModel): Promise<Record<string, number>> {
    const { size, inputs, ids } = this.dataset;
    const predicted = new Int32Array(size);
    await visitResources(
      model,
      { inputs, ids },
      { predictions },
      {
        visit: (values) => ({ predicted: values.predictions }),
        receive: (values, { start }) => predicted.set(values.predicted.data, start),
      },
      this.passes,
    );
    this.lists.predicted.push(predicted);
    return { loss: Number.NaN, accuracy: Number.NaN };
  }

  /** Takes over the first checkpoints of a run that is gone on with. */
  async restore(run: Run, checkpoints: number): Promise<void> {
    // None is written before there is one: the training may have diverged from its first step.
    if (checkpoints === 0) return;
    const table = await run.trajectories();
    const lists: Lists = { labelProbability: [], margin: [], loss: [], predicted: [] };
    for (let checkpoint = 0; checkpoint < checkpoints; checkpoint++) {
      lists.labelProbability.push(await table.at('labelProbability', checkpoint));
      lists.margin.push(await table.at('margin', checkpoint));
      lists.loss.push(await table.at('loss', checkpoint));
      lists.predicted.push(await table.at('predicted', checkpoint));
    }
    this.lists = lists;
  }
}

/** Logit of the label less the largest other: `[size]`. */
function marginOf(values: tf.Tensor2D, hot: tf.Tensor2D): tf.Tensor {
  const own = tf.sum(tf.mul(values, hot), 1);
  const others = tf.where(tf.cast(hot, 'bool'), tf.fill(values.shape, Number.NEGATIVE_INFINITY), values);
  return tf.sub(own, tf.max(others, 1));
}
