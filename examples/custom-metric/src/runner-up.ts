import * as tf from '@tensorflow/tfjs';
import { defineMetric, type OptionsOf, positive } from '@vogjs/core/plugin';
import { runnerUpLead } from './runner-up-lead.js';

export type RunnerUpOptions = OptionsOf<typeof runnerUp>;

/**
 * How often, and by how much at the least, the model's first choice was nearly its second. Needs no labels.
 *
 * Columns: `closeCalls`, the share of checkpoints with a lead below `close` (high = hard); `smallestLead` (low = hard).
 */
export const runnerUp = defineMetric({
  name: 'runner-up',
  hardDirection: { closeCalls: 'high', smallestLead: 'low' },
  words: {
    closeCalls: { title: 'Close calls', meaning: 'the share of checkpoints at which the second choice came near' },
    smallestLead: { title: 'Smallest lead', meaning: 'the least by which the first choice ever led the second' },
  },
  // Part of what a saved state must agree with: a state counted with another threshold means something else.
  options: { close: positive().default(1).about('A lead below this counts as a close call, in logits.') },
  requires: () => ({ lead: runnerUpLead() }),
  init: ({ size }) => ({ closeCalls: tf.zeros([size]), smallestLead: tf.fill([size], Number.POSITIVE_INFINITY) }),
  update: ({ closeCalls, smallestLead }, { lead }, _, { close }) => ({
    closeCalls: tf.add(closeCalls, tf.cast(tf.less(lead, close), 'float32')),
    smallestLead: tf.minimum(smallestLead, lead),
  }),
  compute: ({ closeCalls, smallestLead }, { checkpoints }) => ({
    closeCalls: tf.div(closeCalls, checkpoints),
    smallestLead,
  }),
  merge: (a, b) => ({
    closeCalls: tf.add(a.closeCalls, b.closeCalls),
    smallestLead: tf.minimum(a.smallestLead, b.smallestLead),
  }),
});
