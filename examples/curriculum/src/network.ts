import * as tf from '@tensorflow/tfjs';

export const NETWORKS = ['perceptron', 'convolution'] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** What a small network is made for. */
export interface NetworkOptions {
  /** `[height, width, channels]` of an image. */
  readonly shape: readonly [number, number, number];
  readonly classes: number;
  /** Hidden units, or channels of the first convolution. */
  readonly width: number;
  /** Decides the initial weights. */
  readonly seed: number;
}

/** He initial weights; one seed per layer: with one for all, layers of the same shape would begin equal. */
const kernelInitializer = (seed: number, layer: number) => tf.initializers.heNormal({ seed: seed * 1000 + layer });

/**
 * A network that gives logits: `'perceptron'` has one hidden layer (ReLU), `'convolution'` two convolutions of stride 2
 * (5x5 and 3x3, ReLU, the second with twice the channels) and a linear layer.
 */
export function smallNetwork(name: NetworkName, { shape, classes, width, seed }: NetworkOptions): tf.LayersModel {
  const output = (layer: number) =>
    tf.layers.dense({ units: classes, kernelInitializer: kernelInitializer(seed, layer) });
  if (name === 'perceptron') {
    const hidden = { units: width, activation: 'relu', kernelInitializer: kernelInitializer(seed, 0) } as const;
    return tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [...shape] }), tf.layers.dense(hidden), output(1)],
    });
  }
  const shared = { strides: 2, padding: 'same', activation: 'relu' } as const;
  const first = { ...shared, filters: width, kernelSize: 5, kernelInitializer: kernelInitializer(seed, 0) };
  const second = { ...shared, filters: 2 * width, kernelSize: 3, kernelInitializer: kernelInitializer(seed, 1) };
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ ...first, inputShape: [...shape] }),
      tf.layers.conv2d(second),
      tf.layers.flatten(),
      output(2),
    ],
  });
}
