import { declareOptions, flag, text } from '@vogjs/base/options';
import type { Command } from '../command/command.js';
import { SCORE_OPTIONS } from '../score/config/options.js';

const { data, labels, logits, model, checkpoints, failAbove } = SCORE_OPTIONS.entries;

/** Shards of one run, joined. */
export const mergeCommand: Command = {
  usage: 'merge <run>',
  about: 'Join the shards of a run, scored one by one with vogjs score --shard, into the run',
  examples: ['vogjs merge runs/photos'],
  options: declareOptions('vogjs merge', {
    run: text().required().about('Folder of the run, or s3://bucket/prefix, with all of its shards.'),
    data,
    labels,
    logits,
    model,
    checkpoints,
    failAbove,
    json: flag().default(false).about('Print one JSON object and nothing else.'),
  }),
  argument: 'run',
  flags: {
    data: '<path>',
    labels: '<file>',
    logits: '<path>',
    model: '<file>',
    checkpoints: '<glob>',
    failAbove: '<kind=share,…>',
    json: 'switch',
  },
  run: async (given) => (await import('./run-merge.js')).runMerge(given),
};
