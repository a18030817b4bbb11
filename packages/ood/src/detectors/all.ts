import type { AnyDetectorFactory } from './define-detector.js';
import { energy } from './energy/energy.js';
import { entropyScore } from './entropy/entropy.js';
import { gen } from './gen/gen.js';
import { gradNorm } from './grad-norm/grad-norm.js';
import { klMatching } from './kl-matching/kl-matching.js';
import { knn } from './knn/knn.js';
import { mahalanobis } from './mahalanobis/mahalanobis.js';
import { maxLogit } from './max-logit/max-logit.js';
import { msp } from './msp/msp.js';
import { odin } from './odin/odin.js';
import { react } from './react/react.js';
import { relativeMahalanobis } from './relative-mahalanobis/relative-mahalanobis.js';
import { vim } from './vim/vim.js';

/** Factories of all detectors that score a trained model, each with its `definition`: for tests, docs and comparisons. */
export const allDetectors: readonly AnyDetectorFactory[] = [
  msp,
  maxLogit,
  energy,
  entropyScore,
  gen,
  odin,
  gradNorm,
  mahalanobis,
  relativeMahalanobis,
  knn,
  vim,
  react,
  klMatching,
];
