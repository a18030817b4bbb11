import type { GivenLabels } from '../labels/labels.js';
import type { Head } from './head.js';
import type { Task, TaskKind } from './task.js';

/** What a task is resolved from beside the model. */
export interface TaskQuestion {
  /** What the caller says it is. */
  readonly task?: TaskKind | undefined;
  readonly labels: GivenLabels | null;
  /**
   * The answer, for what the model's end tells. It comes with the question, so that `logitsOf`, which asks none, needs no
   * code for it.
   *
   * @throws VogError TASK_MISMATCH, TASK_UNRESOLVED, LABEL_INVALID
   */
  resolve(head: Head): Task;
}
