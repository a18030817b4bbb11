import { fits } from '@vogjs/base/options';
import type { VisitOptions } from '@vogjs/core';

type Pass = Required<VisitOptions>;
const anything = (): true => true;

/** What a pass over examples takes, for functions that hand it on: `checkPassOptions` looks at the values. */
export const passOptions = {
  chunkSize: fits<Pass['chunkSize']>('a whole number of at least 1', anything)
    .optional("from the input's shape and memory")
    .about('Examples per pass.'),
  logits: fits<Pass['logits']>('an object { layer } or { node }', anything)
    .optional('read off the model')
    .about("Where the model's logits are."),
  onProgress: fits<Pass['onProgress']>('a function', anything).optional('none').about('Called with how much is done.'),
  provide: fits<Pass['provide']>('an object of replacements', anything)
    .optional("the engine's own parts")
    .about('Parts of the engine to replace.'),
};
