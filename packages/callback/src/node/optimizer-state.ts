import { VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

/** A tensor of an optimizer, by the field that holds it and its place there. */
export interface OptimizerTensor {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/** What an optimizer says of itself beside its tensors. */
export interface OptimizerRecord {
  readonly className: string;
  readonly iterations: number;
  /** Null where the optimizer has none. */
  readonly learningRate: number | null;
}

/** The fields in which an optimizer of tfjs keeps an array of variables, one per weight, and those with one scalar. */
const FIELDS: Readonly<Record<string, { readonly slots: readonly string[]; readonly scalars: readonly string[] }>> = {
  SGD: { slots: [], scalars: [] },
  Momentum: { slots: ['accumulations'], scalars: [] },
  RMSProp: { slots: ['accumulatedMeanSquares', 'accumulatedMoments', 'accumulatedMeanGrads'], scalars: [] },
  // The powers of beta as they are: tfjs's own setWeights computes them anew, in other rounding.
  Adam: { slots: ['accumulatedFirstMoment', 'accumulatedSecondMoment'], scalars: ['accBeta1', 'accBeta2'] },
  Adamax: { slots: ['accumulatedFirstMoment', 'accumulatedWeightedInfNorm'], scalars: ['accBeta1', 'iteration'] },
  Adagrad: { slots: ['accumulatedGrads'], scalars: [] },
  Adadelta: { slots: ['accumulatedGrads', 'accumulatedUpdates'], scalars: [] },
};

/** What the fields hold; they are private to tfjs's types. */
interface Slot {
  readonly originalName: string;
  readonly variable: tf.Variable;
}
interface Internals {
  iterations_?: number;
  learningRate?: unknown;
  setLearningRate?: (learningRate: number) => void;
  [field: string]: unknown;
}
const internalsOf = (optimizer: tf.Optimizer): Internals => optimizer as unknown as Internals;

export function optimizerRecord(optimizer: tf.Optimizer): OptimizerRecord {
  const { iterations_, learningRate } = internalsOf(optimizer);
  return {
    className: optimizer.getClassName(),
    iterations: iterations_ ?? 0,
    learningRate: typeof learningRate === 'number' && Number.isFinite(learningRate) ? learningRate : null,
  };
}

/**
 * Everything that an optimizer remembers, exactly. Tensors belong to the optimizer, except for those of `owned`, which
 * are the caller's to dispose.
 *
 * @throws VogError ARGUMENT_INVALID for an optimizer of one's own without getWeights
 */
export async function optimizerTensors(
  optimizer: tf.Optimizer,
): Promise<{ readonly tensors: readonly OptimizerTensor[]; readonly owned: readonly tf.Tensor[] }> {
  const fields = fieldsOf(optimizer);
  const internals = internalsOf(optimizer);
  if (fields === undefined) {
    const weights = await optimizer.getWeights().catch((error: unknown) => {
      throw new VogError(
        'ARGUMENT_INVALID',
        `The optimizer ${optimizer.getClassName()} cannot be saved: ${String(error)}. Give it getWeights() and setWeights().`,
        { cause: error },
      );
    });
    return {
      tensors: weights.map(({ tensor }, i) => ({ name: `weights/${i}`, tensor })),
      owned: weights.map(({ tensor }) => tensor).filter((tensor) => !(tensor instanceof tf.Variable)),
    };
  }
  const slots = fields.slots.flatMap((field) =>
    ((internals[field] ?? []) as readonly Slot[]).map(({ variable }, i) => ({
      name: `${field}/${i}`,
      tensor: variable as tf.Tensor,
    })),
  );
  const scalars = fields.scalars.map((field) => ({ name: `${field}/0`, tensor: internals[field] as tf.Tensor }));
  return { tensors: [...slots, ...scalars], owned: [] };
}

/** Why saved tensors cannot be those of this optimizer; null when they can. */
export function optimizerProblem(
  optimizer: tf.Optimizer,
  record: OptimizerRecord,
  saved: readonly { readonly name: string }[],
): string | null {
  const className = optimizer.getClassName();
  if (record.className !== className)
    return `it was saved with the optimizer ${record.className}, and this is ${className}`;
  const fields = fieldsOf(optimizer);
  const known = fields === undefined ? ['weights'] : [...fields.slots, ...fields.scalars];
  const stray = saved.find(({ name }) => !known.includes(name.split('/')[0] ?? ''));
  if (stray !== undefined) return `it holds ${stray.name}, which ${className} does not have`;
  const missing = fields?.scalars.find((field) => !saved.some(({ name }) => name === `${field}/0`));
  return missing === undefined ? null : `it lacks ${missing} of ${className}`;
}

/** Puts back what was saved. The tensors become the optimizer's. */
export async function restoreOptimizer(
  optimizer: tf.Optimizer,
  record: OptimizerRecord,
  saved: readonly OptimizerTensor[],
): Promise<void> {
  const fields = fieldsOf(optimizer);
  const internals = internalsOf(optimizer);
  const under = (field: string): tf.Tensor[] =>
    saved
      .filter(({ name }) => name.startsWith(`${field}/`))
      .toSorted((a, b) => placeOf(a.name) - placeOf(b.name))
      .map(({ tensor }) => tensor);
  if (fields === undefined) {
    await optimizer.setWeights(under('weights').map((tensor, i) => ({ name: String(i), tensor })));
  } else {
    for (const field of fields.slots) {
      for (const { variable } of (internals[field] ?? []) as readonly Slot[]) variable.dispose();
      internals[field] = under(field).map((tensor, i): Slot => {
        const variable = tf.variable(tensor, false);
        tensor.dispose();
        return { originalName: `${field}/${i}`, variable };
      });
    }
    for (const field of fields.scalars) {
      const [tensor] = under(field) as [tf.Tensor];
      (internals[field] as tf.Variable).assign(tensor);
      tensor.dispose();
    }
  }
  internals.iterations_ = record.iterations;
  if (record.learningRate === null || internals.learningRate === record.learningRate) return;
  // SGD and Momentum keep a tensor of it as well.
  if (internals.setLearningRate !== undefined) internals.setLearningRate(record.learningRate);
  else internals.learningRate = record.learningRate;
}

function fieldsOf(optimizer: tf.Optimizer): (typeof FIELDS)[string] | undefined {
  const className = optimizer.getClassName();
  const fields = Object.hasOwn(FIELDS, className) ? FIELDS[className] : undefined;
  // A class of one's own may have a name of tfjs's; then its own getWeights is all that is known.
  const all = fields === undefined ? [] : [...fields.slots, ...fields.scalars];
  return all.every((field) => field in optimizer) ? fields : undefined;
}

const placeOf = (name: string): number => Number(name.split('/')[1]);
