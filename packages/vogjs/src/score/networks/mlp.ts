import * as tf from '@tensorflow/tfjs';
import type { NetworkTask } from './network.js';

const UNITS = 128;
const WORD_SIZE = 32;

/**
 * A network for rows: numbers as they are, categories embedded, texts as the mean of their words' embeddings; then two
 * layers of 128 units and a softmax.
 */
export function mlp({ shapes, levels, classes, seed }: NetworkTask): tf.LayersModel {
  let draws = seed * 100;
  const glorot = (): ReturnType<typeof tf.initializers.glorotUniform> =>
    tf.initializers.glorotUniform({ seed: ++draws });
  const inputs = shapes.map((shape) => tf.input({ shape: [...shape] }));
  const parts = inputs.map((input, at) => {
    const count = levels[at] ?? null;
    if (count === null) return flat(input);
    const isText = (shapes[at]?.[0] ?? 1) > 1;
    const outputDim = isText ? WORD_SIZE : Math.min(16, Math.ceil(Math.sqrt(count)));
    const embeddingsInitializer = tf.initializers.randomUniform({ minval: -0.05, maxval: 0.05, seed: ++draws });
    const embedded = tf.layers.embedding({ inputDim: count, outputDim, embeddingsInitializer }).apply(input);
    return isText
      ? (tf.layers.globalAveragePooling1d({}).apply(embedded) as tf.SymbolicTensor)
      : flat(embedded as tf.SymbolicTensor);
  });
  let x = parts.length === 1 ? (parts[0] as tf.SymbolicTensor) : tf.layers.concatenate().apply(parts);
  for (let layer = 0; layer < 2; layer++) {
    x = tf.layers.dense({ units: UNITS, activation: 'relu', kernelInitializer: glorot() }).apply(x);
  }
  const outputs = tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer: glorot() }).apply(x);
  const model = tf.model({ inputs, outputs: outputs as tf.SymbolicTensor });
  model.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

function flat(x: tf.SymbolicTensor): tf.SymbolicTensor {
  return x.shape.length === 2 ? x : (tf.layers.flatten().apply(x) as tf.SymbolicTensor);
}
