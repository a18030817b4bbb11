// What a VoG checkpoint costs beside the least that it can cost, and beside what a user of tf.grad pays.
import { undoBackendRepairs, repairBackend } from '@vogjs/backend/repair';
import * as tf from '@tensorflow/tfjs';
import { createTracker, withLeanGradients } from '@vogjs/core';
import { uniformFrom } from '@vogjs/testing';
import { vog } from '@vogjs/metrics';
import { lenet, normalBatch, resnet18, seedWeights } from '../zoo.js';
import { benchBackend } from './backend.js';
import { compare, type Target } from './harness.js';
import { logitsByHand } from './models.js';

interface Setting {
  readonly name: string;
  readonly model: tf.LayersModel;
  readonly chunkSize: number;
  readonly chunks: number;
  /** The most that a checkpoint may cost, in bare lean loops. */
  readonly atMost: number;
  /** Rounds against the bare loop, and against plain tf.grad. */
  readonly rounds: readonly [number, number];
}

type Gradient = (x: tf.Tensor, y: tf.Tensor2D) => tf.Tensor;

/** Runs `section` on the kernels of TensorFlow.js as they are. */
function withStockKernels<T>(section: () => T): T {
  undoBackendRepairs();
  try {
    return section();
  } finally {
    repairBackend();
  }
}

/** First line of the error that a run ends in; null when it does not. */
function failureOf(run: () => unknown): string | null {
  try {
    tf.tidy(() => void run());
    return null;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  }
}

async function measure({ name, model, chunkSize, chunks, atMost, rounds }: Setting, backend: string): Promise<void> {
  const size = chunkSize * chunks;
  const inputs = normalBatch(model, size, uniformFrom(1));
  const labels = Int32Array.from({ length: size }, (_, i) => i % 10);
  const oneHot = tf.tidy(() => tf.gather(tf.eye(10), tf.tensor1d(labels, 'int32')));
  const logits = logitsByHand(model);
  const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize });
  let epoch = 0;
  const checkpoint = (): Promise<void> => tracker.checkpoint(model, { epoch: epoch++ });

  /** Every chunk's gradient, sliced off the probe as the tracker does it, and thrown away. */
  const loop = (gradient: Gradient) => (): void => {
    for (let start = 0; start < size; start += chunkSize) {
      tf.tidy(() => void gradient(tf.slice(inputs, start, chunkSize), tf.slice(oneHot, start, chunkSize)));
    }
  };
  const leanGradient: Gradient = (x, y) => withLeanGradients(() => tf.grad(logits)(x, y));
  const plainGradient: Gradient = (x, y) => tf.grad((input) => tf.sum(tf.mul(logits(input), y)))(x);
  const plain = loop(plainGradient);

  const work = { count: size, unit: 'images' };
  await compare(
    `${name}: a VoG checkpoint against a bare loop of forward and lean input gradient`,
    { 'bare lean loop': loop(leanGradient), 'tracker checkpoint': checkpoint },
    { rounds: rounds[0], warmup: 1, work, targets: { 'tracker checkpoint': { atMost } } },
  );

  // An exception inside tf.grad leaks what its tape saved, so one example decides whether the stock kernels do it.
  const stockGradient = (): tf.Tensor => plainGradient(tf.slice(inputs, 0, 1), tf.slice(oneHot, 0, 1));
  const failure = withStockKernels(() => failureOf(stockGradient));
  const stock = { 'plain tf.grad, stock kernels': () => withStockKernels(plain) };
  const twice: Target = { atLeast: 2 };
  // Plain tf.grad is TensorFlow.js as it comes; where that has no gradient at all, it is given the repaired kernels.
  const target = failure === null ? 'plain tf.grad, stock kernels' : 'plain tf.grad, repaired kernels';
  await compare(
    `${name}: plain tf.grad against a VoG checkpoint`,
    {
      'tracker checkpoint': checkpoint,
      'plain tf.grad, repaired kernels': plain,
      ...(failure === null ? stock : {}),
    },
    { rounds: rounds[1], warmup: 1, work, targets: backend === 'wasm' ? { [target]: twice } : {} },
  );
  if (failure !== null) console.log(`plain tf.grad on stock kernels does not run: ${failure}`);
  tracker.dispose();
  tf.dispose([inputs, oneHot]);
}

const backend = await benchBackend();
await measure(
  {
    name: 'LeNet 28 x 28, chunk 256',
    model: seedWeights(lenet(), 1),
    chunkSize: 256,
    chunks: 2,
    atMost: 1.1,
    rounds: [81, 15],
  },
  backend,
);
await measure(
  {
    name: 'ResNet-18 32 x 32, chunk 32',
    model: seedWeights(resnet18(), 1),
    chunkSize: 32,
    chunks: 2,
    atMost: 1.03,
    rounds: [7, 3],
  },
  backend,
);
