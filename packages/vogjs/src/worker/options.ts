import { declareOptions, integer, positive } from '@vogjs/base/options';
import { PATIENCE, QUEUE } from '../score/config/queue-options.js';

/** The options of `vogjs worker`. */
export const WORKER_OPTIONS = declareOptions('vogjs worker', {
  queue: QUEUE.required(),
  workers: integer(1, 256).default(1).about('Number of processes; each takes a shard of its own.'),
  rate: integer(1).optional('no limit').about('Most shards per minute that all workers of the queue together begin.'),
  lease: integer(2, 3600).default(60).about('Seconds after which another worker takes the shard of one that has died.'),
  idle: positive().default(60).about('End after this many minutes without a shard.'),
  patience: PATIENCE,
});
