import { VogError } from '@vogjs/base';

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

/** What a training loop of one's own says at a checkpoint. */
export interface CheckpointAt {
  /** Index of the epoch just trained, from 0. */
  readonly epoch: number;
  /** Optimizer steps so far; by default the steps of the last checkpoint. */
  readonly step?: number;
  /** True (the default) when the epoch has ended, false for a checkpoint within it. */
  readonly epochEnd?: boolean;
}

/** Completes what a loop said with what is known of the run's length. */
export function positionAt(at: CheckpointAt, length: RunLength, previous: Position | null): Position {
  if (!(Number.isInteger(at?.epoch) && at.epoch >= 0 && (at.step === undefined || at.step >= 0))) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `A checkpoint needs { epoch, step? }, counted from 0; got ${JSON.stringify(at)}.`,
    );
  }
  const ended = at.epochEnd ?? true;
  const epochsCompleted = ended ? at.epoch + 1 : at.epoch;
  const step = at.step ?? previous?.step ?? 0;
  return { epoch: at.epoch, epochsCompleted, step, progress: progressOf(epochsCompleted, step, ended, length) };
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
