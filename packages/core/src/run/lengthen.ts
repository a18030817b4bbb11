import { VogError } from '@vogjs/base';
import { positionAt, type RunLength } from '../schedule/position.js';
import type { RunState } from './run-state.js';

/**
 * Learns the length of the run; what is undefined, and what `total` gave, stays as it was.
 *
 * @throws VogError ARGUMENT_INVALID when it contradicts `total`; SCHEDULE_NEEDS_TOTAL when windows by fraction were
 *   filled for another length
 */
export function lengthen(run: RunState, length: RunLength): void {
  checkAgainstTotal(run.given, length);
  const { epochs } = { ...length, ...run.given };
  if (run.filledFor !== null && epochs !== undefined && epochs !== run.filledFor) {
    throw new VogError(
      'SCHEDULE_NEEDS_TOTAL',
      `Windows by fraction hold checkpoints of a run of ${run.filledFor} epochs, and the run is now said to have ${epochs}: ` +
        'what was the last third would be the first. Pass total: { epochs } of the whole run to createTracker, give windows ' +
        'in epochs, or reset().',
    );
  }
  const known = Object.entries(length).filter(([, value]) => value !== undefined);
  run.length = { ...run.length, ...Object.fromEntries(known), ...run.given };
  if (run.observed === null) return;
  // Half of a run is a quarter of one that became twice as long: fractions ahead must still be ahead.
  const { epoch, epochsCompleted, step } = run.observed;
  run.observed = positionAt({ epoch, step, epochEnd: epochsCompleted > epoch }, run.length, null);
}

function checkAgainstTotal(given: RunLength, told: RunLength): void {
  const contradiction = (what: string): VogError =>
    new VogError(
      'ARGUMENT_INVALID',
      `${what} Correct total, or leave it out: fit tells the length of one call itself.`,
    );
  if (given.epochs !== undefined && told.epochs !== undefined && told.epochs > given.epochs) {
    throw contradiction(
      `total.epochs is ${given.epochs}, but training is about to go on to ${told.epochs} epochs, those before it counted.`,
    );
  }
  const { stepsPerEpoch } = told;
  if (given.stepsPerEpoch !== undefined && stepsPerEpoch !== undefined && stepsPerEpoch !== given.stepsPerEpoch) {
    throw contradiction(`total.stepsPerEpoch is ${given.stepsPerEpoch}, but an epoch has ${stepsPerEpoch} steps.`);
  }
}
