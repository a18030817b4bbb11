import { refuseUnknownKeys, VogError } from '@vogjs/base';
import { OPTIONS, type TrackerOptions } from '../run/options.js';
import { trackerContainer } from './container.js';
import { Tracker } from './tracker.js';
import { checkTrackerOptions } from './tracker-arguments.js';

/**
 * Makes a tracker: a probe, metrics, and when to score.
 *
 * @throws VogError when an option is wrong; see each option
 */
export function createTracker(options: TrackerOptions): Tracker {
  if (typeof options !== 'object' || options === null) {
    throw new VogError('ARGUMENT_INVALID', 'createTracker needs an object: { inputs, labels, metrics, … }.');
  }
  refuseUnknownKeys('createTracker', options, OPTIONS);
  checkTrackerOptions(options);
  return new Tracker(trackerContainer(options));
}
