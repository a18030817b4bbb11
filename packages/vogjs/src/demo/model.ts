import { seededRandom } from '@vogjs/formats';
import * as tf from '@tensorflow/tfjs';
import { CLASS_NAMES, SIDE, type NoisyImages } from './images.js';

export const BATCH_SIZE = 64;
const LEARNING_RATE = 0.02;
const MOMENTUM = 0.9;

/** A LeNet-sized convolutional network, its weights drawn from `seed`. */
export function createModel(seed: number): tf.Sequential {
  const initializer = (offset: number): { kernelInitializer: ReturnType<typeof tf.initializers.heNormal> } => ({
    kernelInitializer: tf.initializers.heNormal({ seed: seed * 10 + offset + 1 }),
  });
  const { conv2d, dense, flatten, maxPooling2d } = tf.layers;
  const model = tf.sequential({
    layers: [
      conv2d({
        inputShape: [SIDE, SIDE, 1],
        filters: 8,
        kernelSize: 5,
        padding: 'same',
        activation: 'relu',
        ...initializer(0),
      }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu', ...initializer(1) }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 64, activation: 'relu', ...initializer(2) }),
      dense({ units: CLASS_NAMES.length, activation: 'softmax', ...initializer(3) }),
    ],
  });
  model.compile({
    optimizer: tf.train.momentum(LEARNING_RATE, MOMENTUM),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/**
 * The training set, shuffled anew for each epoch from the seed and the epoch's index, so that a resumed run sees the
 * same batches. `epoch` is asked when an epoch's iterator is read.
 */
export function trainingBatches(
  { inputs, givenLabels, size }: NoisyImages,
  seed: number,
  epoch: () => number,
): tf.data.Dataset<tf.TensorContainer> {
  const width = SIDE * SIDE;
  return tf.data.generator(function* batches() {
    const order = seededRandom(seed * 7919 + epoch() + 1).shuffle(size);
    for (let start = 0; start < size; start += BATCH_SIZE) {
      const rows = order.subarray(start, start + BATCH_SIZE);
      const xs = new Float32Array(rows.length * width);
      const ys = new Float32Array(rows.length * CLASS_NAMES.length);
      for (const [i, row] of rows.entries()) {
        xs.set(inputs.subarray(row * width, (row + 1) * width), i * width);
        ys[i * CLASS_NAMES.length + (givenLabels[row] as number)] = 1;
      }
      yield {
        xs: tf.tensor4d(xs, [rows.length, SIDE, SIDE, 1]),
        ys: tf.tensor2d(ys, [rows.length, CLASS_NAMES.length]),
      };
    }
  } as unknown as () => Generator<tf.TensorContainer>);
}
