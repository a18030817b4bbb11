// The loss of an example is what the model itself says of it, whatever head and loss it has.
import { seededRandom } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { collectResources } from '../visit/collect.js';
import { inputGradient, loss } from '../resources/builtin.js';
import type { ProbeLabels } from '../labels/labels.js';
import { runSeed } from '@vogjs/testing';
import type { TaskKind } from './task.js';

const seed = runSeed();
const test = suite(`the model's own loss (seed ${seed})`);
test.before(async () => void (await tf.setBackend('cpu')));

const [SIZE, WIDTH] = [7, 4];
const random = seededRandom(seed);
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());

type Labels = 'classes' | 'sparse' | 'binary' | 'signs' | 'multi-hot' | 'real' | 'positive' | 'unit';
type Loss = NonNullable<tf.ModelCompileArgs['loss']>;

interface Case {
  readonly activation: string;
  readonly units: number;
  readonly labels: Labels;
  readonly loss: Loss;
  readonly name: string;
  readonly kind: TaskKind;
  readonly task?: TaskKind;
}

const smoothed = (y: tf.Tensor, p: tf.Tensor): tf.Tensor =>
  tf.metrics.categoricalCrossentropy(tf.add(tf.mul(y, 0.9), 0.1 / 3), p);
const focal = (y: tf.Tensor, p: tf.Tensor): tf.Tensor =>
  tf.neg(tf.sum(tf.mul(y, tf.mul(tf.square(tf.sub(1, p)), tf.log(p))), -1));
const binaryFocal = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => {
  const own = tf.add(tf.mul(y, p), tf.mul(tf.sub(1, y), tf.sub(1, p)));
  return tf.mean(tf.neg(tf.mul(tf.square(tf.sub(1, own)), tf.log(own))), -1);
};
const fromLogits = (y: tf.Tensor, z: tf.Tensor): tf.Tensor => tf.losses.softmaxCrossEntropy(y, z);
const nll = (y: tf.Tensor, logP: tf.Tensor): tf.Tensor => tf.neg(tf.sum(tf.mul(y, logP), -1));
const huber = (y: tf.Tensor, o: tf.Tensor): tf.Tensor => tf.losses.huberLoss(y, o);
const quantile = (y: tf.Tensor, o: tf.Tensor): tf.Tensor => {
  const rest = tf.sub(y, o);
  return tf.mean(tf.maximum(tf.mul(rest, 0.8), tf.mul(rest, -0.2)), -1);
};

const of = (
  kind: TaskKind,
  activation: string,
  units: number,
  labels: Labels,
  ...losses: readonly (string | readonly [string, Loss, TaskKind?])[]
): Case[] =>
  losses.map((each) => {
    const [name, compiled, task] = typeof each === 'string' ? ([each, each, undefined] as const) : each;
    return { kind, activation, units, labels, name, loss: compiled as Loss, ...(task === undefined ? {} : { task }) };
  });

