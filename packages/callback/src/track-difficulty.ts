import { checkOptions, flag, list } from '@vogjs/base';
import {
  createTracker,
  type Scores,
  type ScoresOptions,
  type Tracker,
  type TrackerOptions,
  VogError,
} from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { FitCallback, type FitCallbackOptions } from './fit-callback.js';

/** Options of `trackDifficulty`: those of a tracker, of which only `inputs` is needed. */
export interface TrackDifficultyOptions extends Omit<TrackerOptions, 'metrics'>, FitCallbackOptions {
  /** Default: `vog()`, or `vog({ label: 'predicted' })` when there are no labels. */
  readonly metrics?: TrackerOptions['metrics'];
}

/** A fit callback with a tracker of its own. */
export class DifficultyCallback extends FitCallback {
  /** Scores of a metric, one per probe example. See `Tracker.scores`. */
  scores(metric?: string, options?: ScoresOptions): Promise<Scores> {
    return this.tracker.scores(metric, options);
  }

  /** Frees the tracker's memory on the device. */
  dispose(): void {
    this.tracker.dispose();
  }
}

/**
 * Scores every example of `inputs` while `fit` trains: VoG at the end of every epoch, unless told otherwise.
 *
 * ```
 * const difficulty = trackDifficulty({ inputs: xs, labels });
 * await model.fit(xs, ys, { epochs: 15, callbacks: [difficulty] });
 * const scores = await difficulty.scores('vog');
 * difficulty.dispose();
 * ```
 *
 * @throws VogError when an option is wrong
 */
export function trackDifficulty(options: TrackDifficultyOptions): DifficultyCallback {
  if (typeof options !== 'object' || options === null) {
    throw new VogError('ARGUMENT_INVALID', 'trackDifficulty needs an object: { inputs, labels, … }.');
  }
  const { logs, metrics, ...rest } = options;
  checkOptions('trackDifficulty', { logs, metrics }, { logs: flag, metrics: list });
  const chosen = metrics ?? [vog(options.labels === undefined ? { label: 'predicted' } : {})];
  const tracker: Tracker = createTracker({ ...rest, metrics: chosen });
  return new DifficultyCallback(tracker, logs === undefined ? {} : { logs });
}
