import type { Command } from '../command/command.js';
import { WORKER_OPTIONS } from './options.js';

/** Scores shards that `vogjs score --queue` has put into a queue. */
export const workerCommand: Command = {
  usage: 'worker',
  about: 'Score shards that vogjs score --queue has put into a queue',
  examples: ['vogjs worker --queue redis://localhost:6379'],
  options: WORKER_OPTIONS,
  flags: {
    queue: '[address]',
    workers: '<n>',
    rate: '<n>',
    lease: '<n>',
    idle: '<n>',
    patience: '<n>',
  },
  run: async (given) => (await import('./run-worker.js')).runWorker(WORKER_OPTIONS.resolve(given)),
};
