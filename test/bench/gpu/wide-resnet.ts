import * as tf from '@tensorflow/tfjs';
import { apply } from '../../networks.js';

const { layers } = tf;

const convolution = (x: tf.SymbolicTensor, filters: number, strides = 1, kernelSize = 3): tf.SymbolicTensor =>
  apply(layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false }), x);
const normRelu = (x: tf.SymbolicTensor): tf.SymbolicTensor =>
  apply(layers.reLU(), apply(layers.batchNormalization(), x));

/** WRN-28-k for 32 x 32 colour images (Zagoruyko & Komodakis 2016): three groups of four blocks, BatchNorm first. */
export function wideResnet(widening = 10, classes = 10): tf.LayersModel {
  const inputs = tf.input({ shape: [32, 32, 3] });
  let x = convolution(inputs, 16);
  for (const [group, base] of [16, 32, 64].entries()) {
    const filters = base * widening;
    for (let block = 0; block < 4; block++) {
      const strides = group > 0 && block === 0 ? 2 : 1;
      const active = normRelu(x);
      const shortcut = block === 0 ? convolution(active, filters, strides, 1) : x;
      const hidden = convolution(normRelu(convolution(active, filters, strides)), filters);
      x = apply(layers.add(), [hidden, shortcut]);
    }
  }
  const pooled = apply(layers.globalAveragePooling2d({}), normRelu(x));
  return tf.model({ inputs, outputs: apply(layers.dense({ units: classes, activation: 'softmax' }), pooled) });
}
