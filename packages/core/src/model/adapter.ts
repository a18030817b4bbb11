import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { bindGraphModel } from './graph-model.js';
import { checkLogitsOptions } from './logits-options.js';
import { bindLayersModel } from './layers-model.js';
import { checkInputShapes } from './fit.js';
import { callFunction, kindOf, tensorsOf, withOwnTensors } from './ownership.js';
import { PENULTIMATE } from './penultimate.js';
import type { LogitsFunction, LogitsOptions, ModelAdapter, RawModel, ScorableModel } from './model.js';
import type { TaskQuestion } from '../task/question.js';
import type { Task } from '../task/task.js';

/** The adapter for LayersModels, GraphModels and functions. */
export const modelAdapter: ModelAdapter = {
  bind(model, options, features, question) {
    const raw = bindRaw(model, options, features, question);
    const { units } = raw.head;
    const resolve = (count: number): Task | null => question?.resolve({ ...raw.head, units: count }) ?? null;
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

function bindRaw(
  model: ScorableModel,
  options: LogitsOptions,
  features: readonly string[],
  question?: TaskQuestion,
): RawModel {
  if (model instanceof tf.LayersModel) return bindLayersModel(model, options, features, question);
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
      'logits.layer and logits.output are for tfjs models; a function gives its logits itself. Leave them out.',
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
