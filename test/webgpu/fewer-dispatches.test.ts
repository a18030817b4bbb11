// Kernels that do in one dispatch what TensorFlow.js does in several, against the operations that they stand in for.
// Only with --all: a software driver for WebGPU compiles every shader
import { inOneKernel, SOFTMAX_COTANGENT, withLeanGradients } from '@vogjs/backend';
import { createTracker, inputGradientOf } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { normalTensor, randomOf, SEED, uniformFrom, withSeed } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import * as assert from 'uvu/assert';
import { apply, convolutionNorm, lenet, normalBatch, residualBlock, seedWeights } from '../networks.js';
import { useBackend } from '../support/backend.js';
import { countDispatches } from '../support/dispatches.js';
import { relativeError } from '../support/reference.js';
import { webgpuSuite, withoutWebgpu } from '../support/webgpu.js';

const reason = await withoutWebgpu();
const test = webgpuSuite(`fewer dispatches on webgpu (seed ${SEED})`, reason);
test.before.each(() => useBackend('webgpu'));

/** The kernels that a piece of work ran, by name. */
async function kernelsOf(work: () => tf.Tensor): Promise<{ readonly names: string[]; readonly values: Float32Array }> {
  let result: tf.Tensor | undefined;
  const counts = await countDispatches(async () => {
    result = tf.tidy(work);
    await result.data();
  });
  const values = (await result!.data()) as Float32Array;
  result!.dispose();
  return { names: [...counts.keys()], values };
}

const run = (name: string, body: () => Promise<void>): void => {
  test(name, () => withSeed(body));
};

for (const shape of [[1], [5], [4, 8, 8, 3], [257], [1025, 4]]) {
  run(`relu's gradient in one dispatch is dy where y > 0: shape [${shape.join(', ')}]`, async () => {
    const random = randomOf(shape.reduce((a, b) => a * b, 17));
    const [x, dy] = [normalTensor(random, shape), normalTensor(random, shape)];
    const gradient = () => withLeanGradients(() => tf.grad((input) => tf.relu(input))(x, dy));
    const { names, values } = await kernelsOf(gradient);
    assert.ok(names.includes('VogjsReluGradient'), names.join(' '));
    const [from, by] = [await x.data(), await dy.data()];
    assert.equal(
      [...values],
      [...by].map((value, i) => (from[i]! > 0 ? value : 0)),
    );
    tf.dispose([x, dy]);
  });
}

for (const [channels, rank] of [
  [1, 4],
  [3, 4],
  [64, 4],
  [5, 2],
] as const) {
  run(`BatchNorm's gradient in one dispatch: ${channels} channels, rank ${rank}`, async () => {
    const random = randomOf(channels * 31 + rank);
    const shape = rank === 4 ? [3, 5, 4, channels] : [6, channels];
    const x = normalTensor(random, shape);
    const dy = normalTensor(random, shape);
    const [mean, scale, offset] = [0, 1, 2].map(() => normalTensor(random, [channels]) as tf.Tensor1D);
    // A variance of 0 and a huge one beside ordinary ones.
    const variance = tf.tidy(() => {
      const odd = tf.tensor1d(Array.from({ length: channels }, (_, i) => (i === 0 ? 0 : i === 1 ? 1e12 : 0.3 + i)));
      return odd;
    });
    const normed = (input: tf.Tensor) =>
      tf.batchNorm(input as tf.Tensor4D, mean!, variance, offset!, scale!, 1e-3) as tf.Tensor;
    const { names, values } = await kernelsOf(() => withLeanGradients(() => tf.grad(normed)(x, dy)));
    assert.ok(names.includes('VogjsBatchNormGradient'), names.join(' '));
    const [by, variances, scales] = [await dy.data(), await variance.data(), await scale!.data()];
    const expected = Float64Array.from(by, (value, i) => {
      const channel = i % channels;
      return (value * scales[channel]!) / Math.sqrt(variances[channel]! + 1e-3);
    });
    assert.ok(relativeError(values, expected) < 1e-6);
    tf.dispose([x, dy, mean!, scale!, offset!, variance]);
  });
}

run(
  'BatchNorm with statistics for each pixel, or under an outer tape, is left to operations with a gradient',
  async () => {
    const random = randomOf(5);
    const x = normalTensor(random, [2, 3, 3, 2]);
    const statistics = (): tf.Tensor4D => tf.abs(normalTensor(random, [1, 3, 3, 2])) as tf.Tensor4D;
    const [mean, variance, scale] = [statistics(), statistics(), statistics()];
    const wide = (input: tf.Tensor) =>
      tf.sum(tf.square(tf.batchNorm(input as tf.Tensor4D, mean, variance, scale, scale)));
    const lean = await kernelsOf(() => withLeanGradients(() => tf.grad(wide)(x)));
    const plain = await kernelsOf(() => tf.grad(wide)(x));
    assert.ok(relativeError(lean.values, plain.values) < 1e-5);
    const [flat, one] = [tf.abs(normalTensor(random, [2])) as tf.Tensor1D, tf.ones([2]) as tf.Tensor1D];
    const narrow = (input: tf.Tensor) => tf.sum(tf.square(tf.batchNorm(input as tf.Tensor4D, flat, flat, one, one)));
    const twice = () => tf.grad((input) => tf.sum(tf.square(tf.grad(narrow)(input))))(x);
    const outer = await kernelsOf(() => withLeanGradients(twice));
    assert.not(outer.names.includes('VogjsReluGradient'));
    const reference = await kernelsOf(twice);
    assert.ok(relativeError(outer.values, reference.values) < 1e-5);
  },
);

