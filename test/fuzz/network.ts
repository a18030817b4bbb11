// A network as plain data: it can be sent to another process, cut down piece by piece and printed as code.
import { seededRandom } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { customLayers } from './custom-layers.js';

export type Value = number | string | boolean | null | LayerSpec | readonly Value[];
export interface Config {
  readonly [key: string]: Value;
}

/** A layer by the name that makes it, `tf.layers[layer]` or a custom one; in a config, a layer that is wrapped. */
export interface LayerSpec {
  readonly layer: string;
  readonly config: Config;
}

/** One call of a layer or of a nested network. Values are numbered: the inputs first, then one for each node. */
export interface NodeSpec extends LayerSpec {
  readonly from: readonly number[];
  /** The node whose layer is called again here (a shared layer). */
  readonly shared?: number;
  /** With layer 'model': the network that is used as a layer. */
  readonly network?: Network;
}

export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype?: 'int32';
}

/** The last node gives the output. */
export interface Network {
  readonly inputs: readonly InputSpec[];
  readonly nodes: readonly NodeSpec[];
}

type Layer = tf.layers.Layer;
type Factory = (config: unknown) => Layer;

const isLayer = (value: Value): value is LayerSpec =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'layer' in value;

function realised(value: Value): unknown {
  if (Array.isArray(value)) return value.map(realised);
  return isLayer(value) ? layerOf(value) : value;
}

function layerOf({ layer, config }: LayerSpec): Layer {
  const settings = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, realised(value)]));
  const Custom = customLayers[layer];
  if (Custom !== undefined) return new Custom(settings);
  const make = (tf.layers as unknown as Record<string, Factory | undefined>)[layer];
  if (make === undefined) throw new Error(`no layer '${layer}'`);
  return make(settings);
}

/** Grows a tfjs graph node by node, so that a generator sees the shapes. */
export class Graph {
  readonly inputs: tf.SymbolicTensor[];
  readonly symbols: tf.SymbolicTensor[];
  readonly #layers: Layer[] = [];

  constructor(inputs: readonly InputSpec[]) {
    this.inputs = inputs.map(({ shape, dtype }) => tf.input({ shape: [...shape], dtype: dtype ?? 'float32' }));
    this.symbols = [...this.inputs];
  }

  add(node: NodeSpec): tf.SymbolicTensor {
    const layer =
      node.shared !== undefined
        ? this.#layers[node.shared]!
        : node.network !== undefined
          ? modelOf(node.network)
          : layerOf(node);
    const from = node.from.map((value) => this.symbols[value]!);
    const output = layer.apply(from.length === 1 ? from[0]! : from);
    this.#layers.push(layer);
    const symbol = (Array.isArray(output) ? output[0] : output) as tf.SymbolicTensor;
    this.symbols.push(symbol);
    return symbol;
  }

  model(): tf.LayersModel {
    return tf.model({ inputs: this.inputs, outputs: this.symbols.at(-1)! });
  }
}

/** The model, with fresh weights of tfjs's own. */
export function modelOf(network: Network): tf.LayersModel {
  const graph = new Graph(network.inputs);
  for (const node of network.nodes) graph.add(node);
  return graph.model();
}

/** Weights that the seed decides, representable in float32: the same function in both precisions. */
export function weightsOf(model: tf.LayersModel, seed: number): number[][] {
  const random = seededRandom(seed);
  return model.weights.map((weight) => {
    const size = weight.shape.reduce<number>((product, length) => product * (length ?? 1), 1);
    const isVariance = weight.name.includes('variance');
    return Array.from({ length: size }, () => {
      const drawn = Math.round(random.normal() * 64) / 128;
      return isVariance ? 0.5 + Math.abs(drawn) : drawn;
    });
  });
}

function setWeights(model: tf.LayersModel, values: readonly (readonly number[])[]): void {
  const tensors = model.weights.map((weight, i) => tf.tensor([...values[i]!], weight.shape as number[]));
  model.setWeights(tensors);
  tf.dispose(tensors);
}

/** The model with the weights of the seed. */
export function seededModel(network: Network, seed: number): tf.LayersModel {
  const model = modelOf(network);
  setWeights(model, weightsOf(model, seed));
  return model;
}
