import * as tf from '@tensorflow/tfjs';
import { defineResource, logits } from '@vogjs/core';

/**
 * By how much the largest logit leads the second largest, whatever the label: `[size]`, in logits.
 *
 * A resource is computed at most once a chunk, however many metrics require it.
 */
export const runnerUpLead = defineResource({
  name: 'runner-up/lead',
  requires: { logits },
  compute: ({ logits }) => {
    const { values } = tf.topk(logits, 2);
    const [first, second] = tf.unstack(values, 1) as [tf.Tensor1D, tf.Tensor1D];
    return tf.sub(first, second);
  },
});
