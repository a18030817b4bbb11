import { flag, integer, positive, text } from '@vogjs/base/options';

/** Where a queue is; the commands have it alike. */
export const QUEUE = text()
  .optional('none; without an address the environment variable VOGJS_QUEUE')
  .about('Queue of the shards: redis://host:6379 or postgres://user:password@host/database.');

export const PATIENCE = positive().default(30).about('Minutes that a queue may be silent, or shards not get on.');

/** Of `vogjs score --queue`. */
export const QUEUE_OPTIONS = {
  queue: QUEUE,
  shards: integer(1, 100_000).optional().about('Number of shards that are put into the queue.'),
  priority: integer(0, 2 ** 21)
    .default(0)
    .about('Of the shards in the queue: 0 before 1, and 1 before 2.'),
  attempts: integer(1, 100).default(4).about('How often a shard is tried before it is given up and named.'),
  patience: PATIENCE,
  cancel: flag().default(false).about('Take the shards out of the queue; what is done is kept.'),
};
