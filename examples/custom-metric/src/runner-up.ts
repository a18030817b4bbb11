import * as tf from '@tensorflow/tfjs';
import { defineMetric, type Metric, refuseUnknownKeys } from '@vogjs/core';
import { runnerUpLead } from './runner-up-lead.js';

export interface RunnerUpOptions {
  /** Name among the metrics of a tracker. Default `'runner-up'`. */
  readonly name?: string;
  /** A lead below this counts as a close call, in logits. Default 1. */
  readonly close?: number;
}

/**
 * How often, and by how much at the least, the model's first choice was nearly its second. Needs no labels.
 *
 * Columns: `closeCalls`, the share of checkpoints with a lead below `close` (high = hard); `smallestLead` (low = hard).
 */
export function runnerUp(options: RunnerUpOptions = {}): Metric {
  refuseUnknownKeys('runnerUp', options, ['name', 'close']);
  const { name = 'runner-up', close = 1 } = options;
  return defineMetric({
    name,
    hardDirection: { closeCalls: 'high', smallestLead: 'low' },
    requires: { lead: runnerUpLead },
    // Part of what a saved state must agree with: a state counted with another threshold means something else.
    options: { close },
    init: ({ size }) => ({ closeCalls: tf.zeros([size]), smallestLead: tf.fill([size], Number.POSITIVE_INFINITY) }),
    update: ({ closeCalls, smallestLead }, { lead }) => ({
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
}
