import { declareOptions, type InputOf, oneOf, text } from '@vogjs/base/options';
import {
  defineMetric,
  type Metric,
  type MetricFactoryDefinition,
  type Resource,
  runningMoments,
  VogError,
} from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { ddof } from '../shared/options.js';

const declared = declareOptions('trajectoryVariance', {
  name: text().optional("the resource's name and the reduction").about('Name of the metric.'),
  reduce: oneOf('variance', 'std').about('The variance, in squared units of the resource, or its square root.'),
  ddof,
});

/** Options of `trajectoryVariance`. */
export type TrajectoryVarianceOptions = InputOf<typeof declared.entries>;

/**
 * Variance over checkpoints of any value per example, such as `loss`, `logitMargin`, `probabilityMargin`,
 * `labelProbability` or `freeEnergy`. High = hard.
 *
 * `trajectoryVariance = (1/K) Σ_t (r_t - mean_t r)²`, by Welford's recurrence. NaN below two checkpoints.
 *
 * Cost: that of the resource. State: 2 N x 4 bytes per window. The name is `<resource>-variance` (or `-std`) unless given.
 *
 * Source: Welford, Technometrics 4 (1962); merged by Chan, Golub & LeVeque (1979).
 *
 * @param resource one value per example: `[size]`
 * @throws VogError ARGUMENT_INVALID for an unknown option or value; METRIC_FAILED at the first checkpoint when the
 * resource has another shape
 */
export function trajectoryVariance(resource: Resource<tf.Tensor>, options: TrajectoryVarianceOptions = {}): Metric {
  const { reduce, ddof: divisor, name } = declared.resolve(options);
  if (typeof resource?.compute !== 'function') {
    throw new VogError(
      'ARGUMENT_INVALID',
      'trajectoryVariance takes a resource, such as loss: import one, or make it with defineResource.',
    );
  }
  return defineMetric({
    name: name ?? `${resource.name}-${reduce}`,
    hardDirection: 'high',
    requires: { value: resource },
    options: { resource: resource.key, reduce, ddof: divisor },
    init: ({ size }) => runningMoments.init([size]),
    update: (state, { value }, { size }) => {
      if (value.rank !== 1 || value.shape[0] !== size) {
        throw new VogError(
          'ARGUMENT_INVALID',
          `trajectoryVariance takes one value per example, [${size}]; resource '${resource.name}' gave [${value.shape.join(', ')}].`,
        );
      }
      return runningMoments.push(state, value);
    },
    compute: (state) => {
      const variance = runningMoments.variance(state, { ddof: divisor });
      return reduce === 'std' ? tf.sqrt(variance) : variance;
    },
    merge: (a, b) => runningMoments.merge(a, b),
  });
}

trajectoryVariance.definition = {
  kind: 'metric',
  name: 'trajectory-variance',
  call: 'trajectoryVariance',
  hardDirection: 'high',
  words: {
    title: 'Variance of a value over training',
    meaning:
      'the variance over checkpoints of a value of the example, such as its loss. High where the model kept changing its mind',
  },
  version: 1,
  options: declared,
} satisfies MetricFactoryDefinition;
