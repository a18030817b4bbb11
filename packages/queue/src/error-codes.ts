/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type QueueErrorCode =
  | 'QUEUE_ADDRESS' // an address that is not one of a Redis or PostgreSQL
  | 'QUEUE_CANCELLED' // shards that somebody took out of the queue
  | 'QUEUE_CLOCK' // a clock that is apart from the one of the queue
  | 'QUEUE_UNATTENDED' // shards in a queue that no worker makes progress with
  | 'QUEUE_UNREACHABLE' // a queue whose server does not answer, or does not let us in
  | 'WORKER_UNFIT'; // a worker that cannot do the shards that it is given

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<QueueErrorCode, '@vogjs/queue'> {}
}
