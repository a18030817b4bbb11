import { flag, integer, positive, text } from '@vogjs/base/options';

/** Where a queue is; the commands have it alike. */
export const QUEUE = text()
  .optional('none; without an address, the environment variable VOGJS_QUEUE')
  .about('Queue for the shards: redis://host:6379 or postgres://user:password@host/database.');

export const PATIENCE = positive()
  .default(30)
  .about('Minutes to wait while the queue is silent or no shard makes progress.');

/** Of `vogjs score --queue`. */
export const QUEUE_OPTIONS = {
  queue: QUEUE,
  shards: integer(1, 100_000).optional().about('Number of shards to put into the queue.'),
  priority: integer(0, 2 ** 21)
    .default(0)
    .about('Priority in the queue: 0 comes before 1, and 1 before 2.'),
  attempts: integer(1, 100).default(4).about('How often a shard is tried before it counts as failed.'),
  patience: PATIENCE,
  cancel: flag().default(false).about('Take the shards out of the queue; what is done is kept.'),
};
