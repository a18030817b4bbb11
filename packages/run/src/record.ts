export type { RunErrorCode } from './error-codes.js';
export {
  type DetectorScores,
  type OodSetToRecord,
  type OodToRecord,
  recordOod,
  type RecordOodOptions,
} from './record/record-ood.js';
export { recordRun, type RecordRunOptions, type RunRecorder } from './record/record-run.js';
export { thumbsOf } from './thumbs/pictures.js';
export { type Broadcast, type BroadcastOptions, broadcastTracker } from './watch/broadcast/broadcast-tracker.js';
export {
  type BroadcastPicture,
  followBroadcast,
  type Following,
  type FollowOptions,
} from './watch/broadcast/follow-broadcast.js';
export type { BroadcastTraining } from './watch/broadcast/messages.js';
export { watchTracker, type WatchListener, type WatchOptions } from './watch/watch-tracker.js';
export type {
  Flip,
  Flips,
  WatchedColumn,
  WatchedExample,
  WatchedMemory,
  WatchedPosition,
  WatchedScores,
  WatchEvents,
} from './watch/watch-events.js';
