import { checkOf, checkOptions, text } from '@vogjs/base';

/** Which outputs there are, only the model knows: it is told there, with a list of them. */
const output = checkOf(
  'the index or the name of an output',
  (value) => typeof value === 'number' || typeof value === 'string',
);

/**
 * Refuses what says nothing about where the logits are.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function checkLogitsOptions(logits: unknown): void {
  checkOptions('logits', logits, { layer: text, output });
}
