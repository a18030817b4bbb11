import { arrayLike, callable, checkArgument, checkOf, checkOptions, flag, oneOf, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { BoundModel, ForwardPass } from '../model/model.js';
import { oneHot, oneHotOfLargest } from '../resources/one-hot.js';
import { taskOfLogits } from '../task/of-logits.js';
import { classPull, lossCotangent, lossOf } from '../task/loss-values.js';
import type { Task } from '../task/task.js';
import type { Cotangent, GradientRequest } from '../resources/resource.js';
import { inOneKernel, SOFTMAX_COTANGENT, withLeanGradients } from '@vogjs/backend';

/** What is differentiated with respect to the input. */
export interface InputGradientOptions {
  /** `'logit'` (default): A_y. `'softmax'`: p_y, what `vog` takes by default. `'loss'`: -log p_y. */
  readonly activation?: Exclude<GradientRequest['activation'], 'output' | Cotangent>;
  /** `'true'` (default): the labels given. `'predicted'`: the largest logit of each example. */
  readonly label?: Exclude<GradientRequest['label'], Int32Array>;
  /** Skip the filter gradients that tfjs computes and nobody reads. Default true; false only to measure the gain. */
  readonly lean?: boolean;
}

/** A request as a gradient engine gets it: for the examples of one chunk, whose labels have been looked up. */
export interface GradientJob extends Omit<GradientRequest, 'label'> {
  /** One label per example, or `'predicted'`. */
  readonly label: Exclude<GradientRequest['label'], 'true'>;
  /** What the model should give, row-major `[size, units]`, in place of `label`: multi-hot labels or real targets. */
  readonly rows?: Float32Array;
  /** As in `InputGradientOptions`. */
  readonly lean?: boolean;
}

/** Forward pass and input gradient of one chunk. */
export interface GradientPass extends ForwardPass {
  /** Shape of the input: `[size, ...]`. */
  readonly gradient: tf.Tensor;
}

/** Key of the logits among what a pass keeps; no layer can have this name. */
const LOGITS = '\0logits';

/** Computes input gradients. Swappable: see `TrackerOptions.provide`. */
export interface GradientEngine {
  /** One forward and one backward pass; runs inside the caller's synchronous `tf.tidy`. */
  run(model: BoundModel, inputs: readonly tf.Tensor[], job: GradientJob): GradientPass;
}

/** The gradient engine of tfjs's own tape, in lean mode. */
export const tapeGradientEngine: GradientEngine = {
  run(model, inputs, job) {
    const pass = () => differentiate(model, inputs, job);
    return job.lean === false ? pass() : withLeanGradients(pass);
  },
};

const aTensor = checkOf('a tensor [size, ...]', (value) => value instanceof tf.Tensor && value.rank > 0);

/**
 * Gradient of the selected activation of each example with respect to its input: the shape of `x`. One backward pass
 * serves all examples, because example i's logits depend on example i's input alone (training = false).
 *
 * @param logits function from `x` to logits `[size, classes]`, as `logitsOf` gives
 * @param x inputs `[size, ...]`, float32
 * @param labels one integer per example; may be null with `label: 'predicted'`
 * @throws VogError GRADIENT_UNSUPPORTED, LABEL_INVALID, INPUT_SHAPE
 */
export function inputGradientOf(
  logits: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  labels: Int32Array | readonly number[] | null,
  options: InputGradientOptions = {},
): tf.Tensor {
  checkArgument('inputGradientOf', 'logits', logits, callable);
  checkArgument('inputGradientOf', 'x', x, aTensor);
  checkOptions('inputGradientOf', options, {
    activation: oneOf('logit', 'softmax', 'loss'),
    label: oneOf('true', 'predicted'),
    lean: flag,
  });
  const { activation = 'logit', label = 'true', lean = true } = options;
  if (labels !== null) checkArgument('inputGradientOf', 'labels', labels, arrayLike, 'LABEL_INVALID');
  if (label === 'true' && labels === null) {
    throw new VogError('LABEL_INVALID', "inputGradientOf: labels are needed unless label is 'predicted'.");
  }
  if (label === 'true' && labels?.length !== x.shape[0]) {
    throw new VogError(
      'INPUT_SHAPE',
      `inputGradientOf: got ${labels?.length} labels for ${x.shape[0]} examples. Give one per example.`,
    );
  }
  const model: BoundModel = {
    inputShapes: null,
    forward: ([input]) => ({ logits: logits(input as tf.Tensor) as tf.Tensor2D, features: {} }),
  };
  return tf.tidy(
    () =>
      tapeGradientEngine.run(model, [x], {
        activation,
        label: label === 'predicted' ? 'predicted' : integers(labels ?? []),
        input: 0,
        lean,
      }).gradient,
  );
}

function integers(labels: Int32Array | readonly number[]): Int32Array {
  const wrong = labels.find((label) => !Number.isInteger(label));
  if (wrong !== undefined)
    throw new VogError('LABEL_INVALID', `inputGradientOf: label ${wrong} is not an integer. Give class indices.`);
  return Int32Array.from(labels);
}

function differentiate(model: BoundModel, inputs: readonly tf.Tensor[], job: GradientJob): GradientPass {
  const x = inputs[job.input];
  if (x === undefined) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `inputGradient: the model has inputs 0 to ${inputs.length - 1}, and no input ${job.input}.`,
    );
  }
  if (x.dtype !== 'float32') {
    throw new VogError(
      'GRADIENT_UNSUPPORTED',
      `Input ${job.input} is ${x.dtype}: only float32 inputs have a gradient. For images and other whole numbers give inputs.toFloat(). For token ids, score the model from its embedding on, or use metrics that need no gradient.`,
    );
  }
  const kept: Record<string, tf.Tensor> = {};
  let isPair = false;
  try {
    const { value, gradient } = runTape(() => {
      const { logits, features, ...pass } = model.forward(inputs);
      isPair = pass.isPair === true;
      // The tape's inner tidy would dispose what is not its result: keep it for the chunk's tidy, which gets a clone.
      for (const [name, feature] of Object.entries(features)) kept[name] = tf.keep(tf.clone(feature));
      const task = model.task ?? taskOfLogits(logits.shape[1]);
      if (job.activation !== 'loss' || task.loss.form !== 'own') return withCotangent(task, job)(logits) as tf.Tensor2D;
      // A loss function of the model's own: the tape goes through it, and the logits are kept beside it.
      kept[LOGITS] = tf.keep(tf.clone(logits));
      return lossOf(
        task,
        logits,
        constantOf(logits, (z) => selectionOf(z, task, job)),
      );
    }, x);
    const { [LOGITS]: own, ...features } = kept;
    return {
      logits: own === undefined ? (value as tf.Tensor2D) : tf.clone(own as tf.Tensor2D),
      isPair,
      gradient,
      features: Object.fromEntries(Object.entries(features).map(([k, v]) => [k, tf.clone(v)])),
    };
  } finally {
    tf.dispose(kept);
  }
}