/** p_y (onehot(y) - p) in float64. */
function cotangentOf(logits: readonly number[], oneHot: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const masses = logits.map((logit) => Math.exp(logit - largest));
  const total = masses.reduce((a, b) => a + b, 0);
  const own = masses.reduce((sum, mass, i) => sum + oneHot[i]! * mass, 0) / total;
  const rest = masses.reduce((sum, mass, i) => sum + (1 - oneHot[i]!) * mass, 0) / total;
  return masses.map((mass, i) => own * (oneHot[i]! * rest - ((1 - oneHot[i]!) * mass) / total));
}

run('the cotangent of a probability in one dispatch: certain, tied, impossible and ordinary logits', async () => {
  const random = uniformFrom(SEED);
  const rows = [
    [80, 0, -3],
    [0, 0, 0],
    [Number.NEGATIVE_INFINITY, 1, 2],
    [-1e4, 1e4, 0],
    ...Array.from({ length: 300 }, () => [random() * 20, random() * 20, random() * 20]),
  ];
  const labels = rows.map((_, i) => i % 3);
  const oneHots = labels.map((label) => [0, 1, 2].map((unit) => (unit === label ? 1 : 0)));
  const { values } = await kernelsOf(() =>
    inOneKernel(SOFTMAX_COTANGENT)({ logits: tf.tensor2d(rows), oneHot: tf.tensor2d(oneHots) })!,
  );
  for (const [i, row] of rows.entries()) {
    const expected = cotangentOf(row.map(Math.fround), oneHots[i]!);
    const scale = Math.max(...expected.map(Math.abs));
    for (const [unit, value] of expected.entries()) {
      const got = values[i * 3 + unit]!;
      // Below float32's smallest normal number a card may give 0.
      assert.ok(Math.abs(got - value) <= 2e-5 * scale + 1e-37, `row ${i} [${row.join(', ')}]: ${got}, not ${value}`);
    }
  }
});

run('inputGradientOf of the probability takes it, and agrees with the cpu backend', async () => {
  const gradients: Float32Array[] = [];
  for (const backend of ['cpu', 'webgpu'] as const) {
    await useBackend(backend);
    const model = seedWeights(lenet(), 3);
    const x = normalBatch(model, 4, uniformFrom(7));
    const logits = (input: tf.Tensor): tf.Tensor => model.predict(input) as tf.Tensor;
    const work = () => inputGradientOf(logits, x, [0, 1, 2, 3], { activation: 'softmax' });
    if (backend === 'cpu') {
      const gradient = work();
      gradients.push((await gradient.data()) as Float32Array);
      gradient.dispose();
    } else {
      const { names, values } = await kernelsOf(work);
      assert.ok(names.includes(SOFTMAX_COTANGENT), names.join(' '));
      gradients.push(values);
    }
  }
  assert.ok(relativeError(gradients[1]!, gradients[0]!) < 1e-5);
});

/** The layers of a ResNet-18, fewer of them: a driver compiles each shape of each shader. */
function residual(): tf.LayersModel {
  const inputs = tf.input({ shape: [8, 8, 3] });
  const stem = apply(tf.layers.reLU(), convolutionNorm(inputs, 4, 1));
  const features = apply(tf.layers.globalAveragePooling2d({}), residualBlock(residualBlock(stem, 4, 1), 8, 2));
  return tf.model({ inputs, outputs: apply(tf.layers.dense({ units: 10, activation: 'softmax' }), features) });
}

for (const [name, network, size, most] of [
  ['LeNet', () => lenet(), 8, 38],
  ['a small residual network', residual, 2, 62],
] as const) {
  run(`a chunk of ${name} takes ${most} dispatches`, async () => {
    const model = seedWeights(network(), 1);
    const inputs = normalBatch(model, size, uniformFrom(1));
    const labels = Int32Array.from({ length: size }, (_, i) => i % 10);
    const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize: size });
    await tracker.checkpoint(model, { epoch: 0 });
    const counts = await countDispatches(() => tracker.checkpoint(model, { epoch: 1 }));
    tracker.dispose();
    const sum = [...counts.values()].reduce((a, b) => a + b, 0);
    console.log(`  ${name}: ${sum} dispatches`);
    assert.ok(sum === most, `${sum}: ${[...counts].join(' ')}`);
  });
}

test.run();