const cases: Case[] = [
  ...of('classification', 'softmax', 3, 'classes', 'categoricalCrossentropy', 'kullbackLeiblerDivergence'),
  ...of('classification', 'softmax', 3, 'classes', 'categoricalHinge', 'meanSquaredError', 'binaryCrossentropy'),
  ...of('classification', 'softmax', 3, 'sparse', 'sparseCategoricalCrossentropy'),
  ...of('classification', 'softmax', 3, 'classes', ['label smoothing', smoothed], ['focal', focal]),
  ...of('classification', 'softmax', 3, 'classes', ['tf.metrics', tf.metrics.categoricalCrossentropy]),
  ...of('classification', 'linear', 3, 'classes', ['softmaxCrossEntropy', tf.losses.softmaxCrossEntropy as Loss]),
  ...of('classification', 'linear', 3, 'classes', ['fromLogits, a scalar', fromLogits]),
  ...of('classification', 'linear', 2, 'classes', ['fromLogits, a scalar', fromLogits]),
  ...of('classification', 'logSoftmax', 3, 'classes', ['negative log-likelihood', nll]),
  ...of('binary', 'sigmoid', 1, 'binary', 'binaryCrossentropy', 'meanSquaredError', ['focal', binaryFocal]),
  ...of('binary', 'sigmoid', 1, 'signs', 'binaryCrossentropy'),
  ...of('binary', 'linear', 1, 'binary', ['sigmoidCrossEntropy', tf.losses.sigmoidCrossEntropy as Loss]),
  ...of('multi-label', 'sigmoid', 5, 'multi-hot', 'binaryCrossentropy', 'meanSquaredError', 'hinge', [
    'focal',
    binaryFocal,
  ]),
  ...of('multi-label', 'linear', 5, 'multi-hot', ['sigmoidCrossEntropy', tf.losses.sigmoidCrossEntropy as Loss]),
  ...of('multi-label', 'sigmoid', 5, 'sparse', 'binaryCrossentropy'),
  ...of(
    'regression',
    'linear',
    1,
    'real',
    'meanSquaredError',
    'meanAbsoluteError',
    'logcosh',
    'meanAbsolutePercentageError',
  ),
  ...of('regression', 'linear', 1, 'real', ['huber, a scalar', huber], ['huberLoss', tf.losses.huberLoss as Loss]),
  ...of('regression', 'linear', 1, 'signs', 'hinge', 'squaredHinge'),
  ...of('regression', 'linear', 3, 'real', 'meanSquaredError', 'meanAbsoluteError', 'logcosh', 'cosineProximity'),
  ...of(
    'regression',
    'linear',
    3,
    'real',
    ['quantile', quantile],
    ['MSE', tf.metrics.MSE],
    ['absoluteDifference', tf.losses.absoluteDifference as Loss],
  ),
  ...of('regression', 'softplus', 2, 'positive', 'poisson', 'meanSquaredLogarithmicError'),
  ...of('regression', 'tanh', 2, 'real', 'meanSquaredError'),
  ...of('regression', 'relu', 2, 'positive', 'meanSquaredError'),
  ...of('regression', 'sigmoid', 3, 'unit', 'binaryCrossentropy', 'meanSquaredError'),
];

/** Labels as the probe gets them, and the targets that the model trains on. */
function labelled({ labels, units }: Case): { given: ProbeLabels; targets: tf.Tensor } {
  const classes = Int32Array.from({ length: SIZE }, () => random.integer(units));
  const bits = Int32Array.from({ length: SIZE }, () => random.integer(2));
  const shape: [number, number] = [SIZE, units];
  const rows = (of: () => number) => {
    const data = Float32Array.from({ length: SIZE * units }, of);
    return { given: units === 1 ? data : { data, shape }, targets: tf.tensor2d(data, shape) };
  };
  switch (labels) {
    case 'classes':
    case 'sparse': {
      const oneHot = tf.tensor2d(
        Float32Array.from({ length: SIZE * units }, (_, i) => Number(classes[Math.floor(i / units)] === i % units)),
        shape,
      );
      return { given: classes, targets: oneHot };
    }
    case 'binary':
      return { given: bits, targets: tf.tensor2d(Float32Array.from(bits), [SIZE, 1]) };
    case 'signs': {
      // One of each at least: ones alone are classes.
      const signs = Float32Array.from(bits, (bit, i) => (i === 0 ? -1 : 2 * bit - 1));
      return { given: signs, targets: tf.tensor2d(signs, [SIZE, 1]) };
    }
    case 'multi-hot': {
      const hot = rows(() => random.integer(2));
      return hot;
    }
    case 'real':
      return rows(() => random.normal());
    case 'positive':
      return rows(() => Math.abs(random.normal()) + 0.1);
    case 'unit':
      return rows(() => random.uniform());
  }
}

function networkOf({ activation, units, loss: compiled }: Case): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 6, activation: 'tanh', inputShape: [WIDTH] }),
      tf.layers.dense({ units, activation: activation as 'softmax' }),
    ],
  });
  tf.tidy(() => model.setWeights(model.getWeights().map(({ shape, size }) => tf.tensor(normals(size), shape))));
  model.compile({ optimizer: 'sgd', loss: compiled });
  return model;
}

