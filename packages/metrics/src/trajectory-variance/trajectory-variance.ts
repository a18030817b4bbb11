import { checkArgument, text } from '@vogjs/base';
import { defineMetric, type Metric, refuseUnknownKeys, type Resource, runningMoments, VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { type NameOption, requireOneOf } from '../shared/options.js';

/** Options of `trajectoryVariance`. */
export interface TrajectoryVarianceOptions extends NameOption {
  /** `'variance'` (default), in squared units of the resource, or `'std'`, its square root. */
  readonly reduce?: 'variance' | 'std';
  /** Divisor K - ddof. Default 0, the population variance. */
  readonly ddof?: 0 | 1;
}

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
  refuseUnknownKeys('trajectoryVariance', options, ['name', 'reduce', 'ddof']);
  const { reduce = 'variance', ddof = 0 } = options;
  if (options.name !== undefined) checkArgument('trajectoryVariance', 'name', options.name, text);
  requireOneOf('trajectoryVariance', 'reduce', reduce, ['variance', 'std']);
  requireOneOf('trajectoryVariance', 'ddof', ddof, [0, 1]);
  if (typeof resource?.compute !== 'function') {
    throw new VogError(
      'ARGUMENT_INVALID',
      'trajectoryVariance takes a resource, such as loss: import one, or make it with defineResource.',
    );
  }
  return defineMetric({
    name: options.name ?? `${resource.name}-${reduce}`,
    hardDirection: 'high',
    requires: { value: resource },
    options: { resource: resource.key, reduce, ddof },
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
      const variance = runningMoments.variance(state, { ddof });
      return reduce === 'std' ? tf.sqrt(variance) : variance;
    },
    merge: (a, b) => runningMoments.merge(a, b),
  });
}
