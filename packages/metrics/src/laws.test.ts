// Every metric that a tracker takes keeps the laws that the engine rests on, in every variant.
import { selectBackend } from '@vogjs/core/node';
import { features, loss, type Metric } from '@vogjs/core';
import { testBackends, runSeed } from '@vogjs/testing';
import { checkMetric } from '@vogjs/core/plugin';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  aum,
  confidentLearning,
  csg,
  dataIq,
  dataMaps,
  el2n,
  entropy,
  errorNorm,
  forgetting,
  freeEnergy,
  grand,
  labelProbability,
  logitMargin,
  margin,
  meanLoss,
  predictiveEntropy,
  probabilityMargin,
  selfInfluence,
  trajectoryVariance,
  vog,
} from './index.js';

const seed = runSeed();
const test = suite(`laws (seed ${seed})`);
test.before(async () => {
  await selectBackend(testBackends()[0]);
});

const variants: readonly (() => Metric)[] = [
  () => aum(),
  () => confidentLearning(),
  () => confidentLearning({ at: 'last', name: 'confident-last' }),
  () => csg(),
  () => csg({ activation: 'logit', label: 'predicted' }),
  () => dataIq(),
  () => dataMaps(),
  () => el2n(),
  () => el2n({ at: 'last' }),
  () => entropy(),
  () => entropy({ at: 'last' }),
  () => forgetting(),
  () => forgetting({ neverLearned: 'inf' }),
  () => forgetting({ neverLearned: 'zero' }),
  () => forgetting({ neverLearned: 3.5 }),
  () => grand(),
  () => grand({ at: 'last', bias: false, layer: 'flatten' }),
  () => margin(),
  () => margin({ at: 'last' }),
  () => meanLoss(),
  () => meanLoss({ at: 'last' }),
  () => selfInfluence(),
  () => selfInfluence({ learningRate: ({ step }) => 1 / step }),
  ...[loss, errorNorm, freeEnergy, labelProbability, logitMargin, predictiveEntropy, probabilityMargin].map(
    (resource) => () => trajectoryVariance(resource),
  ),
  () => trajectoryVariance(loss, { reduce: 'std', ddof: 1 }),
  () => vog(),
  () => vog({ activation: 'loss', channels: 'separate', reduce: 'variance', ddof: 1 }),
  () => vog({ label: 'predicted', pool: 2 }),
];

for (const make of variants) {
  const { name, options } = make();
  test(`${name} ${JSON.stringify(options)} keeps all six laws`, async () => {
    const { laws } = await checkMetric(make, { seed });
    assert.is(laws.length, 6);
  });
}

test('trajectoryVariance refuses, at the first checkpoint, a resource that is not one value per example', async () => {
  try {
    await checkMetric(trajectoryVariance(features('flatten')), { seed });
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), 'one value per example');
  }
});

test.run();
