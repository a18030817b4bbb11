import type * as tf from '@tensorflow/tfjs';
import type { TaskQuestion } from '../task/question.js';
import type { Squashing } from '../task/task.js';
import type { LogitsOptions, RawHead } from './model.js';

/** A graph node's output, with the fields that say where it comes from. */
type Symbol = tf.SymbolicTensor & { readonly sourceLayer: Layer; readonly nodeIndex: number };
type Layer = tf.layers.Layer & {
  readonly inboundNodes: readonly { readonly inputTensors: readonly tf.SymbolicTensor[] }[];
};

/**
 * What the end of a LayersModel tells of its task: the activation that was left out, the units, and the loss that the
 * model was compiled with for this output.
 *
 * @param activation of the layer whose output the logits are found from; 'none' where it has no activation
 * @param question brings what reads the loss; where nobody asks for the task, nobody needs it
 */
export function layersHead(
  model: tf.LayersModel,
  options: LogitsOptions,
  logits: tf.SymbolicTensor,
  activation: string,
  question: TaskQuestion | undefined,
): RawHead {
  const areLogits = options.layer !== undefined;
  const loss = question?.lossOf(model, outputIndex(model, logits)) ?? null;
  const { shape } = logits;
  const units = shape.length === 2 ? (shape[1] ?? null) : null;
  let squashing = squashingOf(activation);
  // Logits that were named: what stands behind them is what the loss wants.
  if (areLogits && squashing === 'linear' && loss?.family === 'categorical') squashing = 'softmax';
  if (areLogits && squashing === 'linear' && loss?.family === 'binary') squashing = 'sigmoid';
  return { squashing, activation: wordFor(activation, squashing), units, loss, areLogits };
}

function squashingOf(activation: string): Squashing {
  return activation === 'softmax' || activation === 'logSoftmax' || activation === 'sigmoid' ? activation : 'linear';
}

function wordFor(activation: string, squashing: Squashing): string {
  return squashing === 'linear' && activation !== 'none' ? activation : squashing;
}

/** The output of the model that these logits belong to: the one asked for, or the first that depends on them. */
function outputIndex(model: tf.LayersModel, logits: tf.SymbolicTensor): number {
  const index = model.outputs.indexOf(logits);
  if (index >= 0) return index;
  return Math.max(
    0,
    model.outputs.findIndex((end) => dependsOn(end, logits)),
  );
}

function dependsOn(end: tf.SymbolicTensor, wanted: tf.SymbolicTensor): boolean {
  const seen = new Set<tf.SymbolicTensor>();
  const open = [end];
  for (let symbol = open.pop(); symbol !== undefined; symbol = open.pop()) {
    if (symbol === wanted) return true;
    if (seen.has(symbol)) continue;
    seen.add(symbol);
    const { sourceLayer, nodeIndex } = symbol as Symbol;
    open.push(...(sourceLayer.inboundNodes[nodeIndex]?.inputTensors ?? []));
  }
  return false;
}
