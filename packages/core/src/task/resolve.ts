import { VogError } from '@vogjs/base';
import type { GivenLabels } from '../labels/labels.js';
import { describeHead, type Head } from './head.js';
import { inferKind } from './infer.js';
import { refuseContradictions } from './contradictions.js';
import { type Task, TASK_KINDS, type TaskKind, type TaskLoss } from './task.js';

/** What a task is resolved from beside the model. */
export interface TaskQuestion {
  /** What the caller says it is. */
  readonly task?: TaskKind | undefined;
  readonly labels: GivenLabels | null;
}

/** Refuses a `task` that is none. */
export function checkTaskKind(where: string, task: unknown): void {
  if (task === undefined || TASK_KINDS.includes(task as TaskKind)) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${where}: task must be ${TASK_KINDS.map((kind) => `'${kind}'`).join(', ')}, or left out; got ${typeof task === 'string' ? `'${task}'` : String(task)}.`,
  );
}

/**
 * The task of a model, of its head, its compiled loss and the labels together.
 *
 * @throws VogError TASK_MISMATCH when they contradict each other, TASK_UNRESOLVED when they do not tell, LABEL_INVALID
 */
export function resolveTask(head: Head, { task, labels }: TaskQuestion): Task {
  const kind = task ?? inferKind(head, labels);
  refuseContradictions(kind, head, labels, task !== undefined);
  const loss = lossOf(kind, head);
  const doubt = doubtOf(kind, head);
  return {
    kind,
    units: head.units,
    squashing: head.squashing,
    loss,
    description: `${kind}, ${describeHead(head)}, ${loss.name}`,
    ...(doubt === null ? {} : { doubt }),
  };
}

function lossOf(kind: TaskKind, { loss, squashing }: Head): TaskLoss {
  if (loss === null) return assumedLoss(kind);
  const { family, name, of } = loss;
  const fits =
    (kind === 'classification' && squashing === 'softmax' && family === 'categorical') ||
    (kind === 'classification' && squashing === 'linear' && family === 'softmax-logits') ||
    (kind === 'binary' && squashing === 'sigmoid' && family === 'binary') ||
    (kind === 'binary' && squashing === 'linear' && family === 'sigmoid-logits');
  if (fits && loss.isCrossEntropy) return { name, form: 'categorical', of: null };
  const isUnitWise =
    kind === 'multi-label' &&
    ((squashing === 'sigmoid' && family === 'binary') || (squashing === 'linear' && family === 'sigmoid-logits'));
  if (isUnitWise && loss.isCrossEntropy) return { name, form: 'binary', of: null };
  return { name, form: 'own', of };
}

/** The loss of a model that tells none. */
function assumedLoss(kind: TaskKind): TaskLoss {
  if (kind === 'multi-label') return { name: 'binary cross-entropy', form: 'binary', of: null };
  if (kind !== 'regression') {
    return { name: kind === 'binary' ? 'binary cross-entropy' : 'cross-entropy', form: 'categorical', of: null };
  }
  // Written out: the mean over outputs, as meanSquaredError of tfjs has it.
  return { name: 'mean squared error', form: 'own', of: (y, o) => o.sub(y).square().mean(-1) };
}

/** A loss of probabilities on a head that shows none: right only if what it gives are probabilities all the same. */
function doubtOf(kind: TaskKind, head: Head): string | null {
  const { loss, squashing, areLogits } = head;
  if (loss === null || squashing !== 'linear' || areLogits || kind === 'regression') return null;
  if (loss.family !== 'categorical' && loss.family !== 'binary') return null;
  return (
    `The model ends in ${describeHead(head)} and was compiled with ${loss.name}, which takes probabilities. ` +
    `Give the last layer activation '${loss.family === 'binary' ? 'sigmoid' : 'softmax'}', or compile with ` +
    `tf.losses.${loss.family === 'binary' ? 'sigmoidCrossEntropy' : 'softmaxCrossEntropy'}, which takes logits.`
  );
}

/** The task of logits of which nothing else is known: classes that exclude each other. */
export function taskOfLogits(units: number): Task {
  const loss = assumedLoss('classification');
  const description = `classification, ${describeHead({ units, activation: 'logit' })}, ${loss.name}`;
  return { kind: 'classification', units, squashing: 'softmax', loss, description };
}
