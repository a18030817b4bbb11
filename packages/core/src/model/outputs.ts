import { VogError } from '@vogjs/base';
import type * as tf from '@tensorflow/tfjs';
import type { LogitsOptions } from './model.js';
import { computationOrder, type Layer, type Symbol } from './layer-graph.js';

/** The tensor of a LayersModel that the logits are looked for at. */
export function outputSymbol(model: tf.LayersModel, options: LogitsOptions): tf.SymbolicTensor {
  const { layer, output } = options;
  refuseBoth(options);
  if (!isBuilt(model)) {
    throw new VogError(
      'LOGITS_UNRESOLVED',
      `Model '${model.name}' has no outputs yet. Give its first layer an inputShape and add at least one layer.`,
    );
  }
  if (layer !== undefined) return layerOutput(model, layer);
  if (output === undefined) {
    if (model.outputs.length > 1) throw undecided(`Model '${model.name}'`, listOutputs(model), outputNames(model)[0]);
    return model.outputs[0] as tf.SymbolicTensor;
  }
  const named = outputNames(model).flatMap((name, i) => (name === output ? [i] : []));
  if (named.length > 1) {
    throw new VogError(
      'LAYER_UNKNOWN',
      `logits.output '${output}' is the name of ${named.length} outputs of model '${model.name}'. ` +
        `Give the index: ${named.join(' or ')}. Its outputs are: ${listOutputs(model)}.`,
    );
  }
  const symbol = model.outputs[typeof output === 'string' ? (named[0] ?? -1) : output];
  if (symbol === undefined) throw unknownOutput(output, `model '${model.name}'`, listOutputs(model));
  return symbol;
}

/** A Sequential without layers, or without the shape of its inputs, has no graph. */
function isBuilt(model: tf.LayersModel): boolean {
  return Array.isArray(model.inputs) && Array.isArray(model.outputs) && model.outputs.length > 0;
}

/** Names of the outputs: those of their layers, as in `model.outputNames`, which tfjs leaves empty in a Sequential. */
function outputNames(model: tf.LayersModel): string[] {
  return model.outputs.map((symbol) => (symbol as Symbol).sourceLayer.name);
}

/** The only call of a layer, by its name. */
export function layerOutput(model: tf.LayersModel, name: string): tf.SymbolicTensor {
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
  return [...model.inputs, ...computationOrder(model)].filter((symbol) => (symbol as Symbol).sourceLayer === layer);
}

/** Every output with index, name, shape and head, for messages. */
export function listOutputs(model: tf.LayersModel): string {
  const described = model.outputs.map((symbol, i) => {
    const { sourceLayer } = symbol as Symbol;
    const activation = sourceLayer.activation?.getClassName();
    const head = `${sourceLayer.getClassName()}${activation === undefined ? '' : ` ${activation}`}`;
    return `${i} '${sourceLayer.name}' ${shapeText(symbol.shape)} (${head})`;
  });
  return described.join(', ');
}

/** A shape with N for the batch. */
export function shapeText(shape: readonly (number | null)[] | undefined): string {
  if (shape === undefined) return 'of unknown shape';
  return `[${['N', ...shape.slice(1).map((size) => (size === null || size < 0 ? 'any' : size))].join(', ')}]`;
}

/** @throws VogError ARGUMENT_INVALID when both ways to choose are given */
export function refuseBoth({ layer, output }: LogitsOptions): void {
  if (layer === undefined || output === undefined) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `logits.layer '${layer}' and logits.output ${JSON.stringify(output)} were both given. Each says where the logits are: leave one out.`,
  );
}

/** Several outputs, and nobody said which one is scored. */
export function undecided(model: string, outputs: string, example: string | undefined): VogError {
  return new VogError(
    'LOGITS_UNRESOLVED',
    `${model} has several outputs: ${outputs}. Choose the one to score by its name: ` +
      `logits: { output: '${example}' }, or by its index.`,
  );
}

export function unknownOutput(output: string | number, model: string, outputs: string): VogError {
  return new VogError(
    'LAYER_UNKNOWN',
    `logits.output ${JSON.stringify(output)} is not an output of ${model}, which has: ${outputs}.`,
  );
}