/**
 * The identity on the logits whose gradient is the cotangent of the selected activation: d a_y / d A, computed from the
 * logits in the backward pass. So the logits of the same pass are the value, and any activation and label costs one
 * forward and one backward pass, with no mask, product or sum on the way.
 */
function withCotangent(task: Task, job: GradientJob): (logits: tf.Tensor) => tf.Tensor {
  return tf.customGrad((logits, save) => {
    const z = logits as tf.Tensor2D;
    (save as (tensors: tf.Tensor[]) => void)([z]);
    return {
      value: tf.clone(z),
      gradFunc: (_: tf.Tensor, saved: tf.Tensor[]) => cotangent(saved[0] as tf.Tensor2D, task, job),
    };
  }) as (logits: tf.Tensor) => tf.Tensor;
}

function cotangent(logits: tf.Tensor2D, task: Task, job: GradientJob): tf.Tensor2D {
  const { activation } = job;
  if (task.kind === 'regression' && typeof activation === 'string') return outputCotangent(logits, task, job);
  const selected = selectionOf(logits, task, job);
  if (activation === 'logit') return selected;
  if (typeof activation === 'object') return activation.of(logits, selected);
  if (activation === 'loss') return lossCotangent(task, logits, selected) ?? selected;
  if (task.kind === 'multi-label') return tf.mul(selected, slopeOfSigmoid(logits));
  // d p_y / d A = p_y (onehot(y) - p)
  const inOne = inOneKernel(SOFTMAX_COTANGENT)({ logits, oneHot: selected });
  if (inOne) return inOne as tf.Tensor2D;
  const { own, pull } = classPull(logits, selected);
  return tf.mul(own, pull);
}

