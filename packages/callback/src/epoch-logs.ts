import type { Tracker } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';

/** Tells what fit says of an epoch, as numbers; tfjs may hold them on the device still. */
export async function tellLogs(
  tracker: Pick<Tracker, 'epochEnd'>,
  epoch: number,
  logs: Readonly<Record<string, number | tf.Scalar>> = {},
): Promise<void> {
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(logs)) {
    numbers[name] = typeof value === 'number' ? value : ((await value.data())[0] as number);
  }
  tracker.epochEnd(epoch, numbers);
}
