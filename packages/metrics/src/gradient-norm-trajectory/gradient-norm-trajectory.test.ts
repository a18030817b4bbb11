// Only with --all: one metric takes seconds; together.test.ts runs them all
import { collectResources, createTracker, inputGradient } from '@vogjs/core';
import { normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import { assertRefused, firstBackend, keepsLaws } from '../golden.test.helper.js';
import { assertClose } from '../runs.test.helper.js';
import { gradientNormTrajectory } from './gradient-norm-trajectory.js';

const seed = runSeed();
const random = uniformFrom(seed);
const test = suite(`gradient norm over training (seed ${seed})`);
test.before.each(firstBackend);

keepsLaws(
  test,
  () => gradientNormTrajectory(),
  () => gradientNormTrajectory({ activation: 'logit', label: 'predicted' }),
);

const normal = (shape: number[]): tf.Tensor => tf.tensor(normalValues(tf.util.sizeFromShape(shape), random), shape);

test("it is the mean over checkpoints of the gradient's length, taken on the host in float64", async () => {
  const [size, width, classes] = [5, 4, 3] as const;
  const model = tf.sequential({ layers: [tf.layers.dense({ units: classes, inputShape: [width] })] });
  const probe = { inputs: normal([size, width]), labels: Int32Array.of(0, 1, 2, 0, 1) };
  const tracker = createTracker({ ...probe, metrics: [gradientNormTrajectory()], chunkSize: 2 });
  const expected = new Array<number>(size).fill(0);
  for (let epoch = 0; epoch < 3; epoch++) {
    tf.tidy(() => model.setWeights([normal([width, classes]), normal([classes])]));
    await tracker.checkpoint(model, { epoch });
    const { gradient } = await collectResources(model, probe, { gradient: inputGradient({ activation: 'loss' }) });
    for (let i = 0; i < size; i++)
      expected[i]! += Math.hypot(...gradient.data.subarray(i * width, (i + 1) * width)) / 3;
  }
  assertClose((await tracker.scores()).values, expected, 'norm');
  tracker.dispose();
  model.dispose();
});

test('it has the options of the gradient, and no other', () => {
  assertRefused([
    () => gradientNormTrajectory({ channels: 'mean' } as never),
    /gradientNormTrajectory: unknown option 'channels'\. Known: name, activation, label, unit, input\./,
  ]);
});

test.run();
