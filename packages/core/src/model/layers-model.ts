import { type ErrorCode, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { LogitsOptions, RawModel } from './adapter.js';
import { layersHead } from './layers-head.js';
import { PENULTIMATE } from './penultimate.js';

/** The parts of a tfjs layer that its type declarations hide. */
type Layer = tf.layers.Layer & {
  readonly activation?: { getClassName(): string } | null;
  readonly layer?: Layer;
  /** Of a recurrent layer. */
  readonly cell?: Layer;
  readonly inboundNodes: readonly { readonly inputTensors: tf.SymbolicTensor[] }[];
};

/** A graph node's output, with the fields that say where it comes from. */
type Symbol = tf.SymbolicTensor & {
  readonly sourceLayer: Layer;
  readonly nodeIndex: number;
  readonly tensorIndex: number;
};

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

/** What stands between some tensors of the graph and the logits. */
interface Head {
  /** Tensors that the head takes. */
  readonly inputs: readonly tf.SymbolicTensor[];
  apply(values: tf.Tensor[]): HeadValue;
  readonly description: string;
  /** The activation behind the logits; 'none' where there is none to speak of. */
  readonly activation: string;
}

/** What a head gives: logits, and features that only it can see, inside a model used as a layer. */
interface HeadValue {
  readonly logits: tf.Tensor;
  readonly features: Readonly<Record<string, tf.Tensor>>;
}

/** Finds the logits of a LayersModel and prepares one forward pass that gives them and the features asked for. */
export function bindLayersModel(model: tf.LayersModel, options: LogitsOptions, features: readonly string[]): RawModel {
  const output = outputSymbol(model, options);
  const isInside = features.includes(PENULTIMATE) && endsInModel(output);
  const head = headOf(output, options.layer !== undefined, isInside ? [PENULTIMATE] : []);
  const visible = isInside ? features.filter((name) => name !== PENULTIMATE) : features;
  const wanted = visible.map((name) => (name === PENULTIMATE ? beforeLinear(output) : layerOutput(model, name)));
  // A tensor that is an input of the model is fed directly: tfjs cannot build a model whose output is its input.
  const fetched = [...new Set([...head.inputs, ...wanted])].filter((symbol) => !model.inputs.includes(symbol));
  // The view shares the live layers. It must never be disposed: that would dispose the user's weights.
  const view = fetched.length === 0 ? null : tf.model({ inputs: model.inputs, outputs: fetched });
  return {
    inputShapes: model.inputs.map((input) => input.shape.slice(1)),
    description: head.description,
    head: layersHead(model, options, output, head.activation),
    forward(inputs) {
      const outputs =
        view === null ? [] : asArray(view.apply([...inputs], { training: false }) as tf.Tensor | tf.Tensor[]);
      const valueOf = (symbol: tf.SymbolicTensor): tf.Tensor => {
        const value = outputs[fetched.indexOf(symbol)] ?? inputs[model.inputs.indexOf(symbol)];
        if (value === undefined) throw new Error('unreachable: a fetched tensor has no value');
        return value;
      };
      const value = head.apply(head.inputs.map(valueOf));
      const seen = visible.map((name, i) => [name, valueOf(wanted[i] as tf.SymbolicTensor)]);
      return { logits: value.logits, features: { ...value.features, ...Object.fromEntries(seen) } };
    },
  };
}

/** Walks back from `output` over passing layers to the layer whose squashing is left out. */
function headOf(output: tf.SymbolicTensor, explicit: boolean, features: readonly string[]): Head {
  const { symbol, passed } = beforePassing(output as Symbol);
  const head = squashingHead(symbol, explicit, features);
  if (head === null) {
    const { name } = (output as Symbol).sourceLayer;
    const activation = activationOf(symbol.sourceLayer);
    return { inputs: [output], apply: ([x]) => onlyLogits(x), description: `layer '${name}' as it is`, activation };
  }
  return {
    ...head,
    apply(values) {
      const value = head.apply(values);
      return { ...value, logits: passed.reduce((x, layer) => callLayer(layer, [x]), value.logits) };
    },
  };
}

/** The tensor before the layers that only move or pass values, and those layers in their order. */
function beforePassing(output: Symbol): { symbol: Symbol; passed: Layer[] } {
  const passed: Layer[] = [];
  let symbol = output;
  while (PASSING.has(symbol.sourceLayer.getClassName()) && inputsOf(symbol)[0] !== undefined) {
    passed.unshift(symbol.sourceLayer);
    symbol = inputsOf(symbol)[0] as Symbol;
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
        "logits, is no Dense layer over vectors. Name the layer whose output to use, as in grand({ layer: '…' }).",
    );
  }
  return { layer, input };
}

