// Only with --all: it builds the networks of the paper
import { VogError, withLeanGradients } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { assertInputGradient } from '@vogjs/backend';
import { normalValues, uniformFrom } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parameterCount } from './architecture.js';
import { densenetBc } from './densenet.js';
import { resnet18 } from './resnet.js';
import { resnet9 } from './resnet9.js';
import { wideResnet } from './wide-resnet.js';

/** The same in every run: how near a draw of weights and images lies to the kinks of relus is a matter of chance. */
const seed = 1;
const test = suite(`architectures (seed ${seed})`);

/** Small ones of each kind. */
const SMALL = [
  ['resnet18', () => resnet18({ width: 4, blocks: 1, seed, shape: [16, 16, 3] })],
  ['resnet9', () => resnet9({ width: 2, seed, shape: [16, 16, 3] })],
  ['wideResnet', () => wideResnet(10, 1, { seed, shape: [16, 16, 3] })],
  ['densenetBc', () => densenetBc(10, 4, { seed, shape: [16, 16, 3] })],
] as const;

test.before.each(async () => void (await selectBackend('wasm')));

test('parameter counts are the published ones: 11.17 M, 36.5 M, 0.77 M', () => {
  for (const [build, count, published] of [
    [() => resnet18(), 11_173_962, '11.17'],
    [() => wideResnet(28, 10), 36_479_194, '36.48'],
    [() => densenetBc(100, 12), 769_162, '0.77'],
  ] as const) {
    const model = build();
    assert.is(parameterCount(model), count);
    assert.is((count / 1e6).toFixed(2), published);
    assert.equal(model.outputs[0]?.shape, [null, 10]);
    model.dispose();
  }
});

test('ResNet-9 of width 24 has 927,010 parameters, and layers bear the names of the same network in PyTorch', () => {
  const model = resnet9();
  assert.is(parameterCount(model), 927_010);
  assert.equal(model.outputs[0]?.shape, [null, 10]);
  const blocks = ['prep', 'l1', 'r1.a', 'r1.b', 'l2', 'l3', 'r3.a', 'r3.b'];
  const named = model.layers.filter((layer) => layer.getWeights().length > 0).map(({ name }) => name);
  assert.equal(named, [...blocks.flatMap((block) => [`${block}.conv`, `${block}.bn`]), 'fc']);
  const { momentum, epsilon } = model.getLayer('l1.bn').getConfig();
  assert.equal([momentum, epsilon], [0.9, 1e-3]);
  model.dispose();
});

test('layers with weights: 18, 28 and 100, projections not counted', () => {
  const layersOf = (model: tf.LayersModel, isProjection: (layer: tf.layers.Layer) => boolean) => {
    const weighted = model.layers.filter((layer) => ['Conv2D', 'Dense'].includes(layer.getClassName()));
    const count = weighted.filter((layer) => !isProjection(layer)).length;
    model.dispose();
    return count;
  };
  const isOneByOne = (layer: tf.layers.Layer) => layer.getWeights()[0]?.shape.slice(0, 2).join() === '1,1';
  assert.is(layersOf(resnet18({ width: 1 }), isOneByOne), 18);
  // The paper's 28 are the stem, 24 convolutions in blocks and three projections; here stem, 24 and the linear layer.
  assert.is(layersOf(wideResnet(28, 1), isOneByOne), 26);
  // The 1 x 1 convolutions of a DenseNet are bottlenecks and transitions, and count.
  assert.is(
    layersOf(densenetBc(100, 2), () => false),
    100,
  );
});

test('convolutions begin normal with variance 2 / (k² filters), scales 1, offsets 0, and a seed decides them', async () => {
  const model = resnet18({ width: 32, seed });
  for (const layer of model.layers.filter((each) => each.getClassName() === 'Conv2D')) {
    const [kernel] = layer.getWeights() as [tf.Tensor4D];
    const [height, width, , filters] = kernel.shape;
    const { mean, variance } = tf.moments(kernel);
    const ratio = (variance.dataSync()[0] as number) / (2 / (height * width * filters));
    // Five standard errors of a variance of normals.
    assert.ok(Math.abs(ratio - 1) < 5 * Math.sqrt(2 / kernel.size), `${layer.name}: variance is ${ratio} of expected`);
    tf.dispose([mean, variance]);
  }
  const norm = model.layers.find((each) => each.getClassName() === 'BatchNormalization') as tf.layers.Layer;
  const [scale, offset] = norm.getWeights().map((weight) => [...new Set(weight.dataSync())]);
  assert.equal([scale, offset], [[1], [0]]);
  const { momentum, epsilon } = norm.getConfig();
  assert.equal([momentum, epsilon], [0.9, 1e-5]);
  const kernels = (of: tf.LayersModel) => of.trainableWeights.filter(({ name }) => name.includes('kernel'));
  const values = (of: tf.LayersModel) => kernels(of).map((weight) => Array.from(weight.read().dataSync().slice(0, 20)));
  const [same, other] = [resnet18({ width: 32, seed }), resnet18({ width: 32, seed: seed + 1 })];
  assert.equal(values(same), values(model));
  assert.ok(values(other).every((each, i) => each.join() !== values(model)[i]?.join()));
  const distinct = new Set(values(model).map((each) => each.map((value) => value.toFixed(6)).join()));
  assert.is(distinct.size, values(model).length, 'no two layers begin with the same numbers');
  for (const each of [model, same, other]) each.dispose();
});

for (const [name, build] of SMALL) {
  test(`${name}: input gradient = finite differences`, async () => {
    const model = build();
    const random = uniformFrom(seed);
    const x = tf.tensor4d(normalValues(2 * 16 * 16 * 3, random), [2, 16, 16, 3]);
    const logits = (at: tf.Tensor) => model.apply(at, { training: false }) as tf.Tensor;
    const gradient = (at: tf.Tensor, dy: tf.Tensor): tf.Tensor => withLeanGradients(() => tf.grad(logits)(at, dy));
    await assertInputGradient(logits, x, { random, gradient, coordinates: 12, maximumDiscarded: 8 });
    x.dispose();
    model.dispose();
  });
}

test('dropout drops while training alone', () => {
  const model = wideResnet(10, 1, { dropout: 0.5, seed });
  const x = tf.tensor4d(normalValues(3072, uniformFrom(seed)), [1, 32, 32, 3]);
  const twice = (training: boolean) =>
    [1, 2].map(() => (model.apply(x, { training }) as tf.Tensor).dataSync().join()) as [string, string];
  const [quiet, training] = [twice(false), twice(true)];
  assert.is(quiet[0], quiet[1]);
  assert.is.not(training[0], training[1]);
  x.dispose();
  model.dispose();
});

test('what no such network has is refused', () => {
  const refused = (build: () => unknown, text: RegExp) =>
    assert.throws(build, (error: unknown) => error instanceof VogError && text.test(error.message));
  refused(() => wideResnet(27, 10), /6 n \+ 4.*27/);
  refused(() => densenetBc(101, 12), /6 n \+ 4.*101/);
  refused(() => densenetBc(100, 0), /growthRate.*0/);
  refused(() => wideResnet(28, 1.5), /widening/);
  refused(() => wideResnet(10, 1, { dropout: 1 }), /dropout/);
  refused(() => resnet18({ width: 0 }), /width/);
  refused(() => resnet18({ classes: 1 }), /classes/);
  refused(() => resnet9({ width: 0 }), /width/);
  refused(() => resnet9({ classes: 1 }), /classes/);
});

test.run();
