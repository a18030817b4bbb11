import * as tf from '@tensorflow/tfjs';
import type { LossFunction } from './task.js';

/** What a loss function takes for its outputs. */
type LossFamily =
  | 'categorical' // probabilities of classes that exclude each other
  | 'binary' // a probability for each unit
  | 'softmax-logits'
  | 'sigmoid-logits'
  | 'real' // real outputs
  | 'margin' // scores of either sign, targets -1 and +1
  | 'custom'; // a function of the user's

/** The loss that a model was compiled with, for one of its outputs. */
export interface CompiledLoss {
  readonly family: LossFamily;
  readonly name: string;
  readonly of: LossFunction;
  /** The cross-entropy of tfjs itself, which has a stable form. */
  readonly isCrossEntropy: boolean;
}

type Known = readonly [family: LossFamily, name: string];

/** Losses by tfjs's own names. */
const BY_NAME: Readonly<Record<string, Known>> = {
  meanSquaredError: ['real', 'mean squared error'],
  meanAbsoluteError: ['real', 'mean absolute error'],
  meanAbsolutePercentageError: ['real', 'mean absolute percentage error'],
  meanSquaredLogarithmicError: ['real', 'mean squared logarithmic error'],
  logcosh: ['real', 'log-cosh'],
  poisson: ['real', 'Poisson'],
  cosineProximity: ['real', 'cosine proximity'],
  hinge: ['margin', 'hinge'],
  squaredHinge: ['margin', 'squared hinge'],
  categoricalHinge: ['categorical', 'categorical hinge'],
  categoricalCrossentropy: ['categorical', 'categorical cross-entropy'],
  sparseCategoricalCrossentropy: ['categorical', 'sparse categorical cross-entropy'],
  kullbackLeiblerDivergence: ['categorical', 'Kullback-Leibler divergence'],
  binaryCrossentropy: ['binary', 'binary cross-entropy'],
};

/** `tf.metrics.…` given as a loss: the same functions under another name. */
const METRIC_NAMES: Readonly<Record<string, string>> = {
  MSE: 'meanSquaredError',
  mse: 'meanSquaredError',
  meanSquaredError: 'meanSquaredError',
  meanAbsoluteError: 'meanAbsoluteError',
  meanAbsolutePercentageError: 'meanAbsolutePercentageError',
  mape: 'meanAbsolutePercentageError',
  MAPE: 'meanAbsolutePercentageError',
  cosineProximity: 'cosineProximity',
  categoricalCrossentropy: 'categoricalCrossentropy',
  sparseCategoricalCrossentropy: 'sparseCategoricalCrossentropy',
  binaryCrossentropy: 'binaryCrossentropy',
};

/** `tf.losses.…`, which give one number for a whole batch unless asked not to reduce. */
const UNREDUCED: readonly (readonly [keyof typeof tf.losses, LossFamily, string, LossFunction])[] = [
  [
    'softmaxCrossEntropy',
    'softmax-logits',
    'softmax cross-entropy',
    (y, z) => tf.losses.softmaxCrossEntropy(y, z, undefined, 0, tf.Reduction.NONE),
  ],
  [
    'sigmoidCrossEntropy',
    'sigmoid-logits',
    'sigmoid cross-entropy',
    (y, z) => tf.losses.sigmoidCrossEntropy(y, z, undefined, 0, tf.Reduction.NONE),
  ],
  [
    'meanSquaredError',
    'real',
    'mean squared error',
    (y, o) => tf.losses.meanSquaredError(y, o, undefined, tf.Reduction.NONE),
  ],
  [
    'absoluteDifference',
    'real',
    'absolute difference',
    (y, o) => tf.losses.absoluteDifference(y, o, undefined, tf.Reduction.NONE),
  ],
  ['huberLoss', 'real', 'Huber', (y, o) => tf.losses.huberLoss(y, o, undefined, 1, tf.Reduction.NONE)],
  ['hingeLoss', 'margin', 'hinge', (y, o) => tf.losses.hingeLoss(y, o, undefined, tf.Reduction.NONE)],
  ['logLoss', 'binary', 'log loss', (y, o) => tf.losses.logLoss(y, o, undefined, 1e-7, tf.Reduction.NONE)],
];

/** The parts of a compiled model that its type declarations hide. */
interface Compiled {
  readonly loss?: unknown;
  readonly lossFunctions?: readonly (LossFunction | undefined)[];
  /** Of a Sequential: the model that it compiles in its place. */
  readonly model?: Compiled;
}

/** The loss of output `index`; null for a model that is not compiled, or has no loss for this output. */
export function compiledLoss(model: tf.LayersModel, index: number): CompiledLoss | null {
  const compiled = model as unknown as Compiled;
  const { loss } = compiled;
  const of = (compiled.lossFunctions ?? compiled.model?.lossFunctions)?.[index];
  if (loss === undefined || typeof of !== 'function') return null;
  const entry = entryOf(loss, index, model.outputNames[index] ?? '');
  if (typeof entry === 'string') return named(entry, of);
  const metric = Object.entries(METRIC_NAMES).find(([name]) => (tf.metrics as Record<string, unknown>)[name] === of);
  if (metric !== undefined) return named(metric[1], of);
  const known = UNREDUCED.find(([name]) => tf.losses[name] === of);
  if (known === undefined) {
    return {
      family: 'custom',
      name: of.name === '' ? 'a loss function' : `loss function '${of.name}'`,
      of,
      isCrossEntropy: false,
    };
  }
  const [, family, name, unreduced] = known;
  return { family, name, of: unreduced, isCrossEntropy: family === 'softmax-logits' || family === 'sigmoid-logits' };
}

function named(key: string, of: LossFunction): CompiledLoss {
  const [family, name] = BY_NAME[key] ?? (['custom', key] as const);
  const isCrossEntropy = /^(categorical|sparseCategorical|binary)Crossentropy$/.test(key);
  if (key !== 'sparseCategoricalCrossentropy') return { family, name, of, isCrossEntropy };
  // It takes class numbers; targets here are one-hot rows, of which the dense one gives the same.
  return { family, name, of: (y, p) => tf.metrics.categoricalCrossentropy(y, p), isCrossEntropy };
}

function entryOf(loss: unknown, index: number, outputName: string): unknown {
  if (Array.isArray(loss)) return loss[index] as unknown;
  if (typeof loss === 'object' && loss !== null) return (loss as Record<string, unknown>)[outputName];
  return loss;
}