/** The head at `symbol` without its softmax, log-softmax or sigmoid; null when it has none. */
function squashingHead(symbol: Symbol, explicit: boolean, features: readonly string[]): Head | null {
  const layer = symbol.sourceLayer;
  const kind = layer.getClassName();
  const inputs = inputsOf(symbol);
  const description = `layer '${layer.name}' (${kind})`;
  if (layer instanceof tf.LayersModel) {
    const inner = bindLayersModel(layer, { output: symbol.tensorIndex }, features);
    return {
      inputs,
      apply: (values) => inner.forward(values),
      description: `${inner.description} of ${description}`,
      activation: inner.head.activation,
    };
  }
  if (kind === 'Softmax' || (kind === 'Activation' && squashes(layer))) {
    const activation = kind === 'Softmax' ? 'softmax' : activationOf(layer);
    return { inputs, apply: ([x]) => onlyLogits(x), description: `the input of ${description}`, activation };
  }
  if (squashes(layer)) {
    if (!ACTIVATED.has(kind))
      throw unresolved(layer, `its ${activationOf(layer)} cannot be left out of a ${kind} layer`);
    const linear = Object.create(layer, { activation: { value: LINEAR } }) as Layer;
    return {
      inputs,
      apply: (values) => onlyLogits(callLayer(linear, values)),
      description: `${description} without its ${activationOf(layer)}`,
      activation: activationOf(layer),
    };
  }
  if (layer.cell !== undefined && squashes(layer.cell) && !explicit) {
    throw unresolved(layer, `its cell's ${activationOf(layer.cell)} cannot be left out`);
  }
  if (layer.layer !== undefined && squashes(layer.layer)) {
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

function inputsOf(symbol: Symbol): readonly tf.SymbolicTensor[] {
  return symbol.sourceLayer.inboundNodes[symbol.nodeIndex]?.inputTensors ?? [];
}

function callLayer(layer: Layer, values: tf.Tensor[]): tf.Tensor {
  return asArray(layer.call(values, { training: false }))[0] as tf.Tensor;
}

function squashes(layer: Layer): boolean {
  return SQUASHING.has(activationOf(layer));
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

function outputSymbol(model: tf.LayersModel, { layer, output = 0 }: LogitsOptions): tf.SymbolicTensor {
  if (layer !== undefined) return layerOutput(model, layer);
  const index = typeof output === 'string' ? model.outputNames.indexOf(output) : output;
  const symbol = model.outputs[index];
  if (symbol === undefined) {
    throw new VogError(
      'LAYER_UNKNOWN',
      `logits.output ${JSON.stringify(output)} is not an output of model '${model.name}', which has ${model.outputs.length}: ` +
        `${model.outputNames.map((name, i) => `${i} '${name}'`).join(', ')}.`,
    );
  }
  return symbol;
}

function layerOutput(model: tf.LayersModel, name: string): tf.SymbolicTensor {
  const layer = model.layers.find((candidate) => candidate.name === name);
  if (layer === undefined) {
    throw new VogError(
      'LAYER_UNKNOWN',
      `Model '${model.name}' has no layer '${name}'. It has: ${model.layers.map((candidate) => candidate.name).join(', ')}.`,
    );
  }
  // A shared layer was called several times, and a layer that other models use too was called there as well.
  const outputs = callsIn(model, layer as Layer);
  const [output] = outputs;
  if (output === undefined || outputs.length > 1) {
    throw new VogError(
      'LOGITS_UNRESOLVED',
      `Layer '${name}' of model '${model.name}' has ${outputs.length} outputs; name a layer with one.`,
    );
  }
  return output;
}

/** What `layer` gives in this model, found by walking back from the model's outputs. */
function callsIn(model: tf.LayersModel, layer: Layer): tf.SymbolicTensor[] {
  const seen = new Set<tf.SymbolicTensor>();
  const open = [...model.outputs];
  for (let symbol = open.pop(); symbol !== undefined; symbol = open.pop()) {
    if (seen.has(symbol)) continue;
    seen.add(symbol);
    open.push(...inputsOf(symbol as Symbol));
  }
  return [...seen].filter((symbol) => (symbol as Symbol).sourceLayer === layer);
}

function asArray<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
