// What our own compiled kernels gain on WASM: the pass with them, without them, and with exact convolutions, in turns.
import { exactConvolutions, repairBackend, useOwnKernels } from '@vogjs/backend/repair';
import { withLeanGradients } from '@vogjs/core';
import { uniformFrom } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { lenet, normalBatch, resnet18, seedWeights } from '../zoo.js';
import { benchBackend } from './backend.js';
import { compare, processorTime, roundsOr } from './harness.js';
import { logitsByHand } from './models.js';

async function measure(name: string, model: tf.LayersModel, chunkSize: number, rounds: number, gain: number) {
  const inputs = normalBatch(model, chunkSize, uniformFrom(1));
  const labels = Int32Array.from({ length: chunkSize }, (_, i) => i % 10);
  const oneHot = tf.tidy(() => tf.gather(tf.eye(10), tf.tensor1d(labels, 'int32')));
  const logits = logitsByHand(model);
  const pass = (own: boolean, exact: boolean) => (): void => {
    useOwnKernels(own);
    exactConvolutions(exact);
    tf.tidy(() => void withLeanGradients(() => tf.grad(logits)(inputs, oneHot)));
  };
  await compare(
    `${name}: forward and lean input gradient with our own kernels, in processor time`,
    { 'own kernels': pass(true, false), 'exact convolutions': pass(true, true), 'without them': pass(false, true) },
    {
      rounds: roundsOr(rounds),
      warmup: 1,
      work: { count: chunkSize, unit: 'images' },
      now: processorTime,
      targets: { 'without them': { atLeast: gain } },
    },
  );
  tf.dispose([inputs, oneHot]);
}

await benchBackend();
repairBackend();
await measure('LeNet 28 x 28, chunk 256', seedWeights(lenet(), 1), 256, 21, 1.8);
await measure('ResNet-18 32 x 32, chunk 32', seedWeights(resnet18(), 1), 32, 3, 2);
