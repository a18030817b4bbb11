import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

/** What every architecture here takes. */
export interface ArchitectureOptions {
  /** Default 10. */
  readonly classes?: number;
  /** `[height, width, channels]` of an image; default `[32, 32, 3]`. */
  readonly shape?: readonly [number, number, number];
  /** Decides the initial weights. Default 1. */
  readonly seed?: number;
}

/**
 * Layers as the three papers' code initialises them: convolutions without bias, normal of variance 2 / (k² · filters),
 * batch normalisation of scale 1 and offset 0 with epsilon 1e-5 and a moving average that keeps 0.9, a linear layer
 * uniform within 1 / √inputs whose bias is 0.
 *
 * Source: He, Zhang, Ren & Sun, "Delving Deep into Rectifiers", ICCV 2015, eq. 14 (fan out).
 */
export interface LayerBuilder {
  readonly input: tf.SymbolicTensor;
  convolution(x: tf.SymbolicTensor, filters: number, kernelSize: number, strides?: number): tf.SymbolicTensor;
  normalised(x: tf.SymbolicTensor): tf.SymbolicTensor;
  activated(x: tf.SymbolicTensor): tf.SymbolicTensor;
  sum(x: tf.SymbolicTensor, y: tf.SymbolicTensor): tf.SymbolicTensor;
  /** The model that ends in a global average pool and a linear layer: it gives logits. */
  classifier(x: tf.SymbolicTensor): tf.LayersModel;
}

export function layerBuilder({ classes = 10, shape = [32, 32, 3], seed = 1 }: ArchitectureOptions): LayerBuilder {
  requireWhole('classes', classes, 2);
  let drawn = 0;
  // One seed per layer: with one seed for all, layers of the same shape would begin equal.
  const nextSeed = () => seed * 1000 + drawn++;
  const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
    layer.apply(x) as tf.SymbolicTensor;
  const input = tf.input({ shape: [...shape] });
  return {
    input,
    convolution: (x, filters, kernelSize, strides = 1) => {
      const stddev = Math.sqrt(2 / (kernelSize * kernelSize * filters));
      const kernelInitializer = tf.initializers.randomNormal({ mean: 0, stddev, seed: nextSeed() });
      const options = { filters, kernelSize, strides, padding: 'same', useBias: false, kernelInitializer } as const;
      return apply(tf.layers.conv2d(options), x);
    },
    normalised: (x) => apply(tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }), x),
    activated: (x) => apply(tf.layers.reLU(), x),
    sum: (x, y) => apply(tf.layers.add(), [x, y]),
    classifier: (x) => {
      const pooled = apply(tf.layers.globalAveragePooling2d({}), x);
      const limit = 1 / Math.sqrt(pooled.shape[1] as number);
      const kernelInitializer = tf.initializers.randomUniform({ minval: -limit, maxval: limit, seed: nextSeed() });
      return tf.model({
        inputs: input,
        outputs: apply(tf.layers.dense({ units: classes, kernelInitializer, biasInitializer: 'zeros' }), pooled),
      });
    },
  };
}

/** Number of weights that training changes: those of the published counts. */
export function parameterCount(model: tf.LayersModel): number {
  return model.trainableWeights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((product, n) => product * (n ?? 1), 1),
    0,
  );
}

/** Refuses what is not a whole number of at least `least`. */
export function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new VogError('ARGUMENT_INVALID', `${name} must be a whole number of at least ${least}; got ${value}.`);
}
