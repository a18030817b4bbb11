import { VogError, type Tracker } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { asCallback, isInstance } from './as-callback.js';

/** A fit callback of ours, as the door sees it. */
interface Driver {
  readonly tracker: Tracker;
  /** Keys that it wrote into the epoch's logs as NaN, because there is no score yet. */
  readonly unscored: ReadonlySet<string>;
}

interface FitArguments {
  readonly callbacks?: unknown;
  readonly yieldEvery?: unknown;
}

type Fit = (this: tf.LayersModel, ...given: unknown[]) => Promise<tf.History>;

const drivers = new WeakMap<object, Driver>();
/** Trackers that a fit is driving now. */
const training = new WeakSet<Tracker>();
let open = false;

/**
 * Makes `fit` and `fitDataset` ready for a callback of ours in their list. TensorFlow.js does not tell a callback of its
 * neighbours, and cannot hold instances and plain objects in one list. So the list is prepared before tfjs sees it:
 *
 * - plain objects become callbacks, in their place, with numbers in their logs;
 * - early stopping does not count epochs for which a score of ours is not there yet;
 * - a tracker that another fit is driving is refused.
 *
 * Calls of fit without a callback of ours pass through as they are.
 */
export function admit(callback: Driver): void {
  drivers.set(callback, callback);
  if (open) return;
  open = true;
  // Sequential passes both on to the LayersModel inside it.
  guard('fit', 2);
  guard('fitDataset', 1);
}

function guard(method: 'fit' | 'fitDataset', at: number): void {
  const prototype = tf.LayersModel.prototype as unknown as Record<typeof method, Fit>;
  const original = prototype[method];
  prototype[method] = function (...given) {
    const options = given[at] as FitArguments | undefined;
    const list = [options?.callbacks].flat();
    const mine = list.flatMap((callback) => drivers.get(callback as object) ?? []);
    if (options === undefined || mine.length === 0) return original.apply(this, given);
    return drive(mine, () => {
      const callbacks = list.map((callback) => prepared(callback, mine, options.yieldEvery));
      return original.apply(this, given.with(at, { ...options, callbacks }));
    });
  };
}

async function drive(mine: readonly Driver[], run: () => Promise<tf.History>): Promise<tf.History> {
  const trackers = new Set(mine.map(({ tracker }) => tracker));
  if ([...trackers].some((tracker) => training.has(tracker))) {
    throw new VogError(
      'CALLBACK_BUSY',
      'Another fit that has not ended drives this tracker. Await it first, or give each its own tracker and callback.',
    );
  }
  for (const tracker of trackers) training.add(tracker);
  try {
    return await run();
  } finally {
    for (const tracker of trackers) training.delete(tracker);
  }
}

function prepared(callback: unknown, mine: readonly Driver[], yieldEvery: unknown): unknown {
  if (callback instanceof tf.EarlyStopping) return patient(callback, mine);
  return isInstance(callback) ? callback : asCallback(callback as tf.CustomCallbackArgs, { yieldEvery } as never);
}

/** VoG has no value after one checkpoint; early stopping would count that epoch as one without improvement. */
function patient(stopping: tf.EarlyStopping, mine: readonly Driver[]): tf.EarlyStopping {
  const { monitor } = stopping as unknown as { readonly monitor: string };
  const onEpochEnd = async (epoch: number, logs?: tf.Logs): Promise<void> => {
    if (mine.some(({ unscored }) => unscored.has(monitor))) return;
    await stopping.onEpochEnd(epoch, logs);
  };
  // Everything else is read and written on the callback itself, which the person may ask afterwards.
  return new Proxy(stopping, { get: (target, key) => (key === 'onEpochEnd' ? onEpochEnd : Reflect.get(target, key)) });
}
