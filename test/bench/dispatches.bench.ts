// What one chunk asks of a graphics card on WebGPU: dispatches of a checkpoint of one chunk, by kernel of TensorFlow.js.
// Counted, not timed: a software driver counts the same as a card.
import { createTracker } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { uniformFrom } from '@vogjs/testing';
import type * as tf from '@tensorflow/tfjs';
import { countDispatches } from '../support/dispatches.js';
import { lenet, normalBatch, resnet18, seedWeights } from '../zoo.js';
import { withoutWebgpu } from '../support/webgpu.js';
import { benchBackend } from './backend.js';

const reason = await withoutWebgpu();
if (reason !== null) {
  console.log(`No WebGPU adapter: ${reason}`);
  process.exit(process.env['VOGJS_BENCH_NAMED'] === '1' ? 1 : 0);
}
process.env['VOGJS_BENCH_BACKEND'] = 'webgpu';
await benchBackend();

/** Narrow, because how many dispatches there are does not depend on how much each of them does. */
const networks: readonly (readonly [string, tf.LayersModel, number])[] = [
  ['LeNet', lenet(), 8],
  ['ResNet-18', resnet18(8), 2],
];

for (const [name, model, size] of networks) {
  seedWeights(model, 1);
  const inputs = normalBatch(model, size, uniformFrom(1));
  const labels = Int32Array.from({ length: size }, (_, i) => i % 10);
  const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize: size });
  // The first looks at the model and chooses; the second is as all that follow.
  await tracker.checkpoint(model, { epoch: 0 });
  const counts = await countDispatches(() => tracker.checkpoint(model, { epoch: 1 }));
  const rows = [...counts].sort(([, a], [, b]) => b - a);
  const sum = rows.reduce((all, [, count]) => all + count, 0);
  console.log(`\n${name}: ${sum} dispatches a chunk`);
  for (const [kernel, count] of rows) console.log(`${String(count).padStart(5)}  ${kernel}`);
  tracker.dispose();
}
process.exit(0);
