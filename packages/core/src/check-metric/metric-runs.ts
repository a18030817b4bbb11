import { createTracker } from '../tracker/create-tracker.js';
import type { Tracker } from '../tracker/tracker.js';
import type { Metric } from '../metrics/metric.js';
import type { LawBroken } from './metric-laws.js';
import { CHECKPOINTS, type MetricSubject } from './metric-subject.js';
import { differenceOf } from './tensor-copies.js';

/** Half-way, unevenly. */
const SAVED_AFTER = 2;

type Columns = Readonly<Record<string, { readonly values: Float32Array }>>;

/** Checks the laws that show in whole runs of a tracker: chunk invariance and state round trip. */
export async function checkRuns(
  metric: Metric,
  make: () => Metric,
  subject: MetricSubject,
  tolerance: number,
  broken: LawBroken,
): Promise<void> {
  const whole = await scoresOfRun(metric, subject, subject.size);
  for (const chunkSize of [4, 1]) {
    const difference = differenceOf(whole, await scoresOfRun(metric, subject, chunkSize), tolerance);
    if (difference !== null) {
      throw broken(
        'chunk invariance',
        `in one chunk of ${subject.size} and in chunks of ${chunkSize}, column ${difference}. ` +
          'An update sees a part of the probe: nothing may be normalised or carried over across its examples.',
      );
    }
  }
  const straight = await scoresOfRun(metric, subject, 4);
  const difference = differenceOf(straight, await scoresOfResumedRun(metric, make, subject, broken), 0);
  if (difference !== null) {
    throw broken(
      'state round trip',
      `without a break and saved and loaded half-way, column ${difference}. ` +
        'All that update and compute need of the past must be in the state.',
    );
  }
}

async function scoresOfRun(metric: Metric, subject: MetricSubject, chunkSize: number): Promise<Columns> {
  const tracker = trackerOf(metric, subject, chunkSize);
  try {
    await train(tracker, subject, 0, CHECKPOINTS);
    return await tracker.columns();
  } finally {
    tracker.dispose();
  }
}

async function scoresOfResumedRun(
  metric: Metric,
  make: () => Metric,
  subject: MetricSubject,
  broken: LawBroken,
): Promise<Columns> {
  const before = trackerOf(metric, subject, 4);
  const after = trackerOf(make(), subject, 4);
  try {
    await train(before, subject, 0, SAVED_AFTER);
    try {
      await after.load(await before.serialise());
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw broken('state round trip', `its state cannot be saved and loaded. ${problem}`, error);
    }
    await train(after, subject, SAVED_AFTER, CHECKPOINTS);
    return await after.columns();
  } finally {
    before.dispose();
    after.dispose();
  }
}

function trackerOf(metric: Metric, { inputs, labels }: MetricSubject, chunkSize: number): Tracker {
  // One tensor for a model of one input, as users pass it.
  const [only] = inputs;
  const given = inputs.length === 1 && only !== undefined ? only : [...inputs];
  return createTracker({ inputs: given, labels, metrics: [metric], chunkSize, total: { epochs: CHECKPOINTS } });
}

async function train(tracker: Tracker, subject: MetricSubject, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    subject.moveTo(index);
    await tracker.checkpoint(subject.model, { epoch: index, step: subject.step(index) });
  }
}
