import type * as tf from '@tensorflow/tfjs';

/** The part of a stateful recurrent layer that is used here. */
interface StatefulLayer {
  readonly stateful: boolean;
  readonly states_?: readonly (tf.Tensor | null)[] | null;
  resetStates(states?: tf.Tensor[]): void;
}

/** What a wrapper or nested model may hold. */
interface Nested {
  readonly layers?: readonly tf.layers.Layer[];
  readonly layer?: tf.layers.Layer;
  readonly forwardLayer?: tf.layers.Layer;
  readonly backwardLayer?: tf.layers.Layer;
}

/** Stateful recurrent layers of a model, nested ones too, each once, in the model's order. */
export function statefulLayers(model: tf.LayersModel): StatefulLayer[] {
  const found = new Set<StatefulLayer>();
  const visit = (layer: unknown): void => {
    const { layers = [], layer: inner, forwardLayer, backwardLayer } = layer as Nested;
    const candidate = layer as StatefulLayer;
    const isRecurrent = layers.length === 0 && candidate.stateful && 'states_' in candidate;
    if (isRecurrent && typeof candidate.resetStates === 'function') found.add(candidate);
    for (const each of [...layers, inner, forwardLayer, backwardLayer]) if (each !== undefined) visit(each);
  };
  visit(model);
  return [...found];
}

/** What a layer carries from batch to batch; empty before its first. */
export function statesOf(layer: StatefulLayer): tf.Tensor[] {
  const states = layer.states_ ?? [];
  return states.every((state) => state !== null) ? (states as tf.Tensor[]) : [];
}

/** Puts states back; none means those of a layer that has seen no batch. */
export function restoreStates(layer: StatefulLayer, states: readonly tf.Tensor[]): void {
  if (states.length === 0 && statesOf(layer).length === 0) return;
  layer.resetStates();
  if (states.length > 0) layer.resetStates([...states]);
}
