// Only with --all: it trains them
import { VogError } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import { normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { augmentedBatches, type Batch } from './batches.js';
import { densenetBc } from './densenet.js';
import { type Recipe, RECIPES, rateAt } from './recipe.js';
import { resnet18 } from './resnet.js';
import { loadOptimizer, loadWeights, saveOptimizer, saveWeights } from './saved-training.js';
import { sgd, trainEpoch } from './training.js';
import { wideResnet } from './wide-resnet.js';

const seed = runSeed();
const test = suite(`training (seed ${seed})`);

test.before.each(async () => void (await selectBackend('wasm')));

const recipe: Recipe = {
  epochs: 1,
  batchSize: 4,
  learningRate: 0.2,
  momentum: 0.7,
  nesterov: false,
  weightDecay: 0.05,
  schedule: { kind: 'steps', at: [0.5], factor: 0.1 },
};

test('the learning rate falls in steps at their shares of the training, or along half a cosine', () => {
  const { schedule } = RECIPES['wide-resnet'];
  const rates = [0, 0.29, 0.3, 0.6, 0.79, 0.8, 1].map((at) => rateAt({ learningRate: 0.1, schedule }, at));
  const expected = [0.1, 0.1, 0.02, 0.004, 0.004, 0.0008, 0.0008];
  assert.ok(rates.every((rate, i) => Math.abs(rate - (expected[i] as number)) < 1e-12));
  const cosine = [0, 0.5, 1].map((at) => rateAt({ learningRate: 2, schedule: { kind: 'cosine' } }, at));
  assert.ok(cosine.every((rate, i) => Math.abs(rate - ([2, 1, 0][i] as number)) < 1e-12));
});

test('one cycle: from a 25th of the largest rate up to it, then down to a 250,000th, along half cosines', () => {
  const schedule = { kind: 'one-cycle', rise: 0.3 } as const;
  const rates = [0, 0.075, 0.15, 0.3, 0.65, 1].map((at) => rateAt({ learningRate: 0.2, schedule }, at));
  // A quarter of the way along half a cosine is (1 - √½) / 2 of it.
  const quarter = 0.008 + (0.2 - 0.008) * ((1 - Math.SQRT1_2) / 2);
  const expected = [0.008, quarter, 0.104, 0.2, 0.1 + 4e-7, 8e-7];
  assert.ok(
    rates.every((rate, i) => Math.abs(rate - (expected[i] as number)) < 1e-12),
    rates.join(', '),
  );
});

for (const nesterov of [false, true]) {
  test(`steps = PyTorch's SGD with momentum, ${nesterov ? 'Nesterov, ' : ''}L2 in the gradient, the rate falling`, async () => {
    const random = uniformFrom(seed);
    const [inputs, classes, size] = [3, 4, 5];
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [inputs], units: classes })] });
    const batches = [0, 1, 2].map(() => ({
      x: normalValues(size * inputs, random),
      y: Array.from({ length: size }, () => Math.floor(random() * classes)),
    }));
    const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const velocities = weights.map((each) => each.map(() => 0));
    for (const [i, { x, y }] of batches.entries()) {
      const rate = i / 3 < 0.5 ? 0.2 : 0.02;
      const gradients = linearGradients(weights as [number[], number[]], x, y, classes);
      for (const [w, values] of weights.entries()) {
        for (let at = 0; at < values.length; at++) {
          const g = (gradients[w]?.[at] as number) + recipe.weightDecay * (values[at] as number);
          const velocity = recipe.momentum * (velocities[w]?.[at] as number) + g;
          (velocities[w] as number[])[at] = velocity;
          (values as number[])[at]! -= rate * (nesterov ? g + recipe.momentum * velocity : velocity);
        }
      }
    }
    const data = tf.data.generator(function* () {
      for (const { x, y } of batches) {
        const oneHot = Float32Array.from({ length: size * classes }, (_, at) =>
          Number(y[Math.floor(at / classes)] === at % classes),
        );
        yield { xs: tf.tensor2d(x, [size, inputs]), ys: tf.tensor2d(oneHot, [size, classes]) };
      }
    } as () => Iterator<tf.TensorContainer>) as unknown as tf.data.Dataset<Batch>;
    const optimizer = sgd({ ...recipe, nesterov });
    await trainEpoch(model, optimizer, data, { ...recipe, nesterov }, { from: 0, to: 1, steps: 3 });
    for (const [w, weight] of model.getWeights().entries()) {
      for (const [at, value] of weight.dataSync().entries()) {
        const expected = weights[w]?.[at] as number;
        assert.ok(Math.abs(value - expected) < 1e-5, `weight ${w}[${at}] is ${value}, expected ${expected}`);
      }
    }
    optimizer.dispose();
    model.dispose();
  });
}

