// Kills itself while TensorFlow loads its first recording.
// usage: node scripts/ts.mjs test/recorded/killed.ts BACKEND
import * as tf from '@tensorflow/tfjs';
import process from 'node:process';
import { seedWeights } from '../networks.js';
import { recordedOn, vogSection } from './sections.js';

const passes = await recordedOn(process.argv[2] as 'tfjs-node');
const backend = tf.backend() as unknown as { binding: object };
const kill = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable: it was killed');
};
backend.binding = Object.create(backend.binding, { loadSavedModel: { value: kill } }) as object;
const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [5] })] });
passes.run(vogSection(seedWeights(model, 1), tf.ones([2, 5]), Int32Array.of(0, 1)));
process.exit(0);
