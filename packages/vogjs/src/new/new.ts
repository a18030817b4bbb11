import { declareOptions, flag, oneOf, text } from '@vogjs/base/options';
import type { Command } from '../command/command.js';

const KINDS = ['metric', 'detector', 'monitor'] as const;

const options = declareOptions('vogjs new', {
  kind: oneOf(...KINDS)
    .required()
    .about(`What to begin: ${KINDS.join(', ')}.`),
  name: text().required().about('Its name, in small letters with dashes: near-misses.'),
  out: text().optional('the name of the package').about('Folder to write; it must not be there, or be empty.'),
  json: flag().default(false).about('Print one JSON object and nothing else.'),
});

/** Begins a package with one plugin that works, its tests, and a configuration that uses it. */
export const newCommand: Command = {
  usage: 'new <kind> <name>',
  about: 'Begin a metric, detector or monitor of your own: a package that works, with tests',
  examples: ['vogjs new metric near-misses', 'vogjs new detector my-energy --out plugins/my-energy'],
  options,
  argument: ['kind', 'name'],
  flags: { out: '<folder>', json: 'switch' },
  run: async (given) => (await import('./write-plugin.js')).writePlugin(options.resolve(given)),
};