/** Whether so small a network learns so little in so few epochs depends on the draw: these are the same in every run. */
const LEARNED = 1;
const images = imageSet(48);

test('each architecture learns images it has seen, and an epoch leaves no tensor behind', async () => {
  for (const [name, model] of [
    ['resnet-18', resnet18({ width: 4, blocks: 1, seed: LEARNED, shape: [8, 8, 3], classes: 3 })],
    ['wide-resnet', wideResnet(10, 1, { seed: LEARNED, shape: [8, 8, 3], classes: 3 })],
    ['densenet-bc', densenetBc(10, 4, { seed: LEARNED, shape: [8, 8, 3], classes: 3 })],
  ] as const) {
    const own = { ...RECIPES[name], batchSize: 16, learningRate: 0.05 };
    const optimizer = sgd(own);
    const first = await epochOf(model, optimizer, own, 0);
    const before = tf.memory().numTensors;
    let last = first;
    for (let epoch = 1; epoch < 8; epoch++) last = await epochOf(model, optimizer, own, epoch);
    assert.is(tf.memory().numTensors, before, name);
    assert.ok(last.loss < 0.7 * first.loss, `${name}: loss ${first.loss} to ${last.loss}`);
    assert.ok(last.accuracy > 0.7, `${name}: accuracy ${last.accuracy}`);
    optimizer.dispose();
    model.dispose();
  }
});

test('training saved and loaded into new objects goes on to the same weights, bit for bit', async () => {
  const build = () => resnet18({ width: 2, blocks: 1, seed, shape: [8, 8, 3], classes: 3 });
  const own = { ...RECIPES['resnet-18'], batchSize: 16 };
  const [model, optimizer] = [build(), sgd(own)];
  await epochOf(model, optimizer, own, 0);
  const [weights, momentum] = [await saveWeights(model), await saveOptimizer(optimizer)];
  await epochOf(model, optimizer, own, 1);

  const [resumed, other] = [build(), sgd(own)];
  loadWeights(resumed, weights);
  await loadOptimizer(other, momentum);
  await epochOf(resumed, other, own, 1);
  assert.equal(await saveWeights(resumed), await saveWeights(model));
  assert.equal(await saveOptimizer(other), await saveOptimizer(optimizer));

  const wrong = resnet18({ width: 3, blocks: 1, shape: [8, 8, 3], classes: 3 });
  assert.throws(
    () => loadWeights(wrong, weights),
    (error: unknown) => error instanceof VogError && error.code === 'STATE_MISMATCH',
  );
  for (const each of [model, resumed, wrong, optimizer, other]) each.dispose();
});

function epochOf(model: tf.LayersModel, optimizer: tf.MomentumOptimizer, own: Recipe, epoch: number) {
  const scaling = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
  const batches = augmentedBatches(images, { scaling, classes: 3, batchSize: 16, seed: LEARNED, epoch, padding: 1 });
  return trainEpoch(model, optimizer, batches, own, { from: 0, to: 0.1, steps: 3 });
}

/** Images of 8 x 8 pixels whose colour tells their class, with noise. */
function imageSet(size: number) {
  const random = uniformFrom(LEARNED);
  const labels = Int32Array.from({ length: size }, (_, i) => i % 3);
  const pixels = Uint8Array.from({ length: size * 192 }, (_, at) => {
    const isOwn = at % 3 === labels[Math.floor(at / 192)];
    return (isOwn ? 120 : 40) + 80 * random();
  });
  return { pixels, shape: [size, 8, 8, 3] as const, labels };
}

/** Gradients of the mean cross-entropy of `x W + b`, by hand. */
function linearGradients(
  [kernel, bias]: readonly [readonly number[], readonly number[]],
  x: ArrayLike<number>,
  y: readonly number[],
  classes: number,
): [number[], number[]] {
  const inputs = kernel.length / classes;
  const gradients: [number[], number[]] = [kernel.map(() => 0), bias.map(() => 0)];
  for (const [row, label] of y.entries()) {
    const logits = bias.map((offset, c) => {
      let sum = offset;
      for (let i = 0; i < inputs; i++) sum += (x[row * inputs + i] as number) * (kernel[i * classes + c] as number);
      return sum;
    });
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    for (const [c, logit] of logits.entries()) {
      const error = (Math.exp(logit) / total - Number(c === label)) / y.length;
      gradients[1][c]! += error;
      for (let i = 0; i < inputs; i++) gradients[0][i * classes + c]! += error * (x[row * inputs + i] as number);
    }
  }
  return gradients;
}

test.run();
