import { integer } from '@vogjs/base/options';
import { VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { featureRows, featuresAt } from '../../fit-statistics/features.js';
import { checkHead, headSample } from '../../fit-statistics/head-sample.js';
import { meanLargestLogit } from '../../fit-statistics/logits.js';
import { principalComplement, residualLengths } from '../../linear-algebra/complement.js';
import { minimumNormSolution } from '../../linear-algebra/minimum-norm.js';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { energyAt } from '../shared/free-energy.js';
import { layer } from '../shared/options.js';

/** Options of `vim`. */
export type VimOptions<Name extends string = string> = OptionsOfDetector<typeof vim, Name>;

/**
 * Virtual-logit matching: `logsumexp(A) - α norm2(R' (f - u))`. R spans what is left of the features beside their
 * D principal dimensions about `u = -W^+ b`, the point where all logits are 0; α = mean largest logit / mean residual
 * of the fit set. Needs no labels; the model must end in a linear layer. One forward pass. Low = out-of-distribution.
 *
 * Source: Wang et al., "ViM: Out-Of-Distribution with Virtual-logit Matching", CVPR 2022, arXiv 2203.10807, section 4.
 *
 * @throws VogError ARGUMENT_INVALID for a D that is not a whole number of at least 1; in `fitDetectors` ARGUMENT_INVALID for
 * a D that leaves no residual, HEAD_NOT_LINEAR, SAMPLE_TOO_SMALL where the fit set leaves none
 */
export const vim = defineDetector({
  name: 'vim',
  options: {
    layer,
    dimensions: integer(1)
      .optional('1000 of 2048 features or more, 512 of 768 or more, else half of them')
      .about('Dimensions D of the principal space, below the number of features.')
      .identifiedBy((dimensions?: number) => dimensions ?? null),
  },
  requires: (options) => ({ features: featuresAt(options.layer), energy: energyAt(1) }),
  fit: {
    statistics: (options) => ({
      rows: featureRows(options.layer),
      sample: headSample(options.layer),
      largest: meanLargestLogit(),
    }),
    finish: async ({ rows, sample, largest }, context, { dimensions }) => {
      const { kernel, bias } = await context.head();
      checkHead('vim', sample, { kernel, bias });
      const [, width] = rows.shape;
      const principal = dimensions ?? defaultDimensions(width);
      if (principal >= width || principal < 1) {
        throw new VogError(
          'ARGUMENT_INVALID',
          `vim: ${principal} principal dimensions of ${width} features leave no residual; dimensions must be 1 to ${width - 1}.`,
        );
      }
      const origin = minimumNormSolution(kernel, bias).map((value) => -value);
      const complement = await principalComplement(rows, origin, principal);
      const lengths = await residualLengths(rows, origin, complement);
      const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
      if (!(mean > 0)) {
        throw new VogError(
          'SAMPLE_TOO_SMALL',
          `vim: the fit set has no residual beside its ${principal} principal dimensions. Give more examples, or fewer dimensions.`,
        );
      }
      return {
        origin: { data: origin, shape: [width] },
        complement: { data: complement, shape: [width, width - principal] },
        alpha: { data: Float64Array.of(largest / mean), shape: [] },
      };
    },
  },
  score: ({ features, energy }, { origin, complement, alpha }) => {
    const residual = tf.matMul(tf.sub(features, origin) as tf.Tensor2D, complement as tf.Tensor2D);
    return tf.sub(energy, tf.mul(alpha, tf.sqrt(tf.sum(tf.square(residual), 1))));
  },
});

function defaultDimensions(width: number): number {
  if (width >= 2048) return 1000;
  return width >= 768 ? 512 : Math.floor(width / 2);
}
