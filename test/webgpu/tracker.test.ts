// The tracker on WebGPU: the same scores as two float64 passes, and no number from a device that failed.
// Only with --all: a software driver for WebGPU compiles every shader
import { settleDevice } from '@vogjs/backend';
import * as tf from '@tensorflow/tfjs';
import { createTracker, defineMetric, type Metric, type VogError } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import * as assert from 'uvu/assert';
import { normalTensor, randomOf, SEED, withSeed } from '@vogjs/testing';
import { codedError } from '../support/errors.js';
import { meanLoss } from '../support/metrics.js';
import { CLASSES, IMAGE, nudge, smallConvnet } from '../support/models.js';
import { integers } from '../support/random.js';
import { type ReferenceOptions, relativeError, twoPassVog } from '../support/reference.js';
import { webgpuSuite, withoutWebgpu } from '../support/webgpu.js';

const reason = await withoutWebgpu();
const SIZE = 10;
const test = webgpuSuite(`tracker on webgpu (seed ${SEED})`, reason);

interface Setup {
  readonly model: tf.LayersModel;
  readonly inputs: tf.Tensor;
  readonly labels: Int32Array;
}

function setup(salt: number): Setup {
  const random = randomOf(salt);
  const model = smallConvnet(random);
  return { model, inputs: normalTensor(random, [SIZE, ...IMAGE]), labels: integers(random, SIZE, CLASSES) };
}

/** The gradient of the true label's logit, by layers written out and plain `tf.grad`, read without blocking. */
async function plainGradient({ model, inputs, labels }: Setup): Promise<Float32Array> {
  const [kernel, bias, weights, offset] = model.getWeights() as [tf.Tensor4D, tf.Tensor, tf.Tensor2D, tf.Tensor];
  const gradient = tf.tidy(() => {
    const mask = new Float32Array(SIZE * CLASSES);
    for (const [i, label] of labels.entries()) mask[i * CLASSES + label] = 1;
    const logit = (x: tf.Tensor): tf.Tensor => {
      const maps = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, kernel, 1, 'valid'), bias));
      const logits = tf.add(tf.matMul(tf.reshape(maps, [SIZE, -1]), weights), offset);
      return tf.sum(tf.mul(logits, tf.tensor2d(mask, [SIZE, CLASSES])));
    };
    return tf.grad(logit)(inputs);
  });
  const values = (await gradient.data<'float32'>()).slice();
  gradient.dispose();
  return values;
}

/** A metric that makes the device refuse a command at one checkpoint, as a driver's fault would. */
function refusedAt(checkpoint: number): Metric {
  return defineMetric({
    name: 'refused',
    hardDirection: 'high',
    requires: {},
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: ({ sum }, _, { checkpoints }) => {
      const { device } = tf.backend() as unknown as { device: { createShaderModule(_: { code: string }): unknown } };
      if (checkpoints === checkpoint) device.createShaderModule({ code: 'this is no shader' });
      return { sum: tf.add(sum, 1) };
    },
    compute: ({ sum }) => sum,
  });
}

test.before.each(async () => {
  await selectBackend('webgpu');
});

test('VoG = two float64 passes over stored gradients, in chunks, with windows, and after save and load', () =>
  withSeed(async () => {
    const all = setup(1);
    const variants: ReferenceOptions[] = (['mean', 'separate'] as const).flatMap((channels) =>
      [1, 2].map((pool) => ({ activation: 'logit', label: 'true', channels, reduce: 'std', ddof: 0, pool })),
    );
    const metrics = (): Metric[] => [...variants.map((each, i) => vog({ name: `vog${i}`, ...each })), meanLoss()];
    const make = () => createTracker({ inputs: all.inputs, labels: all.labels, metrics: metrics(), chunkSize: 4 });
    let tracker = make();
    const snapshots: Float32Array[] = [];
    const random = randomOf(2);
    for (let epoch = 0; epoch < 4; epoch++) {
      nudge(all.model, random);
      snapshots.push(await plainGradient(all));
      await tracker.checkpoint(all.model, { epoch });
      if (epoch !== 1) continue;
      const saved = await tracker.serialise();
      tracker.dispose();
      tracker = make();
      await tracker.load(saved);
    }
    for (const [i, each] of variants.entries()) {
      const { values } = await tracker.scores(`vog${i}`);
      const error = relativeError(values, twoPassVog(snapshots, SIZE, IMAGE, each));
      console.log(`  ${each.channels}, pool ${each.pool}: relative error ${error.toExponential(1)}`);
      assert.ok(error < 2e-5, `${JSON.stringify(each)}: ${error}`);
    }
    assert.ok((await tracker.scores('mean-loss')).values.every((value) => value > 0));
    tracker.dispose();
  }));

