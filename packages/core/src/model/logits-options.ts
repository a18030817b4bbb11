import { checkOptions, either, integer, text } from '@vogjs/base';

/**
 * Refuses what says nothing about where the logits are.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function checkLogitsOptions(logits: unknown): void {
  checkOptions('logits', logits, { layer: text, output: either(integer(0), text) });
}
