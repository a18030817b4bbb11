import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { softplus } from './log-one-plus.js';
import { type LossFunction, type Task, hasClasses } from './task.js';

/**
 * The model's own outputs, of its logits: softmax, sigmoid, or the logits themselves. `[size, units]`; one column for a
 * binary model.
 */
export function outputsOf(task: Task, logits: tf.Tensor2D): tf.Tensor2D {
  const z = task.kind === 'binary' ? logitOfPair(logits) : logits;
  switch (task.squashing) {
    case 'softmax':
      return tf.softmax(z);
    case 'logSoftmax':
      return tf.logSoftmax(z);
    case 'sigmoid':
      return tf.sigmoid(z);
    case 'linear':
      return z;
  }
}

/** z of the pair (-z/2, z/2): `[size, 1]`. */
function logitOfPair(pair: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.slice(pair, [0, 1], [-1, 1]), 2);
}

/**
 * The loss of each example, `[size]`: what the model trains on, without regularisers and weights.
 *
 * @param logits `[size, units]`, a pair for a binary model
 * @param targets one-hot of the classes, multi-hot, or real targets: `[size, units]` as `logits`
 */
export function lossOf(task: Task, logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  const { form, of, name } = task.loss;
  if (form === 'categorical') return categoricalLoss(logits, targets);
  if (form === 'binary') return tf.mean<tf.Tensor1D>(unitLosses(logits, targets), 1);
  const expected = task.kind === 'binary' ? tf.slice(targets, [0, 1], [-1, 1]) : targets;
  return perExample(of as LossFunction, name, expected, outputsOf(task, logits));
}

/**
 * Cross-entropy of the softmax: log(1 + Σ over the other classes of exp(A_c - A_y)), in which a loss of 1e-9 keeps its
 * digits; one minus a probability, or its logarithm, would be 0.
 */
function categoricalLoss(logits: tf.Tensor2D, oneHot: tf.Tensor2D): tf.Tensor1D {
  const isLabel = tf.greater(oneHot, 0);
  // Chosen, not multiplied by 0: a logit may be minus infinity.
  const own = tf.sum(tf.where(isLabel, logits, tf.zerosLike(logits)), 1, true);
  const others = tf.where(isLabel, tf.fill(logits.shape, Number.NEGATIVE_INFINITY), logits);
  // Not below a number, so that other classes that are all at minus infinity leave a loss of 0, not NaN.
  const largest = tf.maximum(tf.max(others, 1, true), -1e30);
  const mass = tf.log(tf.sum(tf.exp(tf.sub(others, largest)), 1, true));
  return tf.reshape(softplus(tf.add(tf.sub(largest, own), mass)), [logits.shape[0]]);
}

/** Cross-entropy of the sigmoid of each unit, from the logits: `[size, units]`. */
export function unitLosses(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor2D {
  // Of a target 1 it is softplus(-z), of a target 0 softplus(z).
  return softplus(tf.mul(logits, tf.sub(1, tf.mul(targets, 2)))) as tf.Tensor2D;
}

/** The loss function itself: one value per example, or more, whose mean counts, or one in all, for each example alone. */
function perExample(of: LossFunction, name: string, targets: tf.Tensor2D, outputs: tf.Tensor2D): tf.Tensor1D {
  const [size] = outputs.shape;
  const losses = called(of, name, targets, outputs);
  if (losses.rank >= 1 && losses.shape[0] === size) {
    return losses.rank === 1 ? (losses as tf.Tensor1D) : tf.mean<tf.Tensor1D>(tf.reshape(losses, [size, -1]), 1);
  }
  if (losses.size !== 1) {
    throw new VogError(
      'TASK_MISMATCH',
      `The model's ${name} gave [${losses.shape.join(', ')}] for ${size} examples. It must give one value per example, or one in all.`,
    );
  }
  if (size === 1) return tf.reshape(losses, [1]);
  const each = Array.from({ length: size }, (_, i) =>
    tf.reshape<tf.Rank.R1>(
      called(of, name, tf.slice(targets, [i, 0], [1, -1]), tf.slice(outputs, [i, 0], [1, -1])),
      [1],
    ),
  );
  return tf.concat1d(each);
}

function called(of: LossFunction, name: string, targets: tf.Tensor2D, outputs: tf.Tensor2D): tf.Tensor {
  const losses: unknown = of(targets, outputs);
  if (losses instanceof tf.Tensor) return losses;
  throw new VogError('TASK_MISMATCH', `The model's ${name} gave ${typeof losses}; a loss must give a tensor.`);
}

/** Derivative of the loss's stable form with respect to the logits; null where only the tape can tell. */
export function lossCotangent(task: Task, logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor2D | null {
  const { form } = task.loss;
  if (form === 'own') return null;
  if (form === 'binary') return tf.div(tf.sub(tf.sigmoid(logits), targets), task.units);
  return hasClasses(task) ? tf.neg(classPull(logits, targets).pull) : null;
}

/** How the logits of classes pull at the label. */
interface ClassPull {
  /** Probability of the label: `[size, 1]`. */
  readonly own: tf.Tensor2D;
  /** d log p_y / d A = onehot(y) - p: `[size, classes]`. */
  readonly pull: tf.Tensor2D;
}

/**
 * The derivative of log p_y with respect to the logits. Where the network is certain of the label, 1 - p_y has no digit
 * left in float32; the sum of the other probabilities keeps them all, down to 1e-38.
 */
export function classPull(logits: tf.Tensor2D, oneHot: tf.Tensor2D): ClassPull {
  const p = tf.softmax(logits);
  const labelled = tf.mul(p, oneHot);
  const others = tf.sub(p, labelled);
  return {
    own: tf.sum<tf.Tensor2D>(labelled, 1, true),
    pull: tf.sub(tf.mul(oneHot, tf.sum(others, 1, true)), others),
  };
}
