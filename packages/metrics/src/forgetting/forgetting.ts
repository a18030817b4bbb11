import { anyOf, fits, oneOf } from '@vogjs/base/options';
import { defineMetric, type OptionsOf } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { undefinedScores } from '../shared/over-checkpoints.js';
import { isCorrect } from '../shared/resources.js';

const from0 = fits<number>('a number of 0 or more', (value) => typeof value === 'number' && value >= 0);

/** Options of `forgetting`. */
export type ForgettingOptions = OptionsOf<typeof forgetting>;

/**
 * Forgetting events: how often an example that was classified correctly at one checkpoint is wrong at the next.
 *
 * Columns:
 * - `count` (high = hard): transitions from correct to wrong between consecutive checkpoints; `neverLearned` says what
 *   an example gets that was never correct.
 * - `firstLearned` (high = hard): index of the first checkpoint of the window at which it was correct, from 0; the number
 *   of checkpoints if never.
 * - `unforgettable` (low = hard): 1 for an example that was learned and never forgotten, else 0.
 *
 * Correct means that the largest logit is the given label's; of equal logits the first counts. The paper counts at every
 * minibatch that holds the example; here the checkpoints of the schedule are the presentations. Between two windows, the
 * step from the last checkpoint of one to the first of the next counts in 'complete' and in neither window.
 *
 * Cost: the forward pass alone. State: 4 N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: Toneva et al., "An Empirical Study of Example Forgetting during Deep Neural Network Learning", ICLR 2019.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option or value
 */
export const forgetting = defineMetric({
  name: 'forgetting',
  hardDirection: { count: 'high', firstLearned: 'high', unforgettable: 'low' },
  words: {
    count: {
      title: 'Forgetting events',
      meaning:
        'how often the example was predicted rightly at one checkpoint and wrongly at the next. Examples that were never right have nothing to forget and count as the hardest, unless told otherwise. Few checkpoints make many ties',
    },
    firstLearned: {
      title: 'First learned',
      meaning:
        'the first checkpoint at which the example was predicted rightly. Late, or never, for what is rare or labelled wrongly',
    },
    unforgettable: {
      title: 'Unforgettable',
      meaning:
        'whether the example was learned and never forgotten (1) or not (0). It splits the examples in two, no more',
    },
  },
  options: {
    neverLearned: anyOf(oneOf('max', 'inf', 'zero'), from0)
      .default('max')
      // As it is: an infinite number has been null in the files of the first release.
      .identifiedBy((policy) => policy)
      .about(
        'Count of an example that was never right: the number of checkpoints, infinity, 0, or a number. Nothing was forgotten.',
      ),
  },
  requires: () => ({ isCorrect }),
  init: ({ size }): Stretch => ({
    checkpoints: tf.scalar(0),
    forgotten: tf.zeros([size]),
    // Checkpoints before the first correct one; all of them while there was none.
    before: tf.zeros([size]),
    // Correct at the first and at the last checkpoint. A stretch without checkpoints forgets nothing at either end.
    atFirst: tf.ones([size]),
    atLast: tf.zeros([size]),
  }),
  update: (state, { isCorrect: correct }) => join(state, single(correct)),
  compute: (state, { checkpoints, size }, { neverLearned }) => {
    if (checkpoints === 0) {
      const none = undefinedScores(size);
      return { count: none, firstLearned: none, unforgettable: none };
    }
    const learned = tf.less(state.before, state.checkpoints);
    const policy = { max: checkpoints, inf: Number.POSITIVE_INFINITY, zero: 0 };
    const never = typeof neverLearned === 'number' ? neverLearned : policy[neverLearned];
    const kept = tf.logicalAnd(learned, tf.equal(state.forgotten, 0));
    return {
      count: tf.where(learned, state.forgotten, never),
      firstLearned: state.before,
      unforgettable: tf.where(kept, tf.ones([size]), tf.zeros([size])),
    };
  },
  merge: (a, b) => join(a, b),
});

type Stretch = Readonly<Record<'checkpoints' | 'forgotten' | 'before' | 'atFirst' | 'atLast', tf.Tensor>>;

/** The stretch of one checkpoint. */
function single(correct: tf.Tensor): Stretch {
  return {
    checkpoints: tf.scalar(1),
    forgotten: tf.zerosLike(correct),
    before: tf.sub(1, correct),
    atFirst: correct,
    atLast: correct,
  };
}

/** Two stretches of checkpoints, `a` before `b`; the step between them may be a forgetting event. */
function join(a: Stretch, b: Stretch): Stretch {
  const across = tf.mul(a.atLast, tf.sub(1, b.atFirst));
  const learnedInA = tf.less(a.before, a.checkpoints);
  return {
    checkpoints: tf.add(a.checkpoints, b.checkpoints),
    forgotten: tf.add(tf.add(a.forgotten, b.forgotten), across),
    before: tf.where(learnedInA, a.before, tf.add(a.checkpoints, b.before)),
    atFirst: tf.where(tf.greater(a.checkpoints, 0), a.atFirst, b.atFirst),
    atLast: tf.where(tf.greater(b.checkpoints, 0), b.atLast, a.atLast),
  };
}
