export { checkMetric, type CheckMetricOptions, type MetricReport } from './check-metric.js';
export { assertInputGradient, compareWithFiniteDifferences, type BatchFunction } from './finite-differences.js';
export type { Law } from './metric-laws.js';
export { normalValues, runSeed, uniformFrom, type Random } from './random.js';
