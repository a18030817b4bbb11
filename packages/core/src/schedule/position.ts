import { VogError } from '@vogjs/base';
import { declareOptions, flag, type InputOf, integer } from '@vogjs/base/options';

/** Where training stands, in the terms that schedules and windows use. Plain numbers, never tensors. */
export interface Position {
  /** Index of the epoch being trained, from 0. At an epoch's end it is still that epoch's index. */
  readonly epoch: number;
  /** Epochs finished so far: `epoch + 1` at the end of an epoch, `epoch` within it. */
  readonly epochsCompleted: number;
  /** Optimizer steps (batches) finished so far, over all epochs. */
  readonly step: number;
  /** Share of the whole run that is finished, 0 to 1; `null` while the run's length is unknown. */
  readonly progress: number | null;
}

/** What the length of a run is known to be. */
export interface RunLength {
  readonly epochs?: number | undefined;
  readonly stepsPerEpoch?: number | undefined;
}

const declared = declareOptions('checkpoint(model, at)', {
  epoch: integer(0).required().about('Index of the epoch just trained, from 0.'),
  step: integer(0).optional('the steps of the last checkpoint').about('Optimizer steps so far.'),
  epochEnd: flag().default(true).about('Whether the epoch has ended; false for a checkpoint within it.'),
});

/** What a training loop of one's own says at a checkpoint. */
export type CheckpointAt = InputOf<typeof declared.entries>;

/**
 * Completes what a loop said with what is known of the run's length.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function positionAt(at: CheckpointAt, length: RunLength, previous: Position | null): Position {
  const { epoch, step = previous?.step ?? 0, epochEnd } = declared.resolve(at);
  const epochsCompleted = epochEnd ? epoch + 1 : epoch;
  return { epoch, epochsCompleted, step, progress: progressOf(epochsCompleted, step, epochEnd, length) };
}

function progressOf(epochsCompleted: number, step: number, ended: boolean, length: RunLength): number | null {
  if (length.epochs === undefined) return null;
  // Steps refine progress only within an epoch: at its end the count of epochs is exact, whatever the batches were.
  if (!ended && length.stepsPerEpoch !== undefined) {
    // Steps of an earlier fit may have been of other batches: within an epoch progress stays within that epoch.
    const byStep = step / (length.epochs * length.stepsPerEpoch);
    const [least, most] = [epochsCompleted / length.epochs, (epochsCompleted + 1) / length.epochs];
    return Math.min(1, most, Math.max(least, byStep));
  }
  return Math.min(1, epochsCompleted / length.epochs);
}

/**
 * Refuses a position before one that was told already: schedules would stay silent until training has caught up.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function checkForward(now: Position, previous: Position | null): Position {
  if (previous === null || (now.epoch >= previous.epoch && now.step >= previous.step)) return now;
  const [what, before, given] =
    now.epoch < previous.epoch ? ['epoch', previous.epoch, now.epoch] : ['step', previous.step, now.step];
  throw new VogError(
    'ARGUMENT_INVALID',
    `Training stood at ${what} ${before} and is now said to stand at ${what} ${given}. Epochs and steps count on through ` +
      'the whole run, also over several loops: step = epoch * stepsPerEpoch + batch. For a new run call reset() first.',
  );
}

/**
 * Refuses a step within an epoch that was said to have ended: the schedule took its first batch for its end.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function checkOngoing(now: Position, previous: Position | null): void {
  if (previous === null) return;
  if (now.epoch !== previous.epoch || previous.epochsCompleted === previous.epoch || now.step === previous.step) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `Epoch ${now.epoch} had ended at step ${previous.step}, and step ${now.step} is said to be of it too. Pass ` +
      'epochEnd: false to observe after each batch, and leave it out at the end of the epoch.',
  );
}
