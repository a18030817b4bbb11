import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { bindGraphModel } from './graph-model.js';
import { checkLogitsOptions } from './logits-options.js';
import { bindLayersModel } from './layers-model.js';
import { checkInputShapes } from './fit.js';
import { callFunction, kindOf, tensorsOf, withOwnTensors } from './ownership.js';
import { PENULTIMATE } from './penultimate.js';
import type { CompiledLoss } from '../task/compiled-loss.js';
import { resolveTask, type TaskQuestion } from '../task/resolve.js';
import type { Squashing, Task } from '../task/task.js';

/** A function from model inputs to logits `[size, classes]`, differentiable by tfjs. */
export type LogitsFunction = (inputs: tf.Tensor | tf.Tensor[]) => tf.Tensor;

/** What VoG.js can score: a LayersModel with any head, a GraphModel, or a function. */
export type ScorableModel = tf.LayersModel | tf.GraphModel | LogitsFunction;

/** Where a model's logits are, when that cannot be read off the model itself. */
export interface LogitsOptions {
  /** Name of the layer (LayersModel) or node (GraphModel) that gives the logits; a softmax on it is left out. */
  readonly layer?: string;
  /** Name or index of the output to score; a model with several needs it, or `layer`. */
  readonly output?: number | string;
}

/** The outcome of one forward pass. */
export interface ForwardPass {
  /**
   * `[size, classes]`. A single sigmoid unit z of a binary model is given as the pair (-z/2, z/2); units of a multi-label
   * model and outputs of a regression are given as they are.
   */
  readonly logits: tf.Tensor2D;
  /** Whether the logits are the pair of a single unit; false unless told. */
  readonly isPair?: boolean;
  /** Outputs of the layers asked for, by name; under `PENULTIMATE` the input of the last one. */
  readonly features: Readonly<Record<string, tf.Tensor>>;
}

/** A model made ready for passes over the probe: live weights, nothing mutated, training = false. */
export interface BoundModel {
  /** Shapes of one example of each input, without the batch axis and with null where free; null when unknown. */
  readonly inputShapes: readonly (readonly (number | null)[])[] | null;
  /** What the model was trained for; null until a forward pass has told the number of units. Default: classification. */
  readonly task?: Task | null;
  /** Runs inside the caller's synchronous `tf.tidy`. */
  forward(inputs: readonly tf.Tensor[]): ForwardPass;
}

/** Turns a model into a `BoundModel`. Swappable: see `TrackerOptions.provide`. */
export interface ModelAdapter {
  /** @param question what the caller and the labels say of the task; without it logits are taken for classes */
  bind(model: ScorableModel, options: LogitsOptions, features: readonly string[], question?: TaskQuestion): BoundModel;
}

/** Gives raw outputs, in the terms of one kind of model. */
export interface RawModel {
  readonly inputShapes: BoundModel['inputShapes'];
  forward(inputs: readonly tf.Tensor[]): { logits: tf.Tensor; features: Record<string, tf.Tensor> };
  /** How the logits were found, for error messages. */
  readonly description: string;
  /** The outputs of a model with several, for error messages. */
  readonly outputs?: string;
  /** What the end of the model tells of its task. */
  readonly head: RawHead;
}

/** What the end of a model tells, without running it. */
export interface RawHead {
  /** What was left out behind the logits. */
  readonly squashing: Squashing;
  /** The activation in words. */
  readonly activation: string;
  /** Null where only a forward pass tells. */
  readonly units: number | null;
  readonly loss: CompiledLoss | null;
  /** The caller said so: a function of logits, or a layer named as theirs. */
  readonly areLogits: boolean;
}

/** The adapter for LayersModels, GraphModels and functions. */
export const modelAdapter: ModelAdapter = {
  bind(model, options, features, question) {
    const raw = bindRaw(model, options, features);
    const { units } = raw.head;
    const resolve = (count: number): Task | null =>
      question === undefined ? null : resolveTask({ ...raw.head, units: count }, question);
    let task = units === null ? null : resolve(units);
    return {
      inputShapes: raw.inputShapes,
      get task() {
        return task;
      },
      forward(inputs) {
        const pass = raw.forward(inputs);
        const logits = asMatrix(pass.logits, inputs[0]?.shape[0] ?? 0, raw);
        task ??= resolve(logits.shape[1]);
        const isPair = logits.shape[1] === 1 && (task === null || task.kind === 'binary');
        return withOwnTensors({ logits: isPair ? pairOf(logits) : logits, isPair, features: pass.features });
      },
    };
  },
};

