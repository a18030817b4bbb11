import * as tf from '@tensorflow/tfjs';
import type { NetworkTask } from './network.js';

const WIDTHS = [16, 32, 64];

/**
 * A small residual network for images: a convolution and a residual block at each of three widths, each with batch
 * normalisation, then the mean over the picture and a softmax. About 180,000 weights.
 */
export function cnnSmall({ shapes, classes, seed }: NetworkTask): tf.LayersModel {
  let draws = seed * 100;
  const convolution = (x: tf.SymbolicTensor, filters: number, strides = 1): tf.SymbolicTensor => {
    const kernelInitializer = tf.initializers.heNormal({ seed: ++draws });
    const options = { filters, kernelSize: 3, strides, padding: 'same', useBias: false, kernelInitializer } as const;
    const convolved = tf.layers.conv2d(options).apply(x);
    return tf.layers.batchNormalization({ momentum: 0.9 }).apply(convolved) as tf.SymbolicTensor;
  };
  const relu = (x: tf.SymbolicTensor): tf.SymbolicTensor =>
    tf.layers.activation({ activation: 'relu' }).apply(x) as tf.SymbolicTensor;
  const input = tf.input({ shape: [...(shapes[0] as readonly number[])] });
  let x = input;
  for (const [stage, filters] of WIDTHS.entries()) {
    x = relu(convolution(x, filters, stage === 0 ? 1 : 2));
    const inner = convolution(relu(convolution(x, filters)), filters);
    x = relu(tf.layers.add().apply([x, inner]) as tf.SymbolicTensor);
  }
  const mean = tf.layers.globalAveragePooling2d({}).apply(x);
  const kernelInitializer = tf.initializers.glorotUniform({ seed: ++draws });
  const outputs = tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer }).apply(mean);
  const model = tf.model({ inputs: input, outputs: outputs as tf.SymbolicTensor });
  model.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: 'sparseCategoricalCrossentropy' });
  return model;
}
