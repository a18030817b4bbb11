import { fits } from '@vogjs/base/options';
import type { CollectOptions } from '@vogjs/core';

/** What a pass over a probe takes, for functions that hand it on: the pass itself looks at the values. */
export const passOptions = {
  chunkSize: fits<NonNullable<CollectOptions['chunkSize']>>('a whole number of at least 1', () => true)
    .optional("from the input's shape and memory")
    .about('Examples per pass.'),
  logits: fits<NonNullable<CollectOptions['logits']>>('an object { layer, output }', () => true)
    .optional('read off the model')
    .about("Where the model's logits are."),
};
