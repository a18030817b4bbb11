import { refuseAnother } from './same-definition.js';
import { TASK_KINDS, type TaskKind } from '../task/task.js';
import type { GradientRequest, Requirements, Resource, ResourceValue } from './resource.js';

/** Everything that a set of metrics needs of a pass, read off their requirements. */
export interface Needs {
  readonly labels: boolean;
  readonly forward: boolean;
  readonly features: readonly string[];
  /** Distinct gradients, by resource key. */
  readonly gradients: ReadonlyMap<string, GradientRequest>;
  /** Tasks in which all of it means something. */
  readonly tasks: readonly TaskKind[];
}

/**
 * Collects the needs of all resources reachable from `requirements`.
 *
 * @throws VogError RESOURCE_DUPLICATE for two different resources of one name and parameters
 */
export function needsOf(requirements: readonly Requirements[]): Needs {
  const features = new Set<string>();
  const gradients = new Map<string, GradientRequest>();
  let labels = false;
  let forward = false;
  let tasks = TASK_KINDS;
  const seen = new Map<string, Resource<ResourceValue>>();
  const visit = (resource: Resource<ResourceValue>): void => {
    const known = seen.get(resource.key);
    if (known !== undefined) return refuseAnother(known, resource);
    seen.set(resource.key, resource);
    labels ||= resource.needs?.labels === true;
    forward ||= resource.needs?.forward === true;
    if (resource.needs?.feature !== undefined) features.add(resource.needs.feature);
    if (resource.needs?.gradient !== undefined) gradients.set(resource.key, resource.needs.gradient);
    const { tasks: own } = resource;
    if (own !== undefined) tasks = tasks.filter((kind) => own.includes(kind));
    for (const inner of Object.values(resource.requires)) visit(inner);
  };
  for (const required of requirements) for (const resource of Object.values(required)) visit(resource);
  return { labels, forward, features: [...features], gradients, tasks };
}
