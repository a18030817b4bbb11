// All metrics in one pass: what they cost beside VoG, counted at the engine's parts and as kernels.
import {
  createTracker,
  type GradientEngine,
  loss,
  type Metric,
  type ModelAdapter,
  modelAdapter,
  needsOf,
  tapeGradientEngine,
} from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { csg, freeEnergy, logitMargin, trackerMetrics, trajectoryVariance, vog } from './index.js';

const seed = runSeed();
const test = suite(`what the metrics cost (seed ${seed})`);
const [SIZE, CHUNK, CHUNKS] = [10, 4, 3];

/** All that need no gradient of their own. */
const forward = (): Metric[] => [
  ...trackerMetrics.map((make) => make()).filter(({ requires }) => needsOf([requires]).gradients.size === 0),
  trajectoryVariance(loss),
  trajectoryVariance(logitMargin),
  trajectoryVariance(freeEnergy),
];

interface Cost {
  readonly gradients: number;
  readonly forwards: number;
  readonly convolutions: number;
  /** Kernels of convolution's gradient. */
  readonly backwards: number;
  readonly exponentials: number;
}

/** Counts one checkpoint of these metrics. */
async function costOf(metrics: readonly Metric[]): Promise<Cost> {
  await selectBackend('cpu');
  const random = uniformFrom(seed);
  let gradients = 0;
  let forwards = 0;
  const gradientEngine: GradientEngine = {
    run: (model, inputs, job) => {
      gradients++;
      return tapeGradientEngine.run(model, inputs, job);
    },
  };
  const adapter: ModelAdapter = {
    bind: (...given) => {
      const bound = modelAdapter.bind(...given);
      return {
        ...bound,
        forward: (inputs) => {
          forwards++;
          return bound.forward(inputs);
        },
      };
    },
  };
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 5, 2] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  const inputs = tf.tensor4d(normalValues(SIZE * 60, random), [SIZE, 6, 5, 2]);
  const tracker = createTracker({
    inputs,
    labels: Int32Array.from({ length: SIZE }, () => Math.floor(3 * random())),
    metrics,
    chunkSize: CHUNK,
    provide: { gradientEngine, modelAdapter: adapter },
  });
  const plan = await tracker.begin(model);
  [gradients, forwards] = [0, 0];
  let checkpoint = Promise.resolve();
  // Everything of a chunk runs between two yields; the profile of an awaited run sees all of them.
  const { kernels } = await tf.profile(async () => {
    checkpoint = tracker.checkpoint(model, { epoch: 0 });
    await checkpoint;
    return [];
  });
  const count = (pattern: RegExp): number => kernels.filter(({ name }) => pattern.test(name)).length;
  assert.is(plan.backwardPasses, gradients, 'plan() tells the backward passes');
  assert.is(plan.forwardPasses, forwards, 'plan() tells the forward passes');
  tracker.dispose();
  tf.dispose(inputs);
  model.dispose();
  return {
    gradients: gradients / CHUNKS,
    forwards: forwards / CHUNKS,
    convolutions: count(/^(FusedConv2D|Conv2D)$/) / CHUNKS,
    backwards: count(/^Conv2DBackprop/) / CHUNKS,
    exponentials: count(/^Softmax$/) / CHUNKS,
  };
}

test('every forward-only metric and CSG beside VoG: the one forward and backward pass of VoG alone', async () => {
  const ofLogit = { activation: 'logit' } as const;
  const alone = await costOf([vog(ofLogit)]);
  assert.is(alone.gradients, 1);
  assert.is(alone.forwards, 1);
  assert.ok(alone.convolutions >= 1 && alone.backwards >= 1, 'the kernels are seen at all');
  for (const all of [
    [vog(ofLogit), ...forward(), csg(ofLogit)],
    [...forward(), csg(ofLogit), vog(ofLogit)],
  ]) {
    const { exponentials, ...together } = await costOf(all);
    const { exponentials: _, ...expected } = alone;
    assert.equal(together, expected);
    assert.is(exponentials, 1, 'one softmax for all who need probabilities');
  }
});

test('forward-only metrics alone: one forward pass and no gradient', async () => {
  const cost = await costOf(forward());
  assert.equal(cost, { gradients: 0, forwards: 1, convolutions: 1, backwards: 0, exponentials: 1 });
});

test('CSG of the loss shares with VoG of the loss, and costs a pass of its own beside other readings', async () => {
  const shared = await costOf([csg(), vog({ activation: 'loss' })]);
  assert.equal([shared.gradients, shared.forwards], [1, 1]);
  for (const activation of ['logit', 'softmax'] as const) {
    const apart = await costOf([csg(), vog({ activation })]);
    assert.equal([apart.gradients, apart.forwards], [2, 2]);
  }
});

test.run();