/**
 * The logits of a model, before any softmax or sigmoid, as a function of its inputs: `[size, classes]`. The model is not
 * mutated, its weights stay live and it runs with training = false. A single sigmoid unit z gives the pair
 * (-z/2, z/2), whose softmax is (1 - sigmoid(z), sigmoid(z)).
 *
 * @throws VogError LOGITS_UNRESOLVED, LAYER_UNKNOWN; of the result INPUT_SHAPE, LOGITS_UNRESOLVED, ARGUMENT_INVALID
 */
export function logitsOf(
  model: ScorableModel,
  options: LogitsOptions = {},
): (inputs: tf.Tensor | readonly tf.Tensor[]) => tf.Tensor2D {
  checkLogitsOptions(options);
  const bound = modelAdapter.bind(model, options, []);
  return (inputs) => {
    const list = tensorsOf(inputs);
    checkInputShapes(
      list.map(({ shape }) => shape.slice(1)),
      bound,
    );
    return tf.tidy(() => bound.forward(list).logits);
  };
}

function bindRaw(model: ScorableModel, options: LogitsOptions, features: readonly string[]): RawModel {
  if (model instanceof tf.LayersModel) return bindLayersModel(model, options, features);
  if (model instanceof tf.GraphModel) return bindGraphModel(model, options, features);
  if (typeof model === 'function') return bindFunction(model, options, features);
  throw new VogError(
    'LOGITS_UNRESOLVED',
    'The model is neither a tf.LayersModel, a tf.GraphModel nor a function from inputs to logits. ' +
      'If it is a tfjs model, two copies of @tensorflow/tfjs are loaded: make every package use one (see docs/backends.md).',
  );
}

function bindFunction(model: LogitsFunction, options: LogitsOptions, features: readonly string[]): RawModel {
  if (options.layer !== undefined || options.output !== undefined) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'logits.layer and logits.output choose a part of a tfjs model; a function gives its logits itself. Leave them out.',
    );
  }
  if (features[0] !== undefined) {
    const what = features[0] === PENULTIMATE ? 'penultimate features' : `features('${features[0]}')`;
    throw new VogError(
      'LAYER_UNKNOWN',
      `A metric requires ${what}, but the model is a function, which has no layers. Pass the LayersModel itself.`,
    );
  }
  return {
    inputShapes: null,
    description: 'the function given as the model',
    head: { squashing: 'linear', activation: 'logit', units: null, loss: null, areLogits: true },
    forward: (inputs) => ({ logits: callFunction(model, inputs), features: {} }),
  };
}

function asMatrix(logits: tf.Tensor, size: number, { description, outputs }: RawModel): tf.Tensor2D {
  if (!(logits instanceof tf.Tensor) || logits.rank !== 2 || logits.shape[0] !== size || logits.shape[1] === 0) {
    const shape = logits instanceof tf.Tensor ? `[${logits.shape.join(', ')}]` : kindOf(logits);
    const others =
      outputs === undefined ? '' : ` The model's outputs are: ${outputs}. Choose with logits: { output: '…' }.`;
    throw new VogError(
      'LOGITS_UNRESOLVED',
      `Logits must be [${size}, classes], one row per example; ${description} gave ${shape}. ` +
        `Point logits.layer at the layer before the softmax, or pass a function that returns [size, classes].${others}`,
    );
  }
  return logits as tf.Tensor2D;
}

/**
 * One unit z is a two-class model: half of it on each side treats both classes alike, where (0, z) would give class 0 a
 * gradient of zero and with it a VoG of zero.
 */
function pairOf(logits: tf.Tensor2D): tf.Tensor2D {
  const half = tf.div(logits, 2);
  return tf.concat([tf.neg(half), half], 1) as tf.Tensor2D;
}
