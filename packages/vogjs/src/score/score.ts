import { declareOptions } from '@vogjs/base/options';
import type { Command } from '../command/command.js';
import { HOW_OPTIONS, SCORE_OPTIONS } from './config/options.js';

export const scoreCommand: Command = {
  usage: 'score [data]',
  about: 'Which examples are hard, mislabelled or odd: a folder of pictures, a table, checkpoints, or stored logits',
  options: declareOptions('vogjs score', { ...SCORE_OPTIONS.entries, ...HOW_OPTIONS }),
  argument: 'data',
  flags: {
    logits: '<path>',
    labels: '<file>',
    target: '<column>',
    imageSize: '<n>',
    model: '<file>',
    checkpoints: '<glob>',
    layout: '<name>',
    network: '<name>',
    train: '<module>',
    folds: '<n>',
    epochs: '<n>',
    batchSize: '<n>',
    classNames: '<name,…>',
    metrics: '<name,…>',
    windows: '<n>',
    backend: '<name>',
    seed: '<n>',
    chunkSize: '<n>',
    out: '<folder>',
    config: '<file>',
    resume: 'switch',
    plan: 'switch',
    shard: '<i/n>',
    workers: '[n]',
    json: 'switch',
    failAbove: '<kind=share,…>',
  },
  run: async (given) => (await import('./run-score.js')).runScore(given),
};
