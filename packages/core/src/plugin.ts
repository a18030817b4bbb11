// For authors of plugins.
export type { CoreErrorCode } from './error-codes.js';
export {
  anyOf,
  atLeast,
  between,
  callable,
  type Declaration,
  declareOptions,
  type Entries,
  finite,
  fits,
  flag,
  type InputOf,
  integer,
  layerName,
  listOf,
  oneOf,
  type Option,
  type OptionRow,
  positive,
  type ResolvedOf,
  rowsOf,
  share,
  text,
} from '@vogjs/base/options';
export { type GradientOptions, gradientOptions, type LabelChoice } from './resources/gradient-options.js';
export { checkMetric, type CheckMetricOptions, type MetricReport } from './check-metric/check-metric.js';
export type { Law } from './check-metric/metric-laws.js';
export {
  type ComputeContext,
  type InitContext,
  type Metric,
  type MetricOptions,
  type MetricOutput,
  type MetricState,
  type UpdateContext,
} from './metrics/metric.js';
export {
  type AnyMetricFactory,
  defineMetric,
  type MetricFactory,
  type MetricFactoryDefinition,
} from './metrics/define-metric.js';
export type { MetricDefinition, MetricVariant, MetricWithOptions } from './metrics/definition.js';
export type { OptionsOf, PluginFactory } from './plugin/factory.js';
export {
  type ChunkView,
  type Cotangent,
  type Requirements,
  type Resource,
  resourceKey,
  type ResourceParameters,
  type ResourceValue,
  type ValuesOf,
} from './resources/resource.js';
export {
  defineResource,
  type ResourceDefinition,
  type ResourceFactory,
  type ResourceWithOptions,
} from './resources/define-resource.js';
export { assertInputGradient, type BatchFunction, compareWithFiniteDifferences } from '@vogjs/backend';
export { type MetricWords, type Words, wordsOf } from './plugin/words.js';
// For packages with a kind of plugins of their own: its definition's check, its options and factory, its hooks' errors.
export { type Attempt, attempt, failure, failureOf } from './plugin/attempt.js';
export { checkDefinition, checkOptionEntries, type PluginContract } from './plugin/definition.js';
export {
  declarePluginOptions,
  type Named,
  type NoEntries,
  type OptionValues,
  type PluginDefinition,
  pluginFactory,
  type RequiredIn,
} from './plugin/factory.js';
export { callOf, checkPluginName } from './plugin/name.js';
export { checkRequirements } from './resources/requirements.js';
export {
  defineMonitor,
  type MonitorFactory,
  type MonitorHooks,
  type MonitorWithOptions,
} from './monitor/define-monitor.js';
export type { Monitor } from './monitor/monitor.js';
