import { callable, checkArgument, listOf, record } from '@vogjs/base';
import {
  checkModelArgument,
  collectResources,
  createTracker,
  type Metric,
  predictions,
  type ScorableModel,
  type Tracker,
  type TrackerOptions,
  VogError,
} from '@vogjs/core';

/** What `replayCheckpoints` takes beside the model: the options of a tracker, and these. */
export interface ReplayOptions extends Omit<TrackerOptions, 'metrics' | 'schedule' | 'total'> {
  /** One function for each checkpoint, in order: it puts that checkpoint's weights into the model. */
  readonly checkpoints: readonly (() => void | Promise<void>)[];
  /** Makes the metrics, told the class that the last checkpoint predicts for each example. */
  readonly metrics: (lastPredictions: Int32Array) => readonly Metric[];
}

/**
 * Scores stored checkpoints one after the other, with labels that only the last one knows: the reading of VoG in which
 * the predicted label is that of the trained model throughout. While training goes on it cannot be had.
 *
 * ```ts
 * const tracker = await replayCheckpoints(model, {
 *   inputs,
 *   checkpoints: snapshots.map((weights) => () => model.setWeights(weights)),
 *   metrics: (label) => vogOodMetrics({ label }),
 * });
 * ```
 *
 * The model keeps the last checkpoint's weights. One pass for the predictions, and one a checkpoint.
 *
 * @returns a tracker that has seen them all, at epochs 0, 1, 2 …; the caller disposes it
 * @throws VogError ARGUMENT_INVALID without a checkpoint, and as `createTracker` and its `checkpoint`
 */
export async function replayCheckpoints(model: ScorableModel, options: ReplayOptions): Promise<Tracker> {
  checkModelArgument('replayCheckpoints', model);
  checkArgument('replayCheckpoints', 'options', options, record);
  const { checkpoints, metrics, ...rest } = options;
  checkArgument('replayCheckpoints', 'checkpoints', checkpoints, listOf(callable));
  checkArgument('replayCheckpoints', 'metrics', metrics, callable);
  const last = checkpoints.at(-1);
  if (last === undefined) {
    throw new VogError('ARGUMENT_INVALID', 'replayCheckpoints needs at least one checkpoint to replay.');
  }
  await last();
  const { chunkSize, logits } = rest;
  const pass = { ...(chunkSize === undefined ? {} : { chunkSize }), ...(logits === undefined ? {} : { logits }) };
  const collected = await collectResources(model, { inputs: rest.inputs }, { predictions }, pass);
  const tracker = createTracker({ ...rest, metrics: metrics(Int32Array.from(collected.predictions.data)) });
  try {
    for (const [epoch, restore] of checkpoints.entries()) {
      await restore();
      await tracker.checkpoint(model, { epoch });
    }
  } catch (error) {
    tracker.dispose();
    throw error;
  }
  return tracker;
}
