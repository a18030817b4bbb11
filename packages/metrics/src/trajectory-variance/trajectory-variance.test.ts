// Only with --all: one metric takes seconds; together.test.ts runs them all
import { features, loss } from '@vogjs/core';
import { checkMetric } from '@vogjs/core/plugin';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agreesWithNumPy, assertRefused, firstBackend, golden, keepsLaws } from '../golden.test.helper.js';
import {
  errorNorm,
  freeEnergy,
  labelProbability,
  logitMargin,
  predictiveEntropy,
  probabilityMargin,
} from '../shared/resources.js';
import { trajectoryVariance } from './trajectory-variance.js';

const test = suite('trajectory variance');
test.before.each(firstBackend);

agreesWithNumPy(test, golden(import.meta.url, 'trajectory-variance'), () => [
  trajectoryVariance(loss),
  trajectoryVariance(freeEnergy, { reduce: 'std', ddof: 1 }),
]);
keepsLaws(
  test,
  ...[loss, errorNorm, freeEnergy, labelProbability, logitMargin, predictiveEntropy, probabilityMargin].map(
    (resource) => () => trajectoryVariance(resource),
  ),
  () => trajectoryVariance(loss, { reduce: 'std', ddof: 1 }),
);

test('a resource that is not one value per example is refused at the first checkpoint', async () => {
  try {
    await checkMetric(trajectoryVariance(features('flatten')), { seed: 1 });
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), 'one value per example');
  }
});

test('what is not a resource, and values that an option does not have, are refused', () => {
  assertRefused(
    [() => trajectoryVariance({} as never), /trajectoryVariance takes a resource, such as loss/],
    [() => trajectoryVariance(errorNorm, { ddof: 2 as never }), /trajectoryVariance: ddof must be 0 or 1; got 2\./],
    [() => trajectoryVariance(errorNorm, { name: '' }), /trajectoryVariance: name must be a string that is not empty/],
  );
});

test.run();
