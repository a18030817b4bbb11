import { declareOptions } from '@vogjs/base/options';
import type { Command } from '../command/command.js';
import { SCORE_OPTIONS } from '../score/config/options.js';
import { scoreCommand } from '../score/score.js';
import { TEMPLATE_OPTIONS } from './options.js';

const OF_SCORE = Object.keys(SCORE_OPTIONS.entries);

/** Prints what runs the shards of a run on an engine that people have. */
export const templateCommand: Command = {
  usage: 'template <kind> [data]',
  about: 'Print a job file for slurm, kubernetes or docker-compose: it scores saved checkpoints or logits in shards',
  examples: ['vogjs template slurm --logits l.npy --labels l.csv --shards 24 > score.sbatch'],
  options: declareOptions('vogjs template', { ...SCORE_OPTIONS.entries, ...TEMPLATE_OPTIONS }),
  argument: ['kind', 'data'],
  flags: {
    ...Object.fromEntries(Object.entries(scoreCommand.flags).filter(([name]) => OF_SCORE.includes(name))),
    config: '<file>',
    shards: '<n>',
    by: '<name>',
    workers: '<n>',
    image: '<name>',
    claim: '<name>',
  },
  run: async (given) => (await import('./run-template.js')).runTemplate(given),
};
