import * as tf from '@tensorflow/tfjs';
import { logits, probabilities } from '@vogjs/core';
import { defineResource, oneOf } from '@vogjs/core/plugin';

/**
 * By how much the model's first choice leads the second, whatever the label: `[size]`.
 *
 * A resource is computed at most once a chunk, however many plugins require it with the same options.
 */
export const runnerUpLead = defineResource({
  name: 'runner-up/lead',
  options: { of: oneOf('logits', 'probabilities').about('What the lead is taken of.') },
  requires: ({ of }) => ({ choices: of === 'logits' ? logits : probabilities }),
  compute: ({ choices }) => {
    const { values } = tf.topk(choices, 2);
    const [first, second] = tf.unstack(values, 1) as [tf.Tensor1D, tf.Tensor1D];
    return tf.sub(first, second);
  },
});