/** Derivative of the sum of the outputs of a regression, or of one of them. */
function outputCotangent(logits: tf.Tensor2D, { squashing }: Task, { unit }: GradientJob): tf.Tensor2D {
  const selected = unit === undefined ? tf.onesLike(logits) : unitColumn(logits, unit);
  return squashing === 'sigmoid' ? tf.mul(selected, slopeOfSigmoid(logits)) : selected;
}

function slopeOfSigmoid(logits: tf.Tensor2D): tf.Tensor2D {
  const p = tf.sigmoid(logits);
  // sigmoid(-z), not 1 - p: near 1 that has no digits left.
  return tf.mul(p, tf.sigmoid(tf.neg(logits)));
}

/** The classes or units that the job selects, as zeros and ones, or the targets: `[size, units]`. */
function selectionOf(logits: tf.Tensor2D, task: Task, { label, rows, unit }: GradientJob): tf.Tensor2D {
  if (unit !== undefined) return unitColumn(logits, unit);
  if (rows !== undefined) return tf.tensor2d(rows, logits.shape);
  if (label !== 'predicted') return oneHot(label, logits.shape[1]);
  if (task.kind !== 'multi-label') return oneHotOfLargest(logits);
  return tf.where(tf.greater(logits, 0), tf.onesLike(logits), tf.zerosLike(logits));
}

function unitColumn({ shape: [size, units] }: tf.Tensor2D, unit: number): tf.Tensor2D {
  return oneHot(new Int32Array(size).fill(unit), units);
}

/** A value computed from the logits that the tape takes for a constant. */
function constantOf(logits: tf.Tensor2D, of: (logits: tf.Tensor2D) => tf.Tensor2D): tf.Tensor2D {
  const constant = tf.customGrad((z) => ({
    value: of(z as tf.Tensor2D),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }));
  return constant(logits) as tf.Tensor2D;
}

/** The engine's tape state, which tfjs leaves behind when a gradient throws. */
interface TapeState {
  gradientDepth: number;
  activeTape: { readonly saved?: readonly tf.Tensor[] }[] | null;
}

function runTape(forward: () => tf.Tensor, x: tf.Tensor): { value: tf.Tensor; gradient: tf.Tensor } {
  const engine = tf.engine();
  try {
    const { value, grads } = engine.gradients(forward, [x]);
    return { value, gradient: grads[0] as tf.Tensor };
  } catch (error) {
    const state = (engine as unknown as { state: TapeState }).state;
    if (state.gradientDepth === 0) {
      for (const node of state.activeTape ?? []) for (const saved of node.saved ?? []) saved.dispose();
      state.activeTape = null;
    }
    if (error instanceof VogError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (/gradient|dilation|not registered for backend/i.test(message)) {
      throw new VogError(
        'GRADIENT_UNSUPPORTED',
        `The input gradient cannot be computed: ${message} Use an operation that tfjs can differentiate, or metrics that need no gradient.`,
        { cause: error },
      );
    }
    throw error;
  }
}
