import { VogError } from '@vogjs/base';
import type { GivenLabels, LabelLook } from '../labels/labels.js';
import { describeHead, type Head } from './head.js';
import type { TaskKind } from './task.js';

type Look = LabelLook | 'none';

/** Labels that only a regression has. */
const isReal = (look: Look): boolean => look === 'reals' || look === 'rows';
/** Rows of zeros and ones. */
const isHot = (look: Look): boolean => look === 'one-hot' || look === 'multi-hot';

/** The task that head, loss and labels tell together; refused where they leave two readings. */
export function inferKind(head: Head, labels: GivenLabels | null): TaskKind {
  const look = labels?.look ?? 'none';
  if (head.squashing === 'softmax' || head.squashing === 'logSoftmax') return 'classification';
  if (head.squashing === 'sigmoid') return head.units === 1 ? oneSigmoid(head, look) : sigmoids(head, look);
  return head.units === 1 ? oneLinear(head, labels) : linear(head, look);
}

function oneSigmoid({ loss }: Head, look: Look): TaskKind {
  // Targets between 0 and 1 of a squashed output: an autoencoder, a proportion.
  return isReal(look) && loss?.family !== 'sigmoid-logits' ? 'regression' : 'binary';
}

function sigmoids(head: Head, look: Look): TaskKind {
  const family = head.loss?.family;
  if (family === 'binary' || family === 'sigmoid-logits') return isReal(look) ? 'regression' : 'multi-label';
  if (family === 'categorical' || family === 'softmax-logits') return 'classification';
  if (isHot(look)) return 'multi-label';
  if (isReal(look)) return 'regression';
  throw unresolved(
    head,
    'labels of several units at once (multi-label) or real outputs (regression)',
    "task: 'multi-label' with multi-hot labels [size, units], or task: 'regression' with targets [size, units]",
  );
}

function oneLinear(head: Head, labels: GivenLabels | null): TaskKind {
  const family = head.loss?.family;
  if (family === 'real' || family === 'margin') return 'regression';
  if (family === 'sigmoid-logits' || family === 'binary') return 'binary';
  if (family === 'categorical' || family === 'softmax-logits') return 'classification';
  const isTwoClasses = labels !== null && labels.look !== 'reals' && labels.data.every((y) => Math.abs(y) <= 1);
  if (labels !== null && labels.width === 1 && !isTwoClasses) return 'regression';
  if (head.areLogits) return 'binary';
  throw unresolved(
    head,
    'the logit of two classes (binary) or a real output (regression)',
    "task: 'binary' or task: 'regression'",
  );
}

function linear({ loss }: Head, look: Look): TaskKind {
  switch (loss?.family) {
    case 'real':
    case 'margin':
      return 'regression';
    case 'softmax-logits':
    case 'categorical':
      return 'classification';
    case 'sigmoid-logits':
    case 'binary':
      return 'multi-label';
    case 'custom':
    case undefined:
      if (look === 'rows') return 'regression';
      return look === 'multi-hot' ? 'multi-label' : 'classification';
  }
}

function unresolved(head: Head, readings: string, ways: string): VogError {
  const loss = head.loss === null ? 'it is not compiled with a loss' : `it was compiled with ${head.loss.name}`;
  return new VogError(
    'TASK_UNRESOLVED',
    `The model ends in ${describeHead(head)} and ${loss}: its outputs may be ${readings}, and neither the loss nor the labels tell which. ` +
      `Say it with ${ways}, or compile the model with the loss it trains with.`,
  );
}
