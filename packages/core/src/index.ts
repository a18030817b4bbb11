export {
  refuseUnknownKeys,
  seededRandom,
  type SeededRandom,
  VogError,
  type ErrorCode,
  type ErrorCodes,
  type ErrorOrigin,
  type OwnErrorCode,
  type PluginKind,
  type PluginName,
  type ShapedArray,
} from '@vogjs/base';
export type { CoreErrorCode } from './error-codes.js';
export { checkModelArgument, checkPassOptions } from './pass/arguments.js';
export { checkedProbe } from './probe/checked.js';
export { settleDevice } from '@vogjs/backend';
export { prepareBackend, type RepairReport } from '@vogjs/backend';
export { collectResources, type CollectOptions } from './visit/collect.js';
export type { Consumer, HostValue, PassChunk, TurnFailure, VisitedChunk } from './pass/consumer.js';
export type { ProvidedForPass } from './pass/provided.js';
export { visitProbe, visitResources } from './visit/visit.js';
export type { Collected, PassProgress, ResourceVisitor, VisitOptions } from './pass/visit-options.js';
export { createTracker } from './tracker/create-tracker.js';
export type { Tracker } from './tracker/tracker.js';
export type { Elsewhere, TrackerOptions, Provided } from './run/options.js';
export type { ProgressInfo, TrackerEvents } from './run/events.js';
export type { CheckpointInfo } from './schedule/checkpoint-info.js';
export type { Plan } from './tracker/planner.js';
export type { ScoresOptions } from './tracker/scoring.js';
export { yieldToHost, type Clock } from './pass/clock.js';
export type { Figures, Monitor } from './monitor/monitor.js';
export {
  defineMonitor,
  type MonitorFactory,
  type MonitorFactoryDefinition,
  type MonitorHooks,
  type MonitorWithOptions,
} from './monitor/define-monitor.js';
export type { Logger } from './pass/logger.js';
export type { ByteSink, ByteSource } from '@vogjs/formats/files';
export { DeviceStateStore, type StagedStates, type StateKey, type StateStore } from './run/state-store.js';
export {
  inputGradientOf,
  tapeGradientEngine,
  type GradientEngine,
  type GradientJob,
  type GradientPass,
  type InputGradientOptions,
} from './gradients/input-gradient.js';
export { withLeanGradients } from '@vogjs/backend';
export {
  scheduled,
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
export type { MetricDefinition, MetricWithOptions } from './metrics/definition.js';
export type { NoEntries, OptionsOf, OptionValues, PluginDefinition, PluginFactory } from './plugin/factory.js';
export { logitsOf, modelAdapter } from './model/adapter.js';
export type {
  BoundModel,
  ForwardPass,
  LogitsFunction,
  LogitsOptions,
  ModelAdapter,
  ScorableModel,
} from './model/model.js';
export { linearHeadOf, type LinearHead } from './model/linear-head.js';
export { PENULTIMATE } from './model/penultimate.js';
export { runningMoments, type Moments, type VarianceOptions } from './moments/running-moments.js';
export type { LabelValue, ProbeLabels, ShapedLabels } from './labels/labels.js';
export type { ProbeExamples, ProbeOptions } from './probe/probe.js';
export type { ChunkInputs, ChunkSource, ProbeInput, ProbeInputs, ShapedInput } from './probe/inputs.js';
export {
  features,
  inputGradient,
  inputGradientOfScalar,
  labels,
  logits,
  logProbabilities,
  loss,
  oneHotLabels,
  penultimate,
  outputs,
  predictions,
  probabilities,
  targets,
  unitLosses,
  type InputGradientParameters,
} from './resources/builtin.js';
export { type GradientOptions, gradientOptions } from './resources/gradient-options.js';
export {
  type ChunkView,
  type Cotangent,
  type GradientRequest,
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
export type { CheckpointAt, Position, RunLength } from './schedule/position.js';
export type { Squashing, Task, TaskKind, TaskLoss } from './task/task.js';
export { refuseForTask } from './task/refusals.js';
export { needsOf, type Needs } from './resources/needs.js';
export { epochs, stages, steps, type TrainingRange } from './schedule/ranges.js';
export { atFractions, during, either, everyEpoch, everySteps, logSpaced, type Schedule } from './schedule/schedules.js';
export type { Windows } from './schedule/segments.js';
export { Scores, type Normalisation, type ScoredExample } from './scores/scores.js';
export type { ExampleId, HardDirection, ScoresInit, Words } from './scores/facts.js';
export type { CsvOptions } from './scores/csv.js';
