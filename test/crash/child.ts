// A training that saves after every epoch and waits to be killed. Says `ready EPOCH` once it stands where it resumed,
// `saved EPOCH` once that save has resolved, and `numbers HASH` at its end.
// usage: child.ts FILE EPOCHS BACKEND
import { writeSync } from 'node:fs';
import { checksumOf } from '@vogjs/formats';
import { fitCallback } from '@vogjs/callback';
import { autosave, resume } from '@vogjs/callback/node';
import { createTracker, seededRandom, stages } from '@vogjs/core';
import { type BackendName, selectBackend } from '@vogjs/core/node';
import { forgetting, vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';

const [path = '', epochs = '0', backend = 'cpu'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
await selectBackend(backend as BackendName);

const [size, width, classes] = [96, 24, 3];
const random = seededRandom(11);
const inputs = Float32Array.from({ length: size * width }, () => random.normal());
const labels = Int32Array.from({ length: size }, () => random.integer(classes));
const dense = (units: number, seed: number, more: object): tf.layers.Layer =>
  tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed }), ...more });
const model = tf.sequential({
  layers: [dense(16, 1, { inputShape: [width], activation: 'tanh' }), dense(classes, 2, { activation: 'softmax' })],
});
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
const tracker = createTracker({
  inputs: { data: inputs, shape: [size, width] },
  labels,
  metrics: [vog(), forgetting()],
  windows: stages(2),
  total: { epochs: Number(epochs) },
  chunkSize: 40,
});

const { epoch, extra } = await resume({ path, model, tracker });
if (extra !== undefined && (extra as { epoch: number }).epoch !== epoch) throw new Error('extra is of another epoch');
say(`ready ${epoch}`);
let done = epoch;
const saving = autosave({ path, tracker, extra: () => ({ epoch: ++done }) });
const acknowledged = new tf.CustomCallback({ onEpochEnd: async (index) => say(`saved ${index + 1}`) }, 'never');
if (epoch < Number(epochs)) {
  await model.fit(tf.tensor2d(inputs, [size, width]), tf.tensor1d(Float32Array.from(labels)), {
    epochs: Number(epochs),
    initialEpoch: epoch,
    batchSize: 32,
    shuffle: false,
    verbose: 0,
    callbacks: [fitCallback(tracker), saving, acknowledged],
  });
}
const results: Record<string, { data: Float32Array; shape: number[] }> = {};
for (const [i, weight] of model.getWeights().entries()) {
  results[`weight ${i}`] = { data: (await weight.data()) as Float32Array, shape: weight.shape };
}
for (const metric of tracker.metrics) {
  const { values } = await tracker.scores(metric);
  results[metric] = { data: values as Float32Array, shape: [values.length] };
}
say(`numbers ${checksumOf({ checkpoints: tracker.checkpoints }, results)}`);
