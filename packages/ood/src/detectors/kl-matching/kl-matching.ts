import * as tf from '@tensorflow/tfjs';
import { classTemplates } from '../../fit-statistics/class-templates.js';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { logProbabilitiesAt } from '../shared/softmax.js';

/** Options of `klMatching`. */
export type KlMatchingOptions<Name extends string = string> = OptionsOfDetector<typeof klMatching, Name>;

/**
 * KL matching: `-min_k KL(p, d_k)`, d_k the mean prediction of the fit set's examples that are predicted as k. Needs no
 * labels; fit it on examples that the model was not trained on, whose predictions are not sharper than they should be.
 * A class that no example is predicted as has no template. One forward pass. Low = out-of-distribution.
 *
 * Source: Hendrycks et al., "Scaling Out-of-Distribution Detection for Real-World Settings", ICML 2022,
 * arXiv 1911.11132, section 4.
 */
export const klMatching = defineDetector({
  name: 'kl-matching',
  requires: () => ({ logP: logProbabilitiesAt(1) }),
  fit: {
    statistics: () => ({ templates: classTemplates(logProbabilitiesAt(1)) }),
    finish: ({ templates: { classes, logarithms, width } }) => ({
      templates: { data: logarithms, shape: [classes.length, width] },
    }),
  },
  score: ({ logP }, { templates }) => {
    const p = tf.exp(logP);
    const negativeEntropy = tf.sum(tf.where(tf.greater(p, 0), tf.mul(p, logP), tf.zerosLike(p)), 1, true);
    const crossEntropies = tf.matMul(p, templates as tf.Tensor2D, false, true);
    return tf.neg(tf.min(tf.sub(negativeEntropy, crossEntropies), 1));
  },
});
