import type { GivenLabels } from '../labels/labels.js';
import { compiledLoss } from './compiled-loss.js';
import { describeHead, type Head } from './head.js';
import { inferKind } from './infer.js';
import { refuseContradictions } from './contradictions.js';
import { assumedLoss } from './of-logits.js';
import type { TaskQuestion } from './question.js';
import type { Task, TaskKind, TaskLoss } from './task.js';

/** A question that `resolveTask` answers. */
export function taskQuestion(task: TaskKind | undefined, labels: GivenLabels | null): TaskQuestion {
  const asked = { task, labels };
  return { ...asked, lossOf: compiledLoss, resolve: (head) => resolveTask(head, asked) };
}

/**
 * The task of a model, of its head, its compiled loss and the labels together.
 *
 * @throws VogError TASK_MISMATCH when they contradict each other, TASK_UNRESOLVED when they do not tell, LABEL_INVALID
 */
function resolveTask(head: Head, { task, labels }: Pick<TaskQuestion, 'task' | 'labels'>): Task {
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
