import { resnet9 } from '@vogjs/example-models';
import * as tf from '@tensorflow/tfjs';

export const NETWORKS = ['convolution', 'resnet-9'] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** Of both data sets. */
export const CLASSES = 10;

/** What a network is made for. */
interface NetworkOptions {
  /** `[height, width, channels]` of an image. */
  readonly shape: readonly [number, number, number];
  readonly width: number;
  /** Decides the initial weights. */
  readonly seed: number;
}

/**
 * A network of ten classes that gives logits. `'convolution'`: two convolutions of stride 2 (5x5 and 3x3, the second
 * with twice the channels) and a layer of 128, all ReLU, with He's initial weights; without augmentation it learns wrong
 * labels by heart, as networks do that are trained to their end.
 */
export function networkOf(name: NetworkName, { shape, width, seed }: NetworkOptions): tf.LayersModel {
  if (name === 'resnet-9') return resnet9({ width, seed, classes: CLASSES, shape });
  const layer = (index: number) => ({
    activation: 'relu' as const,
    kernelInitializer: tf.initializers.heNormal({ seed: seed * 1000 + index }),
  });
  const convolution = { strides: 2, padding: 'same' } as const;
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ ...layer(0), ...convolution, filters: width, kernelSize: 5, inputShape: [...shape] }),
      tf.layers.conv2d({ ...layer(1), ...convolution, filters: 2 * width, kernelSize: 3 }),
      tf.layers.flatten(),
      tf.layers.dense({ ...layer(2), units: 128 }),
      tf.layers.dense({ ...layer(3), activation: 'linear', units: CLASSES }),
    ],
  });
}
