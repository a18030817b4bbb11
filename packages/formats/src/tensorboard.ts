// TensorBoard's event files, without TensorFlow.
export type { FormatsErrorCode } from './error-codes.js';
export { createEventFile, type EventFile } from './tensorboard/event-file.js';
export { encodeEvent, type Event, type EventImage, type EventValue } from './tensorboard/event.js';
export { encodeRecord } from './tensorboard/record.js';
