import type { ScorableModel } from '../model/model.js';
import type { ProbeOptions } from '../probe/probe.js';
import type { Requirements } from '../resources/resource.js';
import { OWN_PARTS } from './own-parts.js';
import type { Collected, VisitOptions } from '../pass/visit-options.js';

/** What `collectResources` takes beside model and probe. */
export type CollectOptions = VisitOptions;

/**
 * Values of resources for all examples of a probe, from one pass over a model as it is now. Use it for scores that
 * compare examples with one another; a metric sees one chunk at a time and cannot. Takes the memory of those values.
 *
 * ```ts
 * const { penultimate: h, labels: y } = await collectResources(model, { inputs, labels }, { penultimate, labels });
 * ```
 *
 * @throws VogError INPUT_SHAPE, LABEL_INVALID, LAYER_UNKNOWN, LOGITS_UNRESOLVED
 */
export async function collectResources<const R extends Requirements>(
  model: ScorableModel,
  probe: ProbeOptions,
  requires: R,
  options: CollectOptions = {},
): Promise<{ readonly [Name in keyof R]: Collected }> {
  const { collectAll } = await import('../tracker/training.js');
  return (await collectAll(model, probe, requires, options, OWN_PARTS)) as { readonly [Name in keyof R]: Collected };
}
