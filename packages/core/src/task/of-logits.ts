import { describeHead } from './head.js';
import type { Task, TaskKind, TaskLoss } from './task.js';

/** The task of logits of which nothing else is known: classes that exclude each other. */
export function taskOfLogits(units: number): Task {
  const loss = assumedLoss('classification');
  const description = `classification, ${describeHead({ units, activation: 'logit' })}, ${loss.name}`;
  return { kind: 'classification', units, squashing: 'softmax', loss, description };
}

/** The loss of a model that tells none. */
export function assumedLoss(kind: TaskKind): TaskLoss {
  if (kind === 'multi-label') return { name: 'binary cross-entropy', form: 'binary', of: null };
  if (kind !== 'regression') {
    return { name: kind === 'binary' ? 'binary cross-entropy' : 'cross-entropy', form: 'categorical', of: null };
  }
  // Written out: the mean over outputs, as meanSquaredError of tfjs has it.
  return { name: 'mean squared error', form: 'own', of: (y, o) => o.sub(y).square().mean(-1) };
}
