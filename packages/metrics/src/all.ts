import type { AnyMetricFactory, MetricFactoryDefinition } from '@vogjs/core';
import { aum } from './aum/aum.js';
import { confidentLearning } from './confident-learning/confident-learning.js';
import { csg } from './csg/csg.js';
import { dataIq } from './data-iq/data-iq.js';
import { dataMaps } from './data-maps/data-maps.js';
import { el2n } from './el2n/el2n.js';
import { entropy } from './entropy/entropy.js';
import { forgetting } from './forgetting/forgetting.js';
import { gradientNormTrajectory } from './gradient-norm-trajectory/gradient-norm-trajectory.js';
import { grand } from './grand/grand.js';
import { margin } from './margin/margin.js';
import { meanLoss } from './mean-loss/mean-loss.js';
import { predictionDepth } from './prediction-depth/prediction-depth.js';
import { prototypicality } from './prototypicality/prototypicality.js';
import { selfInfluence } from './self-influence/self-influence.js';
import { trajectoryVariance } from './trajectory-variance/trajectory-variance.js';
import { vog } from './vog/vog.js';

/** Every metric that a tracker takes without being told anything, in the order of the docs. */
export const trackerMetrics: readonly AnyMetricFactory[] = [
  vog,
  csg,
  gradientNormTrajectory,
  meanLoss,
  el2n,
  grand,
  selfInfluence,
  aum,
  margin,
  entropy,
  forgetting,
  dataMaps,
  dataIq,
  confidentLearning,
];

/** Every metric of this package; each tells its name, its direction and its options in `definition`. */
export const allMetrics: readonly { readonly definition: MetricFactoryDefinition }[] = [
  ...trackerMetrics,
  trajectoryVariance,
  predictionDepth,
  prototypicality,
];
