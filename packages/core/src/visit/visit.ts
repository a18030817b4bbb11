import type { ScorableModel } from '../model/model.js';
import type { ProbeOptions } from '../probe/probe.js';
import type { Requirements } from '../resources/resource.js';
import type { Consumer } from '../pass/consumer.js';
import { OWN_PARTS } from './own-parts.js';
import type { ResourceVisitor, VisitOptions } from '../pass/visit-options.js';

/**
 * Passes a model as it is now once over a probe, in chunks. Each required resource is computed at most once a chunk,
 * `visit` reduces them on the device and `receive` gets the outcome on the host. What `collectResources` does for
 * whole resources; this one needs no more memory than a chunk.
 *
 * @throws VogError INPUT_SHAPE, LABEL_INVALID, LAYER_UNKNOWN, LOGITS_UNRESOLVED, and what `visit` and `receive` throw
 */
export async function visitResources<const R extends Requirements, Name extends string>(
  model: ScorableModel,
  probe: ProbeOptions,
  requires: R,
  visitor: ResourceVisitor<R, Name>,
  options: VisitOptions = {},
): Promise<void> {
  // The code of a pass is loaded when there is one to make.
  const { passOverResources } = await import('../tracker/training.js');
  await passOverResources(model, probe, requires, visitor, options, OWN_PARTS);
}

/**
 * Passes a model as it is now once over a probe, for several consumers: what more than one of them requires is computed
 * once, and each is given its own values under its own names.
 *
 * @throws VogError as `visitResources`, and what a consumer's `failed` throws
 */
export async function visitProbe(
  model: ScorableModel,
  probe: ProbeOptions,
  consumers: readonly Consumer[],
  options: VisitOptions = {},
): Promise<void> {
  const { passOverProbe } = await import('../tracker/training.js');
  await passOverProbe(model, probe, consumers, options, OWN_PARTS);
}
