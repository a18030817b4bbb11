import { VogError } from '@vogjs/base';
import type { Findings, NotFiniteCheckpoint } from './findings.js';

/** Notes for the scores of one metric over these segments. */
export function notesOf(
  findings: Findings,
  metric: string,
  segments: readonly string[],
  checkpoints: number,
): string[] {
  const notes: string[] = [];
  const mine = findings.notFinite.filter((found) => found.metrics.includes(metric) && segments.includes(found.window));
  const skipped = mine.filter((found) => found.skipped);
  if (skipped.length > 0) {
    notes.push(
      `${count(skipped.length, 'checkpoint')} left out, where the model gave NaN or infinity for every example ` +
        `(training diverged): ${places(skipped)}.`,
    );
  }
  const partly = mine.filter((found) => !found.skipped);
  if (partly.length > 0) {
    const most = Math.max(...partly.map(({ examples }) => examples));
    notes.push(
      `At ${count(partly.length, 'checkpoint')} the model gave NaN or infinity for up to ${most} of ${partly[0]?.total} ` +
        `examples (${places(partly)}): scores that rest on these are not finite, or not to be trusted.`,
    );
  }
  if (lacksGradients(findings, metric, checkpoints)) {
    notes.push(
      'The input gradient was exactly 0 for every example at every checkpoint: something between input and output, such ' +
        'as round, argMax, a cast or a saturated activation, lets none through. A score built on it says nothing.',
    );
  }
  return notes;
}

/** Whether every input gradient that a metric asked for was 0, at each of its checkpoints. */
export function lacksGradients({ zeroGradients }: Findings, metric: string, checkpoints: number): boolean {
  return checkpoints > 0 && (zeroGradients.find(([name]) => name === metric)?.[1] ?? 0) >= checkpoints;
}

/**
 * A note where several examples have a score of exactly 0, made of gradients. They rank as equals, at the end that 0
 * stands for. Nothing tells those that are settled from those that float32 has lost.
 */
export function zeroScoresNotes(values: Float32Array): string[] {
  const zeros = values.filter((value) => value === 0).length;
  if (zeros > 1 && zeros === values.length) {
    return [
      `All ${zeros} examples tie at 0: were the weights the same at every checkpoint? Await each checkpoint before training goes on.`,
    ];
  }
  return zeros > 1 ? [`${zeros} of ${values.length} examples tie at 0, perhaps by underflow.`] : [];
}

/** The error of a checkpoint that is refused. */
export function divergedError(found: NotFiniteCheckpoint, checkpoint: number): VogError {
  const whom = found.skipped ? 'every example' : `${found.examples} of ${found.total} examples`;
  const state = found.skipped
    ? 'The tracker stands as it did before this checkpoint.'
    : 'The checkpoint was taken: the scores of these examples are not finite from here on.';
  return new VogError(
    'RESULT_NOT_FINITE',
    `At checkpoint ${checkpoint} (${place(found)}) the model gave NaN or infinity for ${whom}: training has diverged, or ` +
      `the model is not finite there. ${state} Lower the learning rate, or clip gradients; onDiverged: 'skip' trains on.`,
    { checkpoint },
  );
}

/** The same for the log, when training goes on. */
export function divergedWarning(found: NotFiniteCheckpoint): string {
  return (
    `VoG.js: the model gave NaN or infinity for ${found.examples} of ${found.total} examples (${place(found)}). ` +
    (found.skipped ? 'This checkpoint is left out of the scores.' : 'The scores of these are not finite from here on.')
  );
}

function places(found: readonly NotFiniteCheckpoint[]): string {
  const shown = found.slice(0, 3).map(place).join('; ');
  return found.length > 3 ? `${shown} and ${found.length - 3} more` : shown;
}

function place({ position }: NotFiniteCheckpoint): string {
  return `epoch ${position.epoch}, step ${position.step}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
