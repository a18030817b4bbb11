import * as tf from '@tensorflow/tfjs';

/** What a small convolutional network is made for. */
export interface NetworkOptions {
  /** `[height, width, channels]` of an image. */
  readonly shape: readonly [number, number, number];
  readonly classes: number;
  /** Channels of the first convolution; twice as many in the second. */
  readonly width: number;
  /** Decides the initial weights. */
  readonly seed: number;
}

/** Two convolutions of stride 2 (5x5 and 3x3, ReLU) and a linear layer, which gives logits; He initial weights. */
export function smallNetwork({ shape, classes, width, seed }: NetworkOptions): tf.LayersModel {
  // One seed per layer: with one seed for all, layers of the same shape would begin equal.
  const kernelInitializer = (layer: number) => tf.initializers.heNormal({ seed: seed * 1000 + layer });
  const shared = { strides: 2, padding: 'same', activation: 'relu' } as const;
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...shared,
        inputShape: [...shape],
        filters: width,
        kernelSize: 5,
        kernelInitializer: kernelInitializer(0),
      }),
      tf.layers.conv2d({ ...shared, filters: 2 * width, kernelSize: 3, kernelInitializer: kernelInitializer(1) }),
      tf.layers.flatten(),
      tf.layers.dense({ units: classes, kernelInitializer: kernelInitializer(2) }),
    ],
  });
}
