import { type ErrorCode, VogError } from '@vogjs/base';
import type * as tf from '@tensorflow/tfjs';
import type { LogitsOptions, RawHead, RawModel } from './model.js';
import { refuseBoth, shapeText, undecided, unknownOutput } from './outputs.js';
import { batchSizeOf, inBatches } from './fixed-batch.js';
import { PENULTIMATE } from './penultimate.js';
import { leavingUntouched } from './untouched.js';

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly GraphNode[];
  readonly attrParams?: Readonly<Record<string, { readonly value?: unknown }>>;
}

/** The node map that tfjs keeps for a loaded GraphModel; absent in tfjs's own type declarations. */
interface WithGraph {
  readonly executor?: { readonly graph?: { readonly nodes?: Readonly<Record<string, GraphNode>> } };
}

const SQUASHING = new Set(['Softmax', 'LogSoftmax', 'Sigmoid']);
const PASSING = new Set(['Identity', 'StopGradient']);
const ADDING = new Set(['BiasAdd', 'Add', 'AddV2']);
const MULTIPLYING = new Set(['MatMul', '_FusedMatMul']);

/** Finds the node that gives the logits of a GraphModel: the input of a final softmax, log-softmax or sigmoid. */
export function bindGraphModel(model: tf.GraphModel, options: LogitsOptions, features: readonly string[]): RawModel {
  const nodes = nodesOf(model);
  const start = findNode(nodes, startName(model, options));
  const logits = beforeSquashing(start);
  const wanted = features.map((name) => (name === PENULTIMATE ? beforeLinear(logits) : findNode(nodes, name)).name);
  const inputNames = model.inputs.map((input) => input.name);
  return {
    // A placeholder of unknown rank says nothing, and then nothing can be checked.
    inputShapes: model.inputs.every((input) => input.shape !== undefined)
      ? model.inputs.map((input) => (input.shape ?? []).slice(1).map((size) => (size >= 0 ? size : null)))
      : null,
    description: `node '${logits.name}' (${logits.op})`,
    ...(model.outputs.length > 1 ? { outputs: listGraphOutputs(model) } : {}),
    head: headOf(start, options),
    forward(inputs) {
      const outputs = inBatches(batchSizeOf(model), inputs, (batch) => {
        const feed = Object.fromEntries(inputNames.map((name, i) => [name, batch[i] as tf.Tensor]));
        // tfjs gives a bare tensor, not a list of one, when a single node is asked for.
        return leavingUntouched(null, () => [model.execute(feed, [logits.name, ...wanted])].flat());
      });
      return {
        logits: outputs[0] as tf.Tensor,
        features: Object.fromEntries(features.map((name, i) => [name, outputs[i + 1] as tf.Tensor])),
      };
    },
  };
}

function nodesOf(model: tf.GraphModel): Readonly<Record<string, GraphNode>> {
  const nodes = (model as unknown as WithGraph).executor?.graph?.nodes;
  if (nodes === undefined) {
    throw new VogError('LOGITS_UNRESOLVED', 'The GraphModel is not loaded yet: await tf.loadGraphModel(…) first.');
  }
  return nodes;
}

function beforeSquashing(start: GraphNode): GraphNode {
  let node = start;
  while (PASSING.has(node.op) && node.inputs[0] !== undefined) node = node.inputs[0];
  return SQUASHING.has(node.op) && node.inputs[0] !== undefined ? node.inputs[0] : node;
}

/** What was left out behind the logits. */
function headOf(start: GraphNode, { layer }: LogitsOptions): RawHead {
  let node = start;
  while (PASSING.has(node.op) && node.inputs[0] !== undefined) node = node.inputs[0];
  const squashings: Readonly<Record<string, RawHead['squashing']>> = {
    Softmax: 'softmax',
    LogSoftmax: 'logSoftmax',
    Sigmoid: 'sigmoid',
  };
  const squashing = squashings[node.op] ?? 'linear';
  return { squashing, activation: squashing, units: null, loss: null, areLogits: layer !== undefined };
}

/** The features that the last linear layer multiplies: `MatMul(features, weights)`, with or without a bias. */
function beforeLinear(logits: GraphNode): GraphNode {
  return linearNodes(logits, 'LAYER_UNKNOWN').features;
}

/** Nodes of the last linear layer. */
export interface LinearNodes {
  readonly features: GraphNode;
  readonly kernel: GraphNode;
  readonly bias: GraphNode | undefined;
  /** The kernel is `[classes, features]`. */
  readonly isTransposed: boolean;
}

/** The last linear layer of a GraphModel: the matrix product that gives the logits, and what is added to it. */
export function linearNodesOf(model: tf.GraphModel, options: LogitsOptions): LinearNodes {
  const nodes = nodesOf(model);
  return linearNodes(beforeSquashing(findNode(nodes, startName(model, options))), 'HEAD_NOT_LINEAR');
}

function linearNodes(logits: GraphNode, otherwise: ErrorCode): LinearNodes {
  let node: GraphNode | undefined = logits;
  let bias: GraphNode | undefined;
  while (node !== undefined && (PASSING.has(node.op) || ADDING.has(node.op))) {
    if (ADDING.has(node.op)) bias = node.inputs[1];
    node = node.inputs[0];
  }
  const [features, kernel, fused] = node !== undefined && MULTIPLYING.has(node.op) ? node.inputs : [];
  if (features === undefined || kernel === undefined) {
    throw new VogError(
      otherwise,
      `The penultimate features cannot be found: node '${logits.name}' (${logits.op}), which gives the logits, is not a ` +
        "matrix product with a bias. Name the node that gives the features, as in grand({ layer: '…' }).",
    );
  }
  return { features, kernel, bias: bias ?? fused, isTransposed: node?.attrParams?.['transposeB']?.value === true };
}

/** Name of the node that the logits are looked for at. */
function startName(model: tf.GraphModel, options: LogitsOptions): string {
  const { layer, output } = options;
  refuseBoth(options);
  if (layer !== undefined) return layer;
  if (output === undefined && model.outputs.length > 1) {
    throw undecided('The GraphModel', listGraphOutputs(model), model.outputs[0]?.name);
  }
  const names = model.outputs.map(({ name }) => withoutPort(name));
  const name = typeof output === 'string' ? names.find((n) => n === withoutPort(output)) : names[output ?? 0];
  if (name === undefined) throw unknownOutput(output ?? 0, 'the GraphModel', listGraphOutputs(model));
  return name;
}

/** The converter writes `name:0` where it means the first output of a node. */
function withoutPort(name: string): string {
  return name.replace(/:\d+$/, '');
}

function listGraphOutputs(model: tf.GraphModel): string {
  const nodes = nodesOf(model);
  return model.outputs
    .map(({ name, shape }, i) => `${i} '${name}' ${shapeText(shape)} (${nodes[withoutPort(name)]?.op ?? 'no node'})`)
    .join(', ');
}

function findNode(nodes: Readonly<Record<string, GraphNode>>, name: string): GraphNode {
  const node = nodes[name];
  if (node === undefined) {
    const known = Object.values(nodes)
      .filter((candidate) => candidate.op !== 'Const')
      .map((candidate) => candidate.name);
    throw new VogError(
      'LAYER_UNKNOWN',
      `The GraphModel has no node '${name}'. Its last nodes are: ${known.slice(-12).join(', ')}.`,
    );
  }
  return node;
}
