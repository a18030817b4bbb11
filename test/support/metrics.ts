import * as tf from '@tensorflow/tfjs';
import { defineMetric, labels, logits, loss, type Metric, predictions, probabilities } from '@vogjs/core';

/** Mean cross-entropy over checkpoints: the example of the documents. */
export function meanLoss(name = 'mean-loss'): Metric {
  return defineMetric({
    name,
    hardDirection: 'high',
    requires: { loss },
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: (state, values) => ({ sum: tf.add(state.sum, values.loss) }),
    compute: ({ sum }, { checkpoints }) => tf.div(sum, checkpoints),
    merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
  });
}

/** Count of checkpoints at which the prediction is right, in int32, with a bool of the last one: states of every type. */
export function hits(name = 'hits'): Metric {
  return defineMetric({
    name,
    hardDirection: { hits: 'low', last: 'low' },
    requires: { predictions, labels, probabilities },
    init: ({ size }) => ({ count: tf.zeros([size], 'int32'), last: tf.zeros([size], 'bool') }),
    update: ({ count }, values) => {
      const right = tf.equal(values.predictions, values.labels);
      return { count: tf.add(count, tf.cast(right, 'int32')), last: right };
    },
    compute: ({ count, last }) => ({ hits: tf.cast(count, 'float32'), last: tf.cast(last, 'float32') }),
    merge: (a, b) => ({ count: tf.add(a.count, b.count), last: b.last }),
  });
}

/** Order-sensitive: concatenates, by digits, what it saw. Merging in the wrong order shows. */
export function firstLogits(name = 'order'): Metric {
  return defineMetric({
    name,
    hardDirection: 'low',
    requires: { logits },
    init: ({ size }) => ({ seen: tf.zeros([]), value: tf.zeros([size]) }),
    update: ({ seen, value }, values) => ({
      seen: tf.add(seen, 1),
      value: tf.add(tf.mul(value, 0.5), tf.reshape(tf.slice(values.logits, [0, 0], [-1, 1]), [-1])),
    }),
    compute: ({ value }) => value,
    merge: (a, b) => ({ seen: tf.add(a.seen, b.seen), value: tf.add(tf.mul(a.value, tf.pow(0.5, b.seen)), b.value) }),
  });
}

/** Throws in one hook, the nth time that it is called (from 1), after it has made tensors. */
export function failing(hook: 'init' | 'update' | 'compute' | 'merge', nth = 1, name = 'failing'): Metric {
  const calls = { init: 0, update: 0, compute: 0, merge: 0 };
  const at = (where: keyof typeof calls): void => {
    calls[where]++;
    tf.zeros([3]);
    if (where === hook && calls[where] === nth) throw new Error(`planned failure in ${hook}`);
  };
  return defineMetric({
    name,
    hardDirection: 'high',
    requires: { loss },
    init: ({ size }) => {
      at('init');
      return { sum: tf.zeros([size]) };
    },
    update: (state, values) => {
      at('update');
      return { sum: tf.add(state.sum, values.loss) };
    },
    compute: ({ sum }) => {
      at('compute');
      return sum;
    },
    merge: (a, b) => {
      at('merge');
      return { sum: tf.add(a.sum, b.sum) };
    },
  });
}
