// Only with --all: it trains
import { VogError } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import { normalValues, runSeed, testBackends, uniformFrom } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fuseForTraining } from './fused-training.js';
import { resnet18 } from './resnet.js';
import { resnet9 } from './resnet9.js';

const seed = runSeed();
const test = suite(`training with fused operations (seed ${seed})`);

const BUILD = {
  'resnet-9': () => resnet9({ width: 3, seed, shape: [16, 16, 3], classes: 4 }),
  'resnet-18': () => resnet18({ width: 3, blocks: 1, seed, shape: [16, 16, 3], classes: 4 }),
};

/** Loss, gradients of the trained weights, and weights afterwards, of one training pass on fixed images. */
async function passOf(model: tf.LayersModel): Promise<{ loss: number; gradients: number[][]; weights: number[][] }> {
  const random = uniformFrom(seed);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  // Read outside of the tidy: a device cannot be read at once.
  const { value, gradients } = tf.tidy(() => {
    const xs = tf.tensor4d(normalValues(6 * 16 * 16 * 3, random), [6, 16, 16, 3]);
    const ys = tf.tensor2d(
      Array.from({ length: 24 }, (_, at) => Number(Math.floor(at / 4) % 4 === at % 4)),
      [6, 4],
    );
    const { value, grads } = tf.variableGrads(
      () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as tf.Tensor2D).asScalar(),
      variables,
    );
    return { value, gradients: variables.map(({ name }) => grads[name] as tf.Tensor) };
  });
  const read = (tensors: readonly tf.Tensor[]) =>
    Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));
  const [[losses], slopes, weights] = [await read([value]), await read(gradients), await read(model.getWeights())];
  tf.dispose([value, gradients]);
  return { loss: losses?.[0] as number, gradients: slopes, weights };
}

function worstOf(one: readonly number[][], other: readonly number[][]): number {
  assert.equal(
    one.map(({ length }) => length),
    other.map(({ length }) => length),
  );
  return Math.max(
    ...one.map((values, i) => {
      const largest = Math.max(...values.map(Math.abs), 1e-3);
      return Math.max(...values.map((value, at) => Math.abs(value - (other[i]?.[at] as number)))) / largest;
    }),
  );
}

for (const name of testBackends()) {
  test(`${name}: loss, gradients and moving statistics are those of the layers, and undone it is the layers again`, async () => {
    await selectBackend(name);
    for (const [network, build] of Object.entries(BUILD)) {
      const [plain, fused] = [build(), build()];
      const undo = fuseForTraining(fused);
      const expected = await passOf(plain);
      const before = tf.memory().numTensors;
      const outcome = await passOf(fused);
      assert.is(tf.memory().numTensors, before, 'no tensor is left');
      assert.ok(Math.abs(outcome.loss - expected.loss) < 1e-5 * expected.loss, `${network}: ${outcome.loss}`);
      const worst = [worstOf(expected.gradients, outcome.gradients), worstOf(expected.weights, outcome.weights)];
      assert.ok(Math.max(...worst) < 2e-4, `${network}: gradients and weights differ by ${worst.join(', ')}`);
      const isPatched = (model: tf.LayersModel) => model.layers.some((layer) => Object.hasOwn(layer, 'call'));
      assert.is(isPatched(fused), tf.getBackend() === 'tensorflow');
      undo();
      assert.not(isPatched(fused));
      for (const model of [plain, fused]) model.dispose();
    }
  });
}

for (const name of testBackends().filter((each) => each.startsWith('tfjs-node'))) {
  test(`${name}: max pools send the gradient where the layer sends it, ties and all, to the bit`, async () => {
    await selectBackend(name);
    const random = uniformFrom(seed);
    for (const padding of ['valid', 'same'] as const) {
      const layer = tf.layers.maxPooling2d({ poolSize: 2, strides: 2, padding, inputShape: [7, 7, 3] });
      const model = tf.sequential({ layers: [layer] });
      // Few values, so that most windows have several largest ones.
      const x = tf.tensor4d(
        Array.from({ length: 2 * 147 }, () => Math.floor(3 * random()) - 1),
        [2, 7, 7, 3],
      );
      const gradient = () =>
        tf.tidy(() => {
          const y = (at: tf.Tensor) => model.apply(at, { training: true }) as tf.Tensor;
          const shape = y(x).shape;
          const size = shape.reduce((product, n) => product * n, 1);
          return tf
            .grad(y)(x, tf.tensor(normalValues(size, uniformFrom(seed)), shape))
            .dataSync();
        });
      const expected = gradient();
      const undo = fuseForTraining(model);
      assert.equal(gradient(), expected);
      undo();
      x.dispose();
      model.dispose();
    }
  });

  test(`${name}: a backend that is changed in between is refused by code`, async () => {
    await selectBackend(name);
    const model = BUILD['resnet-9']();
    fuseForTraining(model);
    await selectBackend('wasm');
    const error: unknown = await passOf(model).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof VogError && error.code === 'BACKEND_UNAVAILABLE', String(error));
    model.dispose();
  });
}

test.run();
