import { createTracker, defineMetric, inputGradient, type Metric } from '@vogjs/core';
import { normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import { assertRefused, firstBackend, keepsLaws } from '../golden.test.helper.js';
import { assertClose } from '../runs.test.helper.js';
import { vog } from '../vog/vog.js';
import { csg } from './csg.js';

const seed = runSeed();
const random = uniformFrom(seed);
const test = suite(`csg (seed ${seed})`);
test.before.each(firstBackend);

keepsLaws(
  test,
  () => csg(),
  () => csg({ activation: 'logit', label: 'predicted' }),
);

const normal = (shape: number[]): tf.Tensor => tf.tensor(normalValues(tf.util.sizeFromShape(shape), random), shape);

/** Sum over pixels of the squared mean of the loss's input gradient, by a plain sum. */
const squaredMean = (): Metric =>
  defineMetric({
    name: 'squared-mean',
    hardDirection: 'high',
    requires: { gradient: inputGradient({ activation: 'loss' }) },
    init: ({ size, inputShape }) => ({ sum: tf.zeros([size, ...inputShape]) }),
    update: ({ sum }, { gradient }) => ({ sum: tf.add(sum, gradient) }),
    compute: ({ sum }, { checkpoints }) => tf.sum(tf.square(tf.div(sum, checkpoints)), 1),
  });

test('CSG is sum over pixels of M2 + K mean², of the state that VoG of the loss keeps', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
  const metrics = [csg(), vog({ name: 'loss', activation: 'loss', channels: 'separate', reduce: 'variance' })];
  const inputs = normal([3, 4]);
  const tracker = createTracker({ inputs, labels: Int32Array.of(0, 1, 2), metrics: [...metrics, squaredMean()] });
  for (let epoch = 0; epoch < 3; epoch++) {
    tf.tidy(() => model.setWeights([normal([4, 3]), normal([3])]));
    await tracker.checkpoint(model, { epoch });
  }
  const [sum, variance, square] = await Promise.all(
    ['csg', 'loss', 'squared-mean'].map(async (name) => [...(await tracker.scores(name)).values]),
  );
  // VoG here is the mean over 4 pixels of M2 / 3.
  assertClose(
    sum!,
    variance!.map((value, i) => 3 * (4 * value + square![i]!)),
    'csg',
  );
  tracker.dispose();
  model.dispose();
});

test('it sums over channels: it has no option `channels`', () => {
  assertRefused(
    [() => csg({ channels: 'separate' } as never), /csg: unknown option 'channels'\./],
    [() => csg({ activation: 'nonsense' as never }), /csg: activation must be 'logit', 'softmax', 'loss' or 'output'/],
  );
});

test.run();
