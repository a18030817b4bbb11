import * as tf from '@tensorflow/tfjs';
import { inputsOf, type Layer, type Symbol } from '../model/layer-graph.js';

/** The parts of a weight that tfjs's type declarations hide. */
interface LayerWeight {
  /** As the layer named it; `name` may have a number behind it, which tells two models of a process apart. */
  readonly originalName: string;
  readonly shape: readonly number[];
  write(value: tf.Tensor): unknown;
}

/** A place for a weight: one of a layer's. */
export interface Slot {
  readonly layer: Layer;
  /** What the layer calls it: `kernel`, `bias`, `gamma`, `forward_lstm/kernel`. */
  readonly kind: string;
  readonly weight: LayerWeight;
}

/** Every weight of a model, in its order; those of models and wrapped layers inside it too. */
export function slotsOf(model: tf.LayersModel): Slot[] {
  return leaves(model.layers as Layer[]).flatMap((layer) =>
    (layer.weights as unknown as LayerWeight[]).map((weight) => ({ layer, kind: kindOf(layer, weight), weight })),
  );
}

function leaves(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => {
    if (layer instanceof tf.LayersModel) return leaves(layer.layers as Layer[]);
    // TimeDistributed: its weights are those of the layer inside.
    return layer.getClassName() === 'TimeDistributed' && layer.layer !== undefined ? leaves([layer.layer]) : [layer];
  });
}

/** `kernel`; `forward_lstm/kernel` of a layer that has layers or cells of its own. */
function kindOf({ name }: Layer, { originalName }: LayerWeight): string {
  const own = `${name}/`;
  return originalName.startsWith(own) ? originalName.slice(own.length) : originalName.replace(/^.*\//, '');
}

/** Layers that leave each value in its place. */
const IN_PLACE = new Set([
  'Activation',
  'ReLU',
  'LeakyReLU',
  'ELU',
  'PReLU',
  'ThresholdedReLU',
  'Softmax',
  'Dropout',
  'GaussianDropout',
  'GaussianNoise',
  'BatchNormalization',
  'LayerNormalization',
]);

/**
 * `[height, width, channels]` of the picture, or `[…, channels]` of another grid, whose flattened values a layer takes;
 * null where it takes no such thing. PyTorch flattens the channels first, so it has them in another order.
 */
export function flattenedGrid(layer: Layer): readonly number[] | null {
  const [input] = (layer.inboundNodes[0]?.inputTensors ?? []) as Symbol[];
  const from = sourceOf(input);
  if (from?.sourceLayer.getClassName() !== 'Flatten') return null;
  if (from.sourceLayer.getConfig()['dataFormat'] === 'channelsFirst') return null;
  const grid = inputsOf(from)[0];
  // A Permute in front of it puts the channels first, as PyTorch has them.
  if (grid === undefined || sourceOf(grid)?.sourceLayer.getClassName() === 'Permute') return null;
  const shape = grid.shape.slice(1) as number[];
  return shape.length > 1 ? shape : null;
}

function sourceOf(symbol: Symbol | undefined): Symbol | undefined {
  let at = symbol;
  while (at !== undefined && IN_PLACE.has(at.sourceLayer.getClassName())) at = inputsOf(at)[0];
  return at;
}
