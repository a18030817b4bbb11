// A recorded run in a thread of its own: tells its scores and what is left open.
import * as tf from '@tensorflow/tfjs';
import { parentPort, workerData } from 'node:worker_threads';
import { createTracker } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import { seedWeights } from '../networks.js';
import { openSessions } from './sections.js';

const { backend, seed, recorded } = workerData as { backend: 'tfjs-node'; seed: number; recorded: boolean };
await selectBackend(backend);
const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, activation: 'softmax', inputShape: [5] })] });
const inputs = tf.tensor2d(
  Float32Array.from({ length: 40 }, (_, i) => Math.sin(seed + i)),
  [8, 5],
);
const labels = Int32Array.from([0, 1, 2, 0, 1, 2, 0, 1]);
const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize: 4, recorded });
for (let epoch = 0; epoch < 3; epoch++) {
  seedWeights(model, seed + epoch);
  await tracker.checkpoint(model, { epoch });
}
const { values } = await tracker.scores('vog');
const { state } = tracker.plan().recorded;
tracker.dispose();
parentPort!.postMessage({ values: [...values], state, open: openSessions() }, []);
