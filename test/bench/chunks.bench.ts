// The chunk size that a tracker chooses against fixed ones; what choosing costs is in choosing.bench.ts.
import * as tf from '@tensorflow/tfjs';
import { createTracker, type Tracker } from '@vogjs/core';
import { uniformFrom } from '@vogjs/testing';
import { vog } from '@vogjs/metrics';
import { lenet, normalBatch, resnet18, seedWeights } from '../zoo.js';
import { benchBackend } from './backend.js';
import { compare } from './harness.js';

interface Setting {
  readonly name: string;
  readonly model: tf.LayersModel;
  /** Fixed chunk sizes. */
  readonly sizes: readonly number[];
  /** Examples of the checkpoints that are timed: a multiple of every size. */
  readonly examples: number;
  readonly rounds: number;
}

/** Examples of the probe that the size is chosen for. */
const PROBE = 10_000;

async function measure({ name, model, sizes, examples, rounds }: Setting): Promise<void> {
  const inputs = normalBatch(model, examples, uniformFrom(1));
  const [, ...shape] = inputs.shape;
  const labels = (size: number): Int32Array => Int32Array.from({ length: size }, (_, i) => i % 10);
  // Read in stretches, of which only the first is ever asked for.
  const read = (start: number, end: number): tf.Tensor => tf.slice(inputs, start, end - start);
  const large = createTracker({ inputs: { size: PROBE, shape, read }, labels: labels(PROBE), metrics: [vog()] });
  const { chunkSize, chunkSizeReason, workingBytes } = await large.begin(model);
  large.dispose();

  const names = [...new Set([...sizes, chunkSize])].toSorted((a, b) => a - b);
  const trackers = new Map<number, Tracker>(
    names.map((size) => [
      size,
      createTracker({ inputs, labels: labels(examples), metrics: [vog()], chunkSize: size, total: { epochs: 1000 } }),
    ]),
  );
  let epoch = 0;
  const label = (size: number): string => (size === chunkSize ? `chunks of ${size}, chosen` : `chunks of ${size}`);
  const variants = Object.fromEntries(
    names.map((size) => [label(size), () => trackers.get(size)?.checkpoint(model, { epoch: epoch++ })]),
  );
  await compare(`${name}: a checkpoint of ${examples} images by chunk size`, variants, {
    baseline: label(chunkSize),
    rounds,
    warmup: 1,
    work: { count: examples, unit: 'images' },
    // Times of a size move by more than the 3 % that the choice asks for.
    targets: Object.fromEntries(
      names.filter((size) => size !== chunkSize).map((size) => [label(size), { atLeast: 0.9 }]),
    ),
  });
  console.log(
    `chosen for ${PROBE} images: ${chunkSize}, with ${((workingBytes ?? 0) / 1e6).toFixed(0)} MB a pass\n` +
      `because ${chunkSizeReason}`,
  );
  for (const tracker of trackers.values()) tracker.dispose();
  inputs.dispose();
}

await benchBackend();
await measure({
  name: 'LeNet 28 x 28',
  model: seedWeights(lenet(), 1),
  sizes: [8, 32, 128, 256, 512],
  examples: 1024,
  rounds: 15,
});
await measure({
  name: 'ResNet-18 32 x 32',
  model: seedWeights(resnet18(), 1),
  sizes: [4, 8, 16, 32],
  examples: 64,
  rounds: 2,
});
