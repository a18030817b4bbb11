// What the right calls are made with: a small model, a tracker, detectors, numbers.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as core from '@vogjs/core';
import * as data from '@vogjs/formats';
import * as tables from '@vogjs/formats/tables';
import { encode } from 'fast-png';
import * as metrics from '@vogjs/metrics';
import * as ood from '@vogjs/ood';

export const SIZE = 6;
export const CLASSES = 3;
export const folder = mkdtempSync(join(tmpdir(), 'vogjs-calls-'));

await tf.setBackend('cpu');
const weights = tf.initializers.glorotNormal({ seed: 3 });
export const model = tf.sequential({
  layers: [
    tf.layers.dense({ units: 4, activation: 'tanh', inputShape: [2], kernelInitializer: weights, name: 'hidden' }),
    tf.layers.dense({ units: CLASSES, activation: 'softmax', kernelInitializer: weights }),
  ],
});
model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' });

/** One whose weights may move. */
export const trainee = tf.sequential({
  layers: [tf.layers.dense({ units: CLASSES, activation: 'softmax', inputShape: [2] })],
});
trainee.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' });

export const labels = Int32Array.from([0, 1, 2, 0, 1, 2]);
export const inputs = { data: Float32Array.from({ length: SIZE * 2 }, (_, i) => Math.sin(i)), shape: [SIZE, 2] };
export const probe = { inputs, labels };
export const xs = tf.tensor2d(inputs.data, [SIZE, 2]);
export const ys = tf.tensor2d(
  Float32Array.from({ length: SIZE * CLASSES }, (_, i) => (labels[Math.floor(i / CLASSES)] === i % CLASSES ? 1 : 0)),
  [SIZE, CLASSES],
);

export const vog = metrics.vog();
const trackers: core.Tracker[] = [];
/** A tracker with two checkpoints. */
async function tracked(options: Partial<core.TrackerOptions> = {}): Promise<core.Tracker> {
  const tracker = core.createTracker({ ...probe, metrics: [vog, metrics.meanLoss()], ...options });
  await tracker.checkpoint(model, { epoch: 0 });
  await tracker.checkpoint(model, { epoch: 1 });
  return tracker;
}
/** One that is disposed after the call. */
export async function passing(): Promise<core.Tracker> {
  const made = await tracked();
  trackers.push(made);
  return made;
}
export function disposeAll(): void {
  for (const tracker of trackers.splice(0)) tracker.dispose();
}

export const tracker = await tracked();
export const scores = await tracker.scores('vog');
await tracker.save(join(folder, 'right.safetensors'));
export const fitted = await ood.fitDetectors(model, probe, [ood.msp(), ood.energy(), ood.knn({ k: 2 })]);
export const saved = ood.saveDetectors(fitted);
export const inside = await ood.scoreOod(model, { inputs }, fitted);
export const threshold = ood.calibrateThreshold(inside.knn, { tpr: 0.5 });
export const trajectories = await tracked({ metrics: ood.vogOodMetrics() });
export const rows = [0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.2, 0.2, 0.6, 0.6, 0.3, 0.1, 0.3, 0.4, 0.3, 0.1, 0.1, 0.8];
export const numbers = [0.1, 0.5, 0.3, 0.9, 0.2, 0.4];
export const flags = [0, 1, 0, 1, 0, 0];
export const many = Array.from({ length: 20 }, (_, i) => Math.sin(i));
export const manyFlags = many.map((value) => (value > 0.5 ? 1 : 0));
export const columns = await tracked({ metrics: [metrics.confidentLearning()] });
/** One that no model was shown to. */
export const fresh = async (): Promise<core.Tracker> => core.createTracker({ ...probe, metrics: [vog], models: 'any' });
export const plain = (values: readonly number[]) => ({ values, hardDirection: 'high' as const });
export const npy = data.writeNpy({ data: Float32Array.of(1, 2), shape: [2] });
/** A model, and a PyTorch checkpoint that fits it. */
export const named = tf.sequential({ layers: [tf.layers.dense({ name: 'fc', inputShape: [2], units: 1 })] });
export const namedWeights = {
  'fc.weight': { data: Float32Array.of(1, 2), shape: [1, 2] },
  'fc.bias': { data: Float32Array.of(3), shape: [1] },
};
export const npz = await data.writeNpz({ a: { data: Float32Array.of(1, 2), shape: [2] } });
export const picture = encode({ width: 4, height: 4, channels: 3, data: new Uint8Array(48).fill(9) });
export const pictures = join(folder, 'pictures');
for (const name of ['a', 'b']) {
  mkdirSync(join(pictures, name), { recursive: true });
  writeFileSync(join(pictures, name, '1.png'), picture);
}
export const csv = new TextEncoder().encode('id,label,x\na,cat,1\nb,dog,2\nc,cat,4\n');
const parquets = JSON.parse(
  readFileSync(new URL('../../packages/formats/src/parquet/pyarrow.golden.json', import.meta.url), 'utf8'),
) as Record<'none' | 'pictures', string>;
export const parquet = Uint8Array.from(Buffer.from(parquets.none, 'base64'));
export const pictureParquet = Uint8Array.from(Buffer.from(parquets.pictures, 'base64'));
export const table = await tables.readCsv(csv);
export const st = data.writeSafetensors({ a: { data: Float32Array.of(1, 2), shape: [2] } });
