// One first checkpoint in a process of its own: what choosing its chunk size took, in examples and in processor time.
// usage: node scripts/ts.mjs test/bench/choosing/child.ts BACKEND NETWORK PROBE CHECKPOINT [CHUNK_SIZE]
import * as tf from '@tensorflow/tfjs';
import process from 'node:process';
import { createTracker, type GradientEngine, tapeGradientEngine } from '@vogjs/core';
import { type BackendName, selectBackend } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import { uniformFrom } from '@vogjs/testing';
import { normalBatch, seedWeights } from '../../networks.js';
import { NETWORKS } from '../peers/cases.js';

export interface Told {
  readonly chunkSize: number;
  readonly reason: string;
  /** Examples passed before the checkpoint. */
  readonly passed: number;
  /** Milliseconds of processor time: of `begin`, and of the checkpoint after it. */
  readonly begin: number;
  readonly checkpoint: number;
}

/** Images that are there; a probe repeats them. */
const IMAGES = 256;

const [backend, network, ...sizes] = process.argv.slice(2) as [BackendName, keyof typeof NETWORKS, ...string[]];
const [probe, measured, chunkSize] = sizes.map(Number) as [number, number, number?];
console.log = console.info = console.error;
await selectBackend(backend);
const model = seedWeights(NETWORKS[network](), 1);
const images = normalBatch(model, IMAGES, uniformFrom(1));
const [, ...shape] = images.shape;
let passed = 0;
const gradientEngine: GradientEngine = {
  run(bound, inputs, job) {
    passed += inputs[0]!.shape[0]!;
    return tapeGradientEngine.run(bound, inputs, job);
  },
};
const read = (start: number, end: number): tf.Tensor =>
  tf.tidy(() => {
    const rows = Int32Array.from({ length: end - start }, (_, i) => (start + i) % IMAGES);
    return tf.gather(images, tf.tensor1d(rows, 'int32'));
  });
const trackerOf = (size: number, chunk?: number) =>
  createTracker({
    inputs: { size, shape, read },
    labels: Int32Array.from({ length: size }, (_, i) => i % 10),
    metrics: [vog()],
    provide: { gradientEngine },
    ...(chunk === undefined ? {} : { chunkSize: chunk }),
  });
const milliseconds = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

let tracker = trackerOf(probe, chunkSize);
const beginning = process.cpuUsage();
const plan = await tracker.begin(model);
const begin = milliseconds(beginning);
const choosing = passed;
if (measured < probe) {
  // Of a checkpoint that takes minutes a stretch is enough.
  tracker.dispose();
  tracker = trackerOf(measured, Math.min(measured, plan.chunkSize));
  await tracker.begin(model);
}
const passing = process.cpuUsage();
await tracker.checkpoint(model, { epoch: 0 });
const checkpoint = (milliseconds(passing) * probe) / measured;
const told: Told = { chunkSize: plan.chunkSize, reason: plan.chunkSizeReason, passed: choosing, begin, checkpoint };
process.stdout.write(`${JSON.stringify(told)}\n`);
process.exit(0);
