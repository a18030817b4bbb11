import { anything, callable, either, list, record, VogError } from '@vogjs/base';
import { type Entries, declareOptions, type ResolvedOf } from '@vogjs/base/options';
import { checkDefinition, checkOptionEntries, type PluginContract } from '../plugin/definition.js';
import { type NoEntries, type PluginDefinition, type PluginFactory, pluginFactory } from '../plugin/factory.js';
import { callOf } from '../plugin/name.js';
import type { TaskKind } from '../task/task.js';
import { checkRequirements } from './requirements.js';
import {
  type ChunkView,
  type Requirements,
  type Resource,
  resourceKey,
  type ResourceParameters,
  type ResourceValue,
  type ValuesOf,
} from './resource.js';

/** What `defineResource` takes. */
export interface ResourceDefinition<R extends Requirements, Value extends ResourceValue> {
  /** Unique name; choose a prefix of your own for a published plugin. */
  readonly name: string;
  /** Values that distinguish one use of this resource from another. */
  readonly parameters?: ResourceParameters;
  readonly requires: R;
  /** Tasks in which this value means something; by default those in which all that it requires does. */
  readonly tasks?: readonly TaskKind[];
  /** Pure; runs inside a synchronous `tf.tidy`, so intermediate tensors need no dispose. */
  readonly compute: (values: ValuesOf<R>, chunk: ChunkView) => Value;
}

/** A resource with options: `requires` is a function of them, and `compute` gets them last, defaults filled in. */
export interface ResourceWithOptions<E extends Entries, R extends Requirements, Value extends ResourceValue> {
  /** Unique name; choose a prefix of your own for a published plugin. */
  readonly name: string;
  /** Its options, which distinguish one use of this resource from another. */
  readonly options?: E;
  readonly requires: (options: ResolvedOf<E>) => R;
  /** Tasks in which this value means something; by default those in which all that it requires does. */
  readonly tasks?: readonly TaskKind[];
  /** Pure; runs inside a synchronous `tf.tidy`, so intermediate tensors need no dispose. */
  readonly compute: (values: ValuesOf<NoInfer<R>>, chunk: ChunkView, options: ResolvedOf<E>) => Value;
}

/** Makes resources of one definition. */
export type ResourceFactory<E extends Entries, Value extends ResourceValue> = PluginFactory<
  E,
  Resource<Value>,
  PluginDefinition<E>
>;

interface AnyResourceDefinition {
  readonly name: string;
  readonly parameters?: ResourceParameters;
  readonly options?: Entries;
  readonly requires: Requirements | ((options: never) => Requirements);
  readonly tasks?: readonly TaskKind[];
  readonly compute: (values: never, chunk: ChunkView, options: never) => ResourceValue;
}

const contract: PluginContract = {
  kind: 'resource',
  define: 'defineResource',
  code: 'ARGUMENT_INVALID',
  parts: {
    name: anything,
    parameters: record,
    options: record,
    requires: either(record, callable),
    tasks: list,
    compute: anything,
  },
};

/**
 * Adds a resource: a value computed from other resources, shared by all metrics that require it.
 *
 * Where `requires` is a function, the resource has options, and what comes back is a factory: its resources are one for
 * equal options. Otherwise what comes back is the resource.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function defineResource<
  const R extends Requirements,
  Value extends ResourceValue,
  const E extends Entries = NoEntries,
>(definition: ResourceWithOptions<E, R, Value>): ResourceFactory<E, Value>;
export function defineResource<const R extends Requirements, Value extends ResourceValue>(
  definition: ResourceDefinition<R, Value>,
): Resource<Value>;
export function defineResource(
  definition: AnyResourceDefinition,
): Resource<ResourceValue> | ResourceFactory<Entries, ResourceValue> {
  checkDefinition(contract, definition);
  const { name, requires, compute, parameters = {} } = definition;
  if (typeof compute !== 'function') {
    throw new VogError('ARGUMENT_INVALID', `Resource '${name}' needs compute(values, chunk), a function.`);
  }
  if (typeof requires === 'function') return factoryOf(definition, requires);
  // The engine passes exactly the values of `requires`; the type system cannot see through the string map.
  return resourceOf(definition, parameters, requires, compute as unknown as Resource['compute'], compute);
}

function factoryOf(
  definition: AnyResourceDefinition,
  requires: (options: never) => Requirements,
): ResourceFactory<Entries, ResourceValue> {
  const { name, options: entries = {}, compute } = definition;
  const call = callOf(name);
  checkOptionEntries(contract, entries);
  const options = declareOptions(call, entries);
  return pluginFactory({ kind: 'resource', name, call, options }, (values) =>
    resourceOf(
      definition,
      options.identity(values) as ResourceParameters,
      requires(values as never),
      (resources, chunk) => compute(resources as never, chunk, values as never),
      definition,
    ),
  );
}

function resourceOf(
  { name, tasks }: AnyResourceDefinition,
  parameters: ResourceParameters,
  requires: Requirements,
  compute: Resource<ResourceValue>['compute'],
  definition: object,
): Resource<ResourceValue> {
  checkRequirements(`Resource '${name}'`, requires);
  const key = resourceKey(name, parameters);
  return { name, key, requires, ...(tasks === undefined ? {} : { tasks }), compute, definition };
}
