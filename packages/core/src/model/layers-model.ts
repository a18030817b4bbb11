import { type ErrorCode, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { TaskQuestion } from '../task/question.js';
import type { LogitsOptions, RawModel } from './model.js';
import { asArray, inputsOf, type Layer, type Symbol } from './layer-graph.js';
import { type CallArguments, type Head, type HeadValue, layerPass } from './layer-pass.js';
import { layersHead } from './layers-head.js';
import { layerOutput, listOutputs, outputSymbol } from './outputs.js';
import { PENULTIMATE } from './penultimate.js';
import { leavingUntouched } from './untouched.js';

const SQUASHING = new Set(['softmax', 'logSoftmax', 'sigmoid']);
/** Layers that only move or pass values: they are applied again after the logits. */
const PASSING = new Set([
  'Flatten',
  'Reshape',
  'Permute',
  'Dropout',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
  'Masking',
]);
/** Layers with an activation that can be left out by itself. */
const ACTIVATED = new Set([
  'Dense',
  'Conv1D',
  'Conv2D',
  'Conv3D',
  'SeparableConv2D',
  'DepthwiseConv2D',
  'Conv2DTranspose',
  'Activation',
]);
const MERGING = new Set(['Add', 'Average', 'Maximum', 'Minimum', 'Multiply', 'Concatenate', 'Dot']);
const LINEAR = { apply: (x: tf.Tensor): tf.Tensor => x, getClassName: () => 'linear', getConfig: () => ({}) };

/** A model whose logits and features were found. */
interface Found {
  run(inputs: readonly tf.Tensor[], args: CallArguments): HeadValue;
  readonly description: string;
  /** The activation behind the logits; 'none' where there is none to speak of. */
  readonly activation: string;
}

/** Finds the logits of a LayersModel and prepares one forward pass that gives them and the features asked for. */
export function bindLayersModel(
  model: tf.LayersModel,
  options: LogitsOptions,
  features: readonly string[],
  question?: TaskQuestion,
): RawModel {
  const output = outputSymbol(model, options);
  const { run, description, activation } = find(model, output, options.layer !== undefined, features);
  const name = (output as Symbol).sourceLayer.name;
  return {
    inputShapes: model.inputs.map((input) => input.shape.slice(1)),
    description: options.output === undefined ? description : `output '${name}', ${description},`,
    ...(model.outputs.length > 1 ? { outputs: listOutputs(model) } : {}),
    head: layersHead(model, options, output, activation, question),
    forward: (inputs) => tf.tidy(() => leavingUntouched([model], () => run(inputs, { training: false }))),
  };
}

function find(model: tf.LayersModel, output: tf.SymbolicTensor, explicit: boolean, features: readonly string[]): Found {
  const isInside = features.includes(PENULTIMATE) && endsInModel(output);
  const head = headOf(output as Symbol, explicit, isInside ? [PENULTIMATE] : []);
  const visible = isInside ? features.filter((name) => name !== PENULTIMATE) : features;
  const wanted = visible.map((name) => (name === PENULTIMATE ? beforeLinear(output) : layerOutput(model, name)));
  const pass = layerPass(model, head === null ? [output, ...wanted] : wanted, head);
  return {
    description: head?.description ?? `layer '${(output as Symbol).sourceLayer.name}' as it is`,
    activation: head?.activation ?? activationOf(beforePassing(output as Symbol).symbol.sourceLayer),
    run(inputs, args) {
      const values = pass(inputs, args);
      const seen = visible.map((name, i) => [name, values.valueOf(wanted[i] as tf.SymbolicTensor)]);
      return {
        logits: values.head?.logits ?? values.valueOf(output),
        features: { ...values.head?.features, ...Object.fromEntries(seen) },
      };
    },
  };
}

/** Walks back from `output` over passing layers to the layer whose squashing is left out; null when there is none. */
function headOf(output: Symbol, explicit: boolean, features: readonly string[]): Head | null {
  const { symbol, passed } = beforePassing(output);
  const call = squashingHead(symbol, explicit, features);
  return call === null ? null : { at: symbol, passed, ...call };
}

/** The tensor before the layers that only move or pass values, and what those layers give, in their order. */
function beforePassing(output: Symbol): { symbol: Symbol; passed: Symbol[] } {
  const passed: Symbol[] = [];
  let symbol = output;
  for (
    let [input] = inputsOf(symbol);
    PASSING.has(symbol.sourceLayer.getClassName()) && input !== undefined;
    [input] = inputsOf(symbol)
  ) {
    passed.unshift(symbol);
    symbol = input;
  }
  return { symbol, passed };
}

function onlyLogits(logits: tf.Tensor | undefined): HeadValue {
  return { logits: logits as tf.Tensor, features: {} };
}

function endsInModel(output: tf.SymbolicTensor): boolean {
  return beforePassing(output as Symbol).symbol.sourceLayer instanceof tf.LayersModel;
}

/** The Dense layer that gives the logits of a model, also inside a model used as a layer. */
export function linearLayerOf(model: tf.LayersModel, options: LogitsOptions): tf.layers.Layer {
  const output = outputSymbol(model, options);
  const { symbol } = beforePassing(output as Symbol);
  if (symbol.sourceLayer instanceof tf.LayersModel) {
    return linearLayerOf(symbol.sourceLayer, { output: symbol.tensorIndex });
  }
  return linearLayer(output, 'HEAD_NOT_LINEAR').layer;
}

/** The input `[size, features]` of the Dense layer that gives the logits, before or behind a softmax layer. */
function beforeLinear(output: tf.SymbolicTensor): tf.SymbolicTensor {
  return linearLayer(output, 'LAYER_UNKNOWN').input;
}

function linearLayer(output: tf.SymbolicTensor, otherwise: ErrorCode): { layer: Layer; input: tf.SymbolicTensor } {
  const last = beforePassing(output as Symbol).symbol;
  const kind = last.sourceLayer.getClassName();
  const isActivation = kind === 'Softmax' || kind === 'Activation';
  const symbol = isActivation ? beforePassing(inputsOf(last)[0] as Symbol).symbol : last;
  const layer = symbol.sourceLayer;
  const [input] = inputsOf(symbol);
  // One activation is left out, the layer's own or the one behind it; behind any other the logits are not linear.
  const leftOut = kind === 'Softmax' ? isLinear(layer) : squashes(last.sourceLayer) || isLinear(last.sourceLayer);
  const isHead = layer.getClassName() === 'Dense' && leftOut && (symbol === last || isLinear(layer));
  if (!isHead || input?.shape.length !== 2) {
    throw new VogError(
      otherwise,
      `The penultimate features cannot be found: layer '${layer.name}' (${layer.getClassName()}), which gives the ` +
        "logits, is not a Dense layer over vectors. Name the layer whose output to use, as in grand({ layer: '…' }).",
    );
  }
  return { layer, input };
}

/** The head at `symbol` without its softmax, log-softmax or sigmoid; null when it has none. */
function squashingHead(
  symbol: Symbol,
  explicit: boolean,
  features: readonly string[],
): Pick<Head, 'call' | 'description' | 'activation'> | null {
  const layer = symbol.sourceLayer;
  const kind = layer.getClassName();
  const inputs = inputsOf(symbol);
  const description = `layer '${layer.name}' (${kind})`;
  if (layer instanceof tf.LayersModel) {
    const inner = find(layer, layer.outputs[symbol.tensorIndex] as tf.SymbolicTensor, false, features);
    return { call: inner.run, description: `${inner.description} of ${description}`, activation: inner.activation };
  }
  if (kind === 'Softmax' || (kind === 'Activation' && squashes(layer))) {
    const isLayer = kind === 'Softmax';
    return {
      call: ([x], args) => onlyLogits(isLayer ? masked(x as tf.Tensor, args['mask']) : x),
      description: `the input of ${description}`,
      activation: isLayer ? 'softmax' : activationOf(layer),
    };
  }
  if (squashes(layer)) {
    if (!ACTIVATED.has(kind))
      throw unresolved(layer, `its ${activationOf(layer)} cannot be left out of a ${kind} layer`);
    const linear = Object.create(layer, { activation: { value: LINEAR } }) as Layer;
    return {
      call: (values, args) => onlyLogits(asArray(linear.call(values, args))[0]),
      description: `${description} without its ${activationOf(layer)}`,
      activation: activationOf(layer),
    };
  }
  if (layer.cell !== undefined && squashes(layer.cell) && !explicit) {
    throw unresolved(layer, `its cell's ${activationOf(layer.cell)} cannot be left out`);
  }
  if (layer.layer !== undefined && (squashes(layer.layer) || squashes(layer.layer.cell))) {
    throw unresolved(
      layer,
      `it wraps layer '${layer.layer.name}', whose ${activationOf(layer.layer)} cannot be left out there`,
    );
  }
  if (MERGING.has(kind) && !explicit) {
    const squashed = inputs
      .map((input) => (input as Symbol).sourceLayer)
      .find((l) => squashes(l) || l.getClassName() === 'Softmax');
    if (squashed !== undefined) {
      throw unresolved(
        layer,
        `it combines probabilities (from layer '${squashed.name}'), which have no logits of their own`,
      );
    }
  }
  return null;
}

/** What a softmax layer does to its input before the softmax, where a mask is in force (advanced_activations.js: Softmax). */
function masked(x: tf.Tensor, mask: unknown): tf.Tensor {
  if (!(mask instanceof tf.Tensor)) return x;
  return tf.add(x, tf.mul(tf.sub(tf.onesLike(x), tf.cast(mask, x.dtype)), -1e9));
}

function squashes(layer: Layer | undefined): boolean {
  return layer !== undefined && SQUASHING.has(activationOf(layer));
}

function isLinear(layer: Layer): boolean {
  return activationOf(layer) === 'linear';
}

function activationOf(layer: Layer): string {
  return layer.activation?.getClassName() ?? 'none';
}

function unresolved(layer: Layer, why: string): VogError {
  return new VogError(
    'LOGITS_UNRESOLVED',
    `The logits cannot be found: the model ends in layer '${layer.name}' (${layer.getClassName()}), and ${why}. ` +
      "Name the layer that gives them with logits: { layer: '…' }, or pass a function from inputs to logits as the model.",
  );
}
