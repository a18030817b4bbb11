import * as tf from '@tensorflow/tfjs';

/** Layers of a `residualNetwork` after which its features can be read, from the input's side. */
export const FEATURE_LAYERS = ['stem', 'stage1', 'stage2', 'stage3'] as const;

/** What a residual network is made for. */
export interface NetworkOptions {
  /** `[height, width, channels]` of an image. */
  readonly shape: readonly [number, number, number];
  readonly classes: number;
  /** Channels of the first stage; doubled at each of the two others. */
  readonly width: number;
  /** Decides the initial weights. */
  readonly seed: number;
}

/**
 * A ResNet of three stages of one block each (seven convolutions, two more in shortcuts, and a linear layer), which
 * gives logits: He initial weights, batch normalisation, global average pooling. The first convolution has stride 2,
 * which makes every feature map a quarter as large: small enough to train on two cores.
 *
 * Source: He, Zhang, Ren & Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, section 4.2, at n = 1.
 */
export function residualNetwork({ shape, classes, width, seed }: NetworkOptions): tf.LayersModel {
  let drawn = 0;
  // One seed per layer: with one seed for all, layers of the same shape would begin equal.
  const kernelInitializer = () => tf.initializers.heNormal({ seed: seed * 1000 + drawn++ });
  const convolution = (x: tf.SymbolicTensor, filters: number, kernelSize: number, strides: number) =>
    tf.layers
      .conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false, kernelInitializer: kernelInitializer() })
      .apply(x) as tf.SymbolicTensor;
  const normalised = (x: tf.SymbolicTensor) =>
    tf.layers.batchNormalization({ momentum: 0.9 }).apply(x) as tf.SymbolicTensor;
  const activated = (x: tf.SymbolicTensor, name?: string) =>
    tf.layers.reLU(name === undefined ? {} : { name }).apply(x) as tf.SymbolicTensor;

  const block = (x: tf.SymbolicTensor, filters: number, strides: number, name: string): tf.SymbolicTensor => {
    const first = activated(normalised(convolution(x, filters, 3, strides)));
    const second = normalised(convolution(first, filters, 3, 1));
    const isSameShape = strides === 1 && x.shape.at(-1) === filters;
    const shortcut = isSameShape ? x : normalised(convolution(x, filters, 1, strides));
    return activated(tf.layers.add().apply([second, shortcut]) as tf.SymbolicTensor, name);
  };

  const input = tf.input({ shape: [...shape] });
  let x = activated(normalised(convolution(input, width, 3, 2)), FEATURE_LAYERS[0]);
  for (const [stage, name] of FEATURE_LAYERS.slice(1).entries()) {
    x = block(x, width * 2 ** stage, stage === 0 ? 1 : 2, name);
  }
  x = tf.layers.globalAveragePooling2d({}).apply(x) as tf.SymbolicTensor;
  const logits = tf.layers.dense({ units: classes, kernelInitializer: kernelInitializer() }).apply(x);
  return tf.model({ inputs: input, outputs: logits as tf.SymbolicTensor });
}
