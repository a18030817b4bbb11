import * as tf from '@tensorflow/tfjs';
import { type ArchitectureOptions, requireWhole } from './architecture.js';

/** What `resnet9` takes. */
export interface Resnet9Options extends ArchitectureOptions {
  /** Channels of the first convolution; doubled three times. Default 24: 0.93 million weights on ten classes. */
  readonly width?: number;
}

/**
 * ResNet-9: eight 3 x 3 convolutions and a linear layer, two of the stages residual, three of them halved by a max pool;
 * logits out. Small enough to reach about 91 % on CIFAR-10 in an hour of two cores.
 *
 * Layers bear the names that the same network has in PyTorch (`prep.conv`, `r1.a.bn`, `fc`), so that checkpoints
 * trained there find their places by name. Batch normalisation: epsilon 1e-3, moving average that keeps 0.9.
 *
 * @throws VogError ARGUMENT_INVALID for a width or number of classes that is too small or no whole number
 */
export function resnet9({
  width = 24,
  classes = 10,
  shape = [32, 32, 3],
  seed = 1,
}: Resnet9Options = {}): tf.LayersModel {
  requireWhole('width', width, 1);
  requireWhole('classes', classes, 2);
  let drawn = 0;
  const apply = (layer: tf.layers.Layer, ...x: tf.SymbolicTensor[]) =>
    layer.apply(x.length === 1 ? (x[0] as tf.SymbolicTensor) : x) as tf.SymbolicTensor;
  // Normal of variance 2 / (k² · filters), as the other architectures here; a seed a layer.
  const convolution = (name: string, x: tf.SymbolicTensor, filters: number) => {
    const kernelInitializer = tf.initializers.randomNormal({
      mean: 0,
      stddev: Math.sqrt(2 / (9 * filters)),
      seed: seed * 1000 + drawn++,
    });
    const layer = { kernelSize: 3, padding: 'same', useBias: false, kernelInitializer } as const;
    const y = apply(tf.layers.conv2d({ name: `${name}.conv`, filters, ...layer }), x);
    return apply(tf.layers.reLU(), apply(tf.layers.batchNormalization({ name: `${name}.bn`, momentum: 0.9 }), y));
  };
  const halved = (x: tf.SymbolicTensor) => apply(tf.layers.maxPooling2d({ poolSize: 2, strides: 2 }), x);
  const residual = (name: string, x: tf.SymbolicTensor, filters: number) =>
    apply(tf.layers.add(), x, convolution(`${name}.b`, convolution(`${name}.a`, x, filters), filters));

  const input = tf.input({ shape: [...shape] });
  let x = convolution('prep', input, width);
  x = halved(convolution('l1', x, 2 * width));
  x = residual('r1', x, 2 * width);
  x = halved(convolution('l2', x, 4 * width));
  x = halved(convolution('l3', x, 8 * width));
  x = residual('r3', x, 8 * width);
  const limit = 1 / Math.sqrt(8 * width);
  const kernelInitializer = tf.initializers.randomUniform({ minval: -limit, maxval: limit, seed: seed * 1000 + drawn });
  const logits = tf.layers.dense({ name: 'fc', units: classes, kernelInitializer, biasInitializer: 'zeros' });
  return tf.model({ inputs: input, outputs: apply(logits, apply(tf.layers.globalAveragePooling2d({}), x)) });
}
