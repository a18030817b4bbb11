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
export { checkedProbe, checkModelArgument, checkPassOptions } from './engine/arguments.js';
export { settleDevice } from '@vogjs/backend';
export { repairBackend, type RepairReport } from '@vogjs/backend';
export { collectResources, type Collected, type CollectOptions } from './engine/collect.js';
export {
  visitResources,
  type HostValue,
  type ResourceVisitor,
  type VisitedChunk,
  type VisitOptions,
} from './engine/visit.js';
export { createTracker } from './engine/create-tracker.js';
export type { Tracker } from './engine/tracker.js';
export type { TrackerOptions, Provided } from './engine/options.js';
export type { CheckpointInfo, ProgressInfo, TrackerEvents } from './engine/events.js';
export type { Plan } from './engine/planner.js';
export type { ScoresOptions } from './engine/scoring.js';
export { yieldToHost, type Clock } from './engine/clock.js';
export type { Figures, Monitor } from './engine/monitor.js';
export type { Logger } from './engine/logger.js';
export type { ByteSink, ByteSource } from './engine/files.js';
export { DeviceStateStore, type StagedStates, type StateKey, type StateStore } from './engine/state-store.js';
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
  defineMetric,
  scheduled,
  type ComputeContext,
  type InitContext,
  type Metric,
  type MetricDefinition,
  type MetricOptions,
  type MetricOutput,
  type MetricState,
  type UpdateContext,
} from './metrics/metric.js';
export {
  logitsOf,
  modelAdapter,
  type BoundModel,
  type ForwardPass,
  type LogitsFunction,
  type LogitsOptions,
  type ModelAdapter,
  type ScorableModel,
} from './model/adapter.js';
export { linearHeadOf, type LinearHead } from './model/linear-head.js';
export { PENULTIMATE } from './model/penultimate.js';
export { runningMoments, type Moments, type VarianceOptions } from './moments/running-moments.js';
export type { LabelValue, ProbeLabels, ShapedLabels } from './probe/labels.js';
export type { ChunkInputs, ChunkSource, ProbeExamples, ProbeInput, ProbeInputs, ProbeOptions } from './probe/probe.js';
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
export {
  defineResource,
  type ChunkView,
  type Cotangent,
  type GradientRequest,
  type Requirements,
  type Resource,
  type ResourceDefinition,
  resourceKey,
  type ResourceParameters,
  type ResourceValue,
  type ValuesOf,
} from './resources/resource.js';
export type { CheckpointAt, Position, RunLength } from './schedule/position.js';
export type { Squashing, Task, TaskKind, TaskLoss } from './task/task.js';
export { refuseForTask } from './task/refusals.js';
export { needsOf, type Needs } from './resources/resolver.js';
export { epochs, stages, steps, type TrainingRange } from './schedule/ranges.js';
export { atFractions, during, either, everyEpoch, everySteps, logSpaced, type Schedule } from './schedule/schedules.js';
export type { Windows } from './schedule/segments.js';
export {
  Scores,
  type ExampleId,
  type HardDirection,
  type Normalisation,
  type ScoredExample,
  type ScoresInit,
} from './scores/scores.js';
export type { CsvOptions } from './scores/csv.js';
