import type * as tf from '@tensorflow/tfjs';
import type { GivenLabels } from '../labels/labels.js';
import type { CompiledLoss } from './compiled-loss.js';
import type { Head } from './head.js';
import type { Task, TaskKind } from './task.js';

/** What a task is resolved from beside the model. */
export interface TaskQuestion {
  /** What the caller says it is. */
  readonly task?: TaskKind | undefined;
  readonly labels: GivenLabels | null;
  /** The loss that a model was compiled with for one of its outputs; null where there is none. */
  lossOf(model: tf.LayersModel, output: number): CompiledLoss | null;
  /**
   * The answer, for what the model's end tells. It comes with the question, so that `logitsOf`, which asks none, needs no
   * code for it.
   *
   * @throws VogError TASK_MISMATCH, TASK_UNRESOLVED, LABEL_INVALID
   */
  resolve(head: Head): Task;
}
