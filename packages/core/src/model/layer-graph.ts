import * as tf from '@tensorflow/tfjs';

/** The parts of a tfjs layer that its type declarations hide. */
export type Layer = tf.layers.Layer & {
  readonly activation?: { getClassName(): string } | null;
  readonly layer?: Layer;
  /** Of a recurrent layer. */
  readonly cell?: Layer;
  readonly stateful: boolean;
  readonly inboundNodes: readonly {
    readonly inputTensors: tf.SymbolicTensor[];
    readonly outputTensors: tf.SymbolicTensor[];
  }[];
};

/** A graph node's output, with the fields that say where it comes from. */
export type Symbol = tf.SymbolicTensor & {
  readonly sourceLayer: Layer;
  readonly nodeIndex: number;
  readonly tensorIndex: number;
};

/** The tensors that the call behind `symbol` takes. */
export function inputsOf(symbol: tf.SymbolicTensor): readonly Symbol[] {
  const { sourceLayer, nodeIndex } = symbol as Symbol;
  return (sourceLayer.inboundNodes[nodeIndex]?.inputTensors ?? []) as Symbol[];
}

/** All that the call behind `symbol` gives. */
export function outputsOf(symbol: Symbol): readonly Symbol[] {
  return (symbol.sourceLayer.inboundNodes[symbol.nodeIndex]?.outputTensors ?? [symbol]) as Symbol[];
}

/**
 * The tensors of a model in the order in which tfjs computes them (executor.ts). The order matters: a mask that one
 * layer got stays in force for the layers computed after it.
 */
export function computationOrder(model: tf.LayersModel): Symbol[] {
  const done = new Set<tf.SymbolicTensor>(model.inputs);
  const order: Symbol[] = [];
  const visit = (symbol: Symbol): void => {
    if (done.has(symbol)) return;
    done.add(symbol);
    for (const input of [...inputsOf(symbol)].reverse()) visit(input);
    order.push(symbol);
  };
  for (const output of model.outputs) visit(output as Symbol);
  return order;
}

/** Whether any layer may make a mask of its own, as Masking and an embedding with `maskZero` do. */
export function mayMask(layer: tf.layers.Layer): boolean {
  if (layer instanceof tf.LayersModel) return layer.layers.some(mayMask);
  return layer.supportsMasking && layer.computeMask !== tf.layers.Layer.prototype.computeMask;
}

export function asArray<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