/**
 * A network, labels and inputs whose loss has a slope somewhere. A relu or a hinge may be flat at all seven
 * examples; then there is nothing to compare, and another is drawn.
 */
async function drawn(each: Case) {
  for (let draw = 0; draw < 20; draw++) {
    const model = networkOf(each);
    const { given, targets } = labelled(each);
    const inputs = tf.tensor2d(normals(SIZE * WIDTH), [SIZE, WIDTH]);
    const wanted = { gradient: inputGradient({ activation: 'loss' }) };
    const { gradient } = await collectResources(model, { inputs, labels: given }, wanted, { chunkSize: 3 });
    if (gradient.data.some((value) => value !== 0)) return { model, given, targets, inputs, gradient };
  }
  throw new Error(`20 draws of ${titleOf(each)} have a gradient that is zero throughout`);
}

const titleOf = ({ kind, units, activation, name, labels }: Case): string =>
  `${kind}: ${units} ${activation}, ${name}, ${labels} labels`;

test('there are 25 combinations of head and loss at least', () => {
  assert.ok(new Set(cases.map(titleOf)).size >= 25, String(cases.length));
});

for (const each of cases) {
  test(`${titleOf(each)}: the loss of every example is model.evaluate of it alone`, async () => {
    const { model, given, targets, inputs, gradient } = await drawn(each);
    let description = '';
    const options = { chunkSize: 3, onTask: (task: { description: string }) => void (description = task.description) };
    const { loss: ours } = await collectResources(model, { inputs, labels: given }, { loss }, options);
    assert.match(description, new RegExp(`^${each.kind}, ${each.units} `));
    // Class numbers for the loss that takes them; signs stand for classes 0 and 1 where the head is a sigmoid.
    const trained = each.labels === 'signs' && each.kind === 'binary' ? tf.relu(targets) : targets;
    for (let i = 0; i < SIZE; i++) {
      const [x, y] = [tf.slice(inputs, [i, 0], [1, -1]), tf.slice(trained, [i, 0], [1, -1])];
      const isSparse = each.name === 'sparseCategoricalCrossentropy';
      const evaluated = model.evaluate(x, isSparse ? tf.cast(tf.argMax(y, 1), 'float32').reshape([1, 1]) : y, {
        batchSize: 1,
      });
      const [expected = Number.NaN] = await (evaluated as tf.Scalar).data();
      const got = ours.data[i] as number;
      assert.ok(
        Math.abs(got - expected) <= 1e-5 * Math.max(1, Math.abs(expected)),
        `example ${i}: ${got}, evaluate ${expected}`,
      );
    }
    // Its gradient is that of the same function, by differences along a random direction.
    const [step, direction] = [1e-2, normals(SIZE * WIDTH)];
    const lossAt = async (sign: number): Promise<Float32Array | Int32Array> => {
      const moved = tf.add(inputs, tf.mul(tf.tensor2d(direction, [SIZE, WIDTH]), sign * step));
      return (await collectResources(model, { inputs: moved, labels: given }, { loss }, options)).loss.data;
    };
    const [up, down] = [await lossAt(1), await lossAt(-1)];
    for (let i = 0; i < SIZE; i++) {
      let along = 0;
      for (let k = 0; k < WIDTH; k++)
        along += (gradient.data[i * WIDTH + k] as number) * (direction[i * WIDTH + k] as number);
      const difference = ((up[i] as number) - (down[i] as number)) / (2 * step);
      // A kink between the two points (hinge, absolute value, relu) leaves a difference of its own.
      const here = ours.data[i] as number;
      const bend = Math.abs((up[i] as number) + (down[i] as number) - 2 * here) / step;
      assert.ok(
        Math.abs(along - difference) <= 2e-2 * Math.max(1, Math.abs(difference)) + 2 * bend,
        `example ${i}: ${along}, differences ${difference}`,
      );
    }
    model.dispose();
  });
}

test.run();
