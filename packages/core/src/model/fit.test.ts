// Every checkpoint checks the model that it is given: another shape or other classes are refused by code.
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTracker } from '../tracker/create-tracker.js';
import type { Tracker } from '../tracker/tracker.js';
import { defineMetric } from '../metrics/define-metric.js';
import { inputGradient, logits } from '../resources/builtin.js';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';

const SEED = runSeed();
const random = uniformFrom(SEED);
const test = suite(`fit of model and run (seed ${SEED})`);
test.before(() => bootBackend('cpu'));

const network = (width: number, classes: number): tf.LayersModel =>
  tf.sequential({
    layers: [tf.layers.dense({ units: classes, activation: 'softmax', inputShape: [width] })],
  });

const mean = defineMetric({
  name: 'mean-gradient',
  hardDirection: 'high',
  requires: { logits, gradient: inputGradient() },
  init: ({ size }) => ({ sum: tf.zeros([size]) }),
  update: ({ sum }, { gradient }) => ({ sum: tf.add(sum, tf.mean(gradient, 1)) }),
  compute: ({ sum }) => sum,
});

const trackerOf = (): Tracker =>
  createTracker({
    inputs: { data: normalValues(40, random), shape: [10, 4] },
    labels: Int32Array.from({ length: 10 }, (_, i) => i % 3),
    metrics: [mean],
    chunkSize: 4,
    // Which model it is, is not held against it here.
    models: 'any',
  });

async function refused(run: Promise<unknown>, code: string, part: RegExp): Promise<void> {
  await run.then(
    () => assert.unreachable('nothing was refused'),
    (error: unknown) => {
      if (!(error instanceof VogError)) throw error;
      assert.is(error.code, code);
      assert.match(error.message, part);
    },
  );
}

test('pictures whose channels are in front are told how to bring them behind', async () => {
  const conv = tf.layers.conv2d({ filters: 1, kernelSize: 2, inputShape: [6, 5, 3] });
  const model = tf.sequential({ layers: [conv, tf.layers.flatten(), tf.layers.dense({ units: 3 })] });
  const checkpointOf = async (shape: number[]): Promise<unknown> => {
    const length = shape.reduce((product, side) => product * side, 1);
    const inputs = { data: normalValues(length, random), shape };
    const tracker = createTracker({ inputs, labels: Int32Array.of(0, 1), metrics: [mean] });
    return tracker.checkpoint(model, { epoch: 0 }).finally(() => tracker.dispose());
  };
  await refused(checkpointOf([2, 3, 6, 5]), 'INPUT_SHAPE', /PyTorch has channels in front: np\.moveaxis\(x, 1, -1\)/);
  await refused(checkpointOf([2, 5, 6, 3]), 'INPUT_SHAPE', /Give inputs of that shape/);
  model.dispose();
});

test('a later checkpoint with a model of another input shape is INPUT_SHAPE, and the run goes on with the first', async () => {
  const tracker = trackerOf();
  const [first, other] = [network(4, 3), network(5, 3)];
  await tracker.checkpoint(first, { epoch: 0 });
  const tensors = tf.memory().numTensors;
  await refused(tracker.checkpoint(other, { epoch: 1 }), 'INPUT_SHAPE', /\[N, 4\].*\[N, 5\]/);
  await refused(tracker.observe(other, { epoch: 1, epochEnd: true }), 'INPUT_SHAPE', /\[N, 4\].*\[N, 5\]/);
  assert.is(tf.memory().numTensors, tensors);
  await tracker.checkpoint(first, { epoch: 2 });
  assert.is(tracker.checkpoints, 2);
  assert.is((await tracker.scores()).checkpoints, 2);
  tracker.dispose();
});

test('a later checkpoint with a model of other classes is MODEL_CHANGED, and the run goes on with the first', async () => {
  const tracker = trackerOf();
  const [first, more, fewer] = [network(4, 3), network(4, 5), network(4, 2)];
  await tracker.checkpoint(first, { epoch: 0 });
  const tensors = tf.memory().numTensors;
  await refused(tracker.checkpoint(more, { epoch: 1 }), 'MODEL_CHANGED', /3 classes.*5/);
  // Its labels have no place there, which is told first.
  await refused(tracker.checkpoint(fewer, { epoch: 1 }), 'LABEL_INVALID', /2 classes/);
  await refused(tracker.begin(more), 'MODEL_CHANGED', /3 classes.*5/);
  assert.is(tf.memory().numTensors, tensors);
  await tracker.checkpoint(first, { epoch: 2 });
  assert.is((await tracker.scores()).checkpoints, 2);
  tracker.dispose();
});

test('a function that does not take the inputs is LOGITS_UNRESOLVED with their shape', async () => {
  const tracker = trackerOf();
  await tracker.checkpoint(network(4, 3), { epoch: 0 });
  const weights = tf.zeros<tf.Rank.R2>([5, 3]);
  await refused(
    tracker.checkpoint((x) => tf.matMul(x as tf.Tensor2D, weights), { epoch: 1 }),
    'LOGITS_UNRESOLVED',
    /\[\d, 4\].*matMul/,
  );
  tracker.dispose();
});

test('after reset() the next model is checked like the first, and may have other classes', async () => {
  const tracker = trackerOf();
  await tracker.checkpoint(network(4, 3), { epoch: 0 });
  await tracker.reset();
  await refused(tracker.checkpoint(network(5, 3), { epoch: 0 }), 'INPUT_SHAPE', /\[N, 5\]/);
  await refused(tracker.checkpoint(network(4, 2), { epoch: 0 }), 'LABEL_INVALID', /2/);
  await tracker.checkpoint(network(4, 5), { epoch: 0 });
  await tracker.checkpoint(network(4, 5), { epoch: 1 });
  assert.is((await tracker.scores()).checkpoints, 2);
  tracker.dispose();
});

test.run();
