import { callable, checkArgument, checkOptions, integer, list, oneOf, record } from '@vogjs/base';
import type { RunLength } from '../schedule/position.js';
import { checkProvided } from '../pass/arguments.js';
import { checkRange } from '../schedule/ranges.js';
import { checkLogitsOptions } from '../model/logits-options.js';
import type { TrackerEvents } from '../run/events.js';
import type { TrackerOptions } from '../run/options.js';

/**
 * Refuses options of a kind that they cannot have. What they must be beyond that, and how they fit together, is checked
 * where they are read.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function checkTrackerOptions(options: TrackerOptions): void {
  const { windows, total, logits, monitors, provide } = options;
  if (windows !== undefined) {
    checkArgument('createTracker', 'windows', windows, record);
    for (const [name, range] of Object.entries(windows)) checkRange(`window '${name}'`, range);
  }
  if (total !== undefined) checkRunLength('total', total);
  if (logits !== undefined) checkLogitsOptions(logits);
  if (monitors !== undefined) checkArgument('createTracker', 'monitors', monitors, list);
  if (provide !== undefined)
    checkProvided(provide, { stateStore: ['get', 'set', 'clear', 'entries'], elsewhere: ['isAlive'] });
}

/**
 * What is known of a run's length.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function checkRunLength(where: string, length: RunLength): void {
  checkOptions(where, length, { epochs: integer(1), stepsPerEpoch: integer(1) });
}

const EVENTS = Object.keys({
  checkpointBegin: 0,
  progress: 0,
  checkpointEnd: 0,
  epochEnd: 0,
  diverged: 0,
  metricError: 0,
  monitorError: 0,
  reset: 0,
  dispose: 0,
} satisfies Record<keyof TrackerEvents, 0>);

/** @throws VogError ARGUMENT_INVALID for an event that is never told, and a listener that cannot be */
export function checkListener(event: unknown, listener: unknown): void {
  checkArgument('on', 'the event', event, oneOf(...EVENTS));
  checkArgument('on', 'the listener', listener, callable);
}
