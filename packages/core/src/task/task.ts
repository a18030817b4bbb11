import type * as tf from '@tensorflow/tfjs';

/**
 * What a model was trained for.
 * - `classification`: one of several classes, by a softmax;
 * - `binary`: one of two, by one sigmoid unit;
 * - `multi-label`: any number of units at once, a sigmoid for each;
 * - `regression`: real outputs.
 */
export type TaskKind = 'classification' | 'binary' | 'multi-label' | 'regression';

export const TASK_KINDS: readonly TaskKind[] = ['classification', 'binary', 'multi-label', 'regression'];

/** What stands between the logits and the outputs of a model; any other activation counts as part of the logits. */
export type Squashing = 'softmax' | 'logSoftmax' | 'sigmoid' | 'linear';

/** A loss as `compile` takes it: `[size, units]` twice, one value per example or one in all. */
export type LossFunction = (targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;

/** How the loss of an example is computed. */
export interface TaskLoss {
  /** In words, for people: 'binary cross-entropy'. */
  readonly name: string;
  /**
   * `categorical`: cross-entropy of the softmax of the logits; `binary`: mean over units of the cross-entropy of their
   * sigmoids; both from the logits, so that small losses keep their digits. `own`: the loss function itself.
   */
  readonly form: 'categorical' | 'binary' | 'own';
  readonly of: LossFunction | null;
}

/** The task of a model that was seen: read off its head, its compiled loss and the labels together. */
export interface Task {
  readonly kind: TaskKind;
  /** Units of the head; 1 for `binary`, whose logits are given as a pair. */
  readonly units: number;
  readonly squashing: Squashing;
  readonly loss: TaskLoss;
  /** 'multi-label, 5 sigmoid units, binary cross-entropy' */
  readonly description: string;
  /** Why this head and loss do not go together, where only the outputs can settle it; refused before training. */
  readonly doubt?: string;
}

/** True for the tasks whose logits stand for classes, one of which is right. */
export function hasClasses({ kind }: Pick<Task, 'kind'>): boolean {
  return kind === 'classification' || kind === 'binary';
}
