import { declareOptions, integer, positive } from '@vogjs/base/options';
import { PATIENCE, QUEUE } from '../score/config/queue-options.js';

/** The options of `vogjs worker`. */
export const WORKER_OPTIONS = declareOptions('vogjs worker', {
  queue: QUEUE.required(),
  workers: integer(1, 256).default(1).about('Processes, each with a shard of its own.'),
  rate: integer(1)
    .optional('as many as they can')
    .about('Shards a minute that all workers of the queue together begin.'),
  lease: integer(2, 3600)
    .default(60)
    .about('Seconds after which the shard of a worker that is gone is taken by another.'),
  idle: positive().default(60).about('Ends after so many minutes without a shard.'),
  patience: PATIENCE,
});
