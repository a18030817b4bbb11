import { resolve } from 'node:path';
import { VogError } from '@vogjs/base';
import type { AnyMetricFactory } from '@vogjs/core';
import { trackerMetrics } from '@vogjs/metrics';
import { loadExports } from '../config/module.js';

/**
 * The metrics that somebody's modules export, made by `defineMetric` with options.
 *
 * @throws VogError CONFIG_INVALID for a module that is not there, throws, exports no metric, or one with a name that is taken
 */
export async function loadPlugins(paths: readonly string[] | undefined): Promise<AnyMetricFactory[]> {
  const taken = new Map(trackerMetrics.map((factory) => [factory.definition.name, 'VoG.js']));
  const found: AnyMetricFactory[] = [];
  for (const path of paths ?? []) {
    const factories = Object.values(await loadExports(resolve(path), 'CONFIG_INVALID')).filter(isMetricFactory);
    if (factories.length === 0) {
      throw new VogError(
        'CONFIG_INVALID',
        `${path} exports no metric: export const mine = defineMetric({ …, options: {} }). vogjs new metric NAME begins one.`,
      );
    }
    for (const factory of factories) {
      const { name } = factory.definition;
      const by = taken.get(name);
      if (by !== undefined) {
        throw new VogError('CONFIG_INVALID', `Metric '${name}' of ${path} has a name that ${by} has. Give it another.`);
      }
      taken.set(name, path);
      found.push(factory);
    }
  }
  return found;
}

/** What `defineMetric` gives where there are options; a detector has a direction of another name. */
function isMetricFactory(value: unknown): value is AnyMetricFactory {
  return (
    typeof value === 'function' &&
    'definition' in value &&
    typeof value.definition === 'object' &&
    value.definition !== null &&
    'name' in value.definition &&
    'hardDirection' in value.definition
  );
}
