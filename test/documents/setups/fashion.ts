// What the examples of the documents take for granted: a small model, and the first images of Fashion-MNIST's test set.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs';
import { selectBackend } from '@vogjs/core/node';
import { FASHION_MNIST_CLASSES } from '@vogjs/formats';

declare global {
  var model: tf.Sequential;
  /** Images, `[256, 28, 28, 1]` in 0..1. */
  var xs: tf.Tensor4D;
  /** The same tensor, under the name it has as a probe. */
  var inputs: tf.Tensor4D;
  /** One-hot labels, `[256, 10]`. */
  var ys: tf.Tensor2D;
  /** Labels as class indices. */
  var labels: Int32Array;
  var ids: string[];
  var classNames: string[];
  /** Batches of 64 for fitDataset. */
  var dataset: tf.data.Dataset<{ xs: tf.Tensor; ys: tf.Tensor }>;
  /** The same batches for a loop of one's own. */
  var batches: { xs: tf.Tensor4D; ys: tf.Tensor2D }[];
  var optimizer: tf.Optimizer;
  /** Mean cross-entropy of the model on a batch. */
  var lossOf: (batch: { xs: tf.Tensor4D; ys: tf.Tensor2D }) => tf.Scalar;
}

const COUNT = 256;
const BATCH = 64;

/** The file as shipped with the command line, or as this project's data folder has it. */
function read(name: string): Buffer {
  const places = ['../../../packages/vogjs/assets/fashion-mnist/', '../../../../shared/data/fashion-mnist/'];
  const found = places.map((place) => new URL(place + name, import.meta.url)).find((url) => existsSync(url));
  if (!found) throw new Error(`${name} is in none of ${places.join(', ')}`);
  return gunzipSync(readFileSync(found));
}

await selectBackend();

// IDX: a header of 16 bytes for images, 8 for labels, then one byte a value.
const pixels = Float32Array.from(
  read('t10k-images-idx3-ubyte.gz').subarray(16, 16 + COUNT * 784),
  (byte) => byte / 255,
);
const classes = Int32Array.from(read('t10k-labels-idx1-ubyte.gz').subarray(8, 8 + COUNT));
const oneHot = new Float32Array(COUNT * 10);
for (const [index, label] of classes.entries()) oneHot[index * 10 + label] = 1;

globalThis.xs = tf.tensor4d(pixels, [COUNT, 28, 28, 1]);
globalThis.inputs = globalThis.xs;
globalThis.ys = tf.tensor2d(oneHot, [COUNT, 10]);
globalThis.labels = classes;
globalThis.ids = Array.from(classes, (_, index) => `test-${index}`);
globalThis.classNames = [...FASHION_MNIST_CLASSES];

globalThis.model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 5, strides: 2, activation: 'relu' }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
globalThis.model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

globalThis.batches = Array.from({ length: COUNT / BATCH }, (_, index) => ({
  xs: globalThis.xs.slice([index * BATCH, 0, 0, 0], [BATCH, 28, 28, 1]),
  ys: globalThis.ys.slice([index * BATCH, 0], [BATCH, 10]),
}));
globalThis.dataset = tf.data.generator(function* () {
  for (const batch of globalThis.batches) yield { xs: batch.xs.clone(), ys: batch.ys.clone() };
});
globalThis.optimizer = tf.train.adam();
globalThis.lossOf = (batch) => {
  const predictions = globalThis.model.apply(batch.xs, { training: true }) as tf.Tensor2D;
  return tf.metrics.categoricalCrossentropy(batch.ys, predictions).mean() as tf.Scalar;
};
