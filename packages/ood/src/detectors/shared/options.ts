import { layerName, positive } from '@vogjs/base/options';

/** T of the softmax, which divides the logits. */
export const temperature = positive().default(1).about('T: the logits are divided by it.');

/**
 * Where a detector's features come from: a layer or node, whose feature maps `[h, w, c]` are averaged over h and w, or the
 * penultimate features, which the last linear layer takes. Saved states say null for those.
 */
export const layer = layerName()
  .optional('the penultimate features')
  .about('Layer or node whose output is taken as features, maps averaged over height and width.')
  .identifiedBy((name?: string) => name ?? null);
