// For authors of metrics and resources.
export { checkMetric, type CheckMetricOptions, type MetricReport } from './check-metric/check-metric.js';
export type { Law } from './check-metric/metric-laws.js';
export {
  type ComputeContext,
  defineMetric,
  type InitContext,
  type Metric,
  type MetricDefinition,
  type MetricOptions,
  type MetricOutput,
  type MetricState,
  type UpdateContext,
} from './metrics/metric.js';
export {
  type ChunkView,
  type Cotangent,
  defineResource,
  type Requirements,
  type Resource,
  type ResourceDefinition,
  resourceKey,
  type ResourceParameters,
  type ResourceValue,
  type ValuesOf,
} from './resources/resource.js';
export { assertInputGradient, type BatchFunction, compareWithFiniteDifferences } from '@vogjs/backend';
