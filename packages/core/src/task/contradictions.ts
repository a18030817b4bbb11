import { VogError } from '@vogjs/base';
import { checkLabelRange, classesOf, type GivenLabels } from '../labels/labels.js';
import { describeHead, type Head } from './head.js';
import type { TaskKind } from './task.js';

/** Refuses a task that its head, its loss or its labels contradict. */
export function refuseContradictions(kind: TaskKind, head: Head, labels: GivenLabels | null, wasGiven: boolean): void {
  const problem = problemOfHead(kind, head) ?? problemOfLoss(kind, head);
  if (problem !== null) {
    const said = wasGiven ? `task is '${kind}'` : `The model's task was read as '${kind}'`;
    throw new VogError('TASK_MISMATCH', `${said}, but ${problem}`);
  }
  if (labels !== null) refuseLabels(kind, head, labels);
}

function problemOfHead(kind: TaskKind, head: Head): string | null {
  const { squashing, units } = head;
  const isSoftmax = squashing === 'softmax' || squashing === 'logSoftmax';
  const ends = `the model ends in ${describeHead(head)}`;
  if (isSoftmax && units === 1) {
    return `${ends}, whose probability is always 1. Use one sigmoid unit, or a softmax over all classes.`;
  }
  switch (kind) {
    case 'classification':
      if (units === 1) return `${ends}: one unit tells two classes apart, which is task: 'binary'.`;
      if (squashing !== 'sigmoid') return null;
      return (
        `${ends}, whose probabilities do not exclude each other. Use a softmax for classes of which one is right; ` +
        "for several at once compile with binaryCrossentropy: task: 'multi-label'."
      );
    case 'binary':
      if (units === 1) return null;
      return `${ends}. One unit is binary; ${isSoftmax ? "these are task: 'classification'" : "several are task: 'multi-label' or 'classification'"}.`;
    case 'multi-label':
      return isSoftmax
        ? `${ends}: a softmax gives one label. Use a sigmoid for each unit, or task: 'classification'.`
        : null;
    case 'regression':
      return isSoftmax ? `${ends}: its outputs are probabilities of classes. Use task: 'classification'.` : null;
  }
}

function problemOfLoss(kind: TaskKind, { loss, squashing, units }: Head): string | null {
  if (loss === null) return null;
  const compiled = `the model was compiled with ${loss.name}`;
  const { family } = loss;
  if (units === 1 && (family === 'categorical' || family === 'softmax-logits')) {
    return `${compiled}, which is over several classes, and has one unit. Compile with binaryCrossentropy.`;
  }
  const isReal = family === 'real' || family === 'margin';
  if (kind === 'regression') {
    const isOfClasses = family === 'categorical' || family === 'softmax-logits' || family === 'sigmoid-logits';
    return isOfClasses
      ? `${compiled}, a loss of classes. Leave task out, or compile with a loss of real outputs.`
      : null;
  }
  if (family === 'real' && squashing === 'linear') {
    return `${compiled} on linear outputs, which are not probabilities. Use task: 'regression', or leave task out.`;
  }
  if (kind === 'multi-label' && (family === 'categorical' || family === 'softmax-logits')) {
    return `${compiled}, a loss of classes that exclude each other. Compile with binaryCrossentropy, or leave task out.`;
  }
  if (kind === 'classification' && (family === 'sigmoid-logits' || (family === 'binary' && squashing === 'linear'))) {
    return `${compiled}, a loss of each unit by itself. Use task: 'multi-label', or leave task out.`;
  }
  if (kind === 'binary' && isReal && family === 'margin' && squashing === 'linear') {
    return `${compiled}, whose scores are not logits of a probability. Use task: 'regression' with targets -1 and +1, or leave task out.`;
  }
  return null;
}

function refuseLabels(kind: TaskKind, { units }: Head, labels: GivenLabels): void {
  const { size, width, look, names } = labels;
  const refuse = (problem: string): never => {
    throw new VogError('LABEL_INVALID', problem);
  };
  const shape = width === 1 ? `[${size}]` : `[${size}, ${width}]`;
  switch (kind) {
    case 'classification':
    case 'binary': {
      const classes = kind === 'binary' ? 2 : units;
      if (width > 1 && width !== classes) {
        refuse(
          `Labels are rows of ${width} values, ${shape}; the model has ${classes} classes. Give one-hot rows of ${classes} values, or integers.`,
        );
      }
      if (names?.order === 'sorted' && names.list.length !== classes) {
        refuse(
          `Labels are ${names.list.length} different names and the model has ${classes} classes, so their order is not known. Give classNames, in the order of the model's classes.`,
        );
      }
      if (look === 'signs' && classes !== 2) {
        refuse(`Labels are -1 and +1, which are two classes; the model has ${classes}. Encode classes as 0, 1, 2, ….`);
      }
      return checkLabelRange(classesOf(labels), classes, 'the model');
    }
    case 'multi-label': {
      if (width === 1 && units > 1) return checkLabelRange(classesOf(labels), units, 'the model');
      const wrong = labels.data.findIndex((value) => value !== 0 && value !== 1);
      if (width !== units || wrong !== -1) {
        refuse(
          `A multi-label model of ${units} units needs multi-hot labels [${size}, ${units}] of zeros and ones; ` +
            `these are ${shape}${wrong === -1 ? '' : `, with ${labels.data[wrong]} for example ${Math.floor(wrong / width)}`}. ` +
            "For soft targets between 0 and 1 use task: 'regression'.",
        );
      }
      return;
    }
    case 'regression':
      if (names !== null)
        refuse('Labels are names; a regression needs numbers. Leave task out for classes, or give targets.');
      if (width !== units) {
        refuse(
          `A regression of ${units} outputs needs targets [${size}${units === 1 ? '' : `, ${units}`}]; these are ${shape}.`,
        );
      }
  }
}