test('a command that the device refuses is DEVICE_FAILED at its checkpoint, and no score is given after it', async () => {
  const { model, inputs, labels } = setup(3);
  const tracker = createTracker({ inputs, labels, metrics: [vog(), refusedAt(1)], chunkSize: 4 });
  await tracker.checkpoint(model, { epoch: 0 });
  const failure = await codedError(() => tracker.checkpoint(model, { epoch: 1 }), 'DEVICE_FAILED', /in checkpoint 1/);
  assert.is(failure.checkpoint, 1);
  assert.is(tracker.checkpoints, 1);
  const torn = await codedError(() => tracker.scores('vog'), 'METRIC_TORN');
  assert.is((torn.cause as VogError).code, 'DEVICE_FAILED');
  await codedError(() => tracker.serialise(), 'METRIC_TORN');
  await tracker.reset();
  await tracker.checkpoint(model, { epoch: 2 });
  assert.is((await tracker.scores('refused')).checkpoints, 1);
  tracker.dispose();
});

test('a command refused in training is reported before the next checkpoint, whose states stay whole', async () => {
  const { model, inputs, labels } = setup(4);
  const tracker = createTracker({ inputs, labels, metrics: [meanLoss()] });
  await tracker.checkpoint(model, { epoch: 0 });
  const { device } = tf.backend() as unknown as { device: { createShaderModule(_: { code: string }): unknown } };
  device.createShaderModule({ code: 'this is no shader' });
  await codedError(() => tracker.checkpoint(model, { epoch: 1 }), 'DEVICE_FAILED', /before checkpoint 1/);
  assert.is((await tracker.scores()).checkpoints, 1);
  tracker.dispose();
});

test('a tensor beyond what the device can bind is reported with the way out', async () => {
  const { device } = tf.backend() as unknown as { device: { limits: { maxStorageBufferBindingSize: number } } };
  const { maxStorageBufferBindingSize: limit } = device.limits;
  // A graphics card binds gigabytes: too much for a test.
  if (limit > 2 ** 28) return assert.ok(limit > 2 ** 28);
  const sum = tf.tidy(() => tf.add(tf.zeros([limit / 4 + 4]), 1));
  await codedError(() => settleDevice('here'), 'DEVICE_FAILED', /here: Binding size .*smaller chunkSize/);
  sum.dispose();
  await settleDevice('here');
});

test('integers cast to float32 survive a transpose, on the device and from the host', async () => {
  const values = Int32Array.from({ length: 2000 }, (_, i) => i % 10);
  const rows = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(values, 'int32'), 10), 'float32').reshape([1, 2000, 10]));
  const turned = tf.transpose(rows, [1, 2, 0]);
  const right = tf.tidy(() => tf.cast(tf.greater(tf.tensor1d([1, -1, 2]), 0), 'float32'));
  assert.equal(
    [...(await turned.data())],
    [...values].flatMap((value) => Array.from({ length: 10 }, (_, c) => Number(c === value))),
  );
  assert.equal([...(await right.data())], [1, 0, 1]);
  await settleDevice('here');
  tf.dispose([rows, turned, right]);
});

test('a pass leaves no tensor behind', async () => {
  const { model, inputs, labels } = setup(5);
  const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize: 4 });
  await tracker.checkpoint(model, { epoch: 0 });
  const before = tf.memory().numTensors;
  for (let epoch = 1; epoch < 4; epoch++) await tracker.checkpoint(model, { epoch });
  assert.is(tf.memory().numTensors, before);
  tracker.dispose();
});

// Last: nothing works after it.
test('a lost device stays lost, and says so', async () => {
  const { model, inputs, labels } = setup(6);
  const tracker = createTracker({ inputs, labels, metrics: [meanLoss()] });
  await tracker.checkpoint(model, { epoch: 0 });
  (tf.backend() as unknown as { device: { destroy(): void } }).device.destroy();
  for (let attempt = 0; attempt < 2; attempt++) {
    await codedError(() => tracker.checkpoint(model, { epoch: 1 }), 'DEVICE_FAILED', /lost.*new process/s);
  }
  tracker.dispose();
});

test.run();
