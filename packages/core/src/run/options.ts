import type { Metric } from '../metrics/metric.js';
import type { LogitsOptions, ScorableModel } from '../model/model.js';
import type { ProbeOptions } from '../probe/probe.js';
import type { TaskKind } from '../task/task.js';
import type { RunLength } from '../schedule/position.js';
import type { Schedule } from '../schedule/schedules.js';
import type { Windows } from '../schedule/segments.js';
import type { ProvidedForPass } from '../pass/provided.js';
import type { Monitor } from '../monitor/monitor.js';
import type { StateStore } from './state-store.js';

/** Examples that are scored elsewhere, where a probe is a part of them. */
export interface Elsewhere {
  /**
   * Whether the model gives a number for any of them: asked at a checkpoint at which it gives NaN or infinity for every
   * example of this probe. That is left out as diverged only where this says no.
   */
  isAlive(model: ScorableModel): Promise<boolean>;
}

/** Parts of the engine that tests and users may replace. */
export interface Provided extends ProvidedForPass {
  readonly stateStore?: StateStore;
  readonly elsewhere?: Elsewhere;
}

/** What `createTracker` takes. */
export interface TrackerOptions extends ProbeOptions {
  /** At least one, with distinct names. */
  readonly metrics: readonly Metric[];
  /** When `fitCallback` and `observe` take a checkpoint. Default: at the end of every epoch. */
  readonly schedule?: Schedule;
  /** Stretches of training with scores of their own; they may overlap. 'complete', all checkpoints, is always there. */
  readonly windows?: Windows;
  /**
   * Length of the whole run. `fit` tells that of one call by itself; a loop of one's own needs it for fractions and
   * `stages`, and so do several calls of fit that make one run. What is given here holds: a longer fit is refused.
   */
  readonly total?: RunLength;
  /** Examples per pass. By default measured before training, within `workingMemory`: see `plan().chunkSizeReason`. */
  readonly chunkSize?: number;
  /** Bytes that the metrics' states may take; refused before training when they cannot be kept. */
  readonly memoryBudget?: number;
  /**
   * Bytes that one pass may take for a moment beside the states: inputs, activations, gradients. Default 2 ** 30. Bounds
   * the chunk size that is chosen; refused before training when a pass of one example takes more.
   */
  readonly workingMemory?: number;
  /** Where the model's logits are, when that cannot be read off it. */
  readonly logits?: LogitsOptions;
  /**
   * What the model trains for. By default read off its head, its compiled loss and the labels together, and told by
   * `plan().task`; refused where they contradict it.
   */
  readonly task?: TaskKind;
  /** Number of classes, when it must be known before the model is seen. */
  readonly classes?: number;
  /** What looks at the model at each checkpoint beside the metrics, with figures for events and logs. */
  readonly monitors?: readonly Monitor[];
  /** What a metric's or monitor's error does: `'throw'` (default) rejects fit; `'quarantine'` tears that one only. */
  readonly onError?: 'throw' | 'quarantine';
  /**
   * What a checkpoint does at which the model gives NaN or infinity for every example, as when training has diverged.
   * `'skip'` (default): it is left out, with a warning, the event `diverged` and a note on all scores. `'refuse'`: the
   * same error, RESULT_NOT_FINITE, rejects fit or checkpoint; the state stands as it was. `'stop'`: left out, and fit
   * stops after this epoch. Where only some examples give NaN, the checkpoint counts and is told in the same ways.
   */
  readonly onDiverged?: 'skip' | 'refuse' | 'stop';
  /**
   * `'one'` (default): the tracker follows the training of one model, and refuses another, MODEL_CHANGED: scores of two
   * models in one trajectory mean nothing. `'any'`: each checkpoint may come in a model object of its own, as when saved
   * checkpoints of one training are loaded one after the other.
   */
  readonly models?: 'one' | 'any';
  /**
   * Whether checkpoints are recorded and run as sessions on native TensorFlow, which is faster: see `plan().recorded`.
   * Default true; false computes one operation at a time.
   */
  readonly recorded?: boolean;
  /** Replacements for parts of the engine. */
  readonly provide?: Provided;
}

/** Every key of `TrackerOptions`, kept complete by the compiler. */
export const OPTIONS: readonly (keyof TrackerOptions)[] = Object.keys({
  inputs: 0,
  labels: 0,
  ids: 0,
  classNames: 0,
  metrics: 0,
  schedule: 0,
  windows: 0,
  total: 0,
  chunkSize: 0,
  memoryBudget: 0,
  workingMemory: 0,
  logits: 0,
  task: 0,
  classes: 0,
  monitors: 0,
  onError: 0,
  onDiverged: 0,
  models: 0,
  recorded: 0,
  provide: 0,
} satisfies Record<keyof TrackerOptions, 0>) as (keyof TrackerOptions)[];
