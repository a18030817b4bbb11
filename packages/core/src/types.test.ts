// What must not compile. `tsc -b` checks every @ts-expect-error: one that is not needed is an error itself. The run
// checks only that the definitions that do compile are good ones.
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createTracker,
  defineMetric,
  defineResource,
  everyEpoch,
  inputGradient,
  labels,
  logits,
  loss,
  type Metric,
  probabilities,
  runningMoments,
  type Scores,
  type Tracker,
} from './index.js';

const test = suite('types');

/** Never called: its body is for the compiler. */
const compiles = (body: () => unknown): void => assert.type(body, 'function');
const zeros = ({ size }: { size: number }): { sum: tf.Tensor } => ({ sum: tf.zeros([size]) });

test('a metric reads the resources that it requires, under the names that it gives them, with their types', () => {
  const metric = defineMetric({
    name: 'good',
    hardDirection: 'high',
    requires: { mine: loss, z: logits, pair: twoTensors },
    init: zeros,
    update: ({ sum }, { mine, z, pair }) => {
      const typed: [tf.Tensor1D, tf.Tensor2D, readonly tf.Tensor[]] = [mine, z, pair];
      return { sum: tf.add(sum, typed[0]) };
    },
    compute: ({ sum }) => sum,
    merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
  });
  assert.is(metric.name, 'good');
});

const twoTensors = defineResource({
  name: 'test.two',
  requires: { logits },
  compute: (values) => [values.logits, values.logits] as const,
});

test('a resource that requires does not name cannot be read', () => {
  compiles(() =>
    defineMetric({
      name: 'bad',
      hardDirection: 'high',
      requires: { loss },
      init: zeros,
      // @ts-expect-error probabilities is not required
      update: ({ sum }, values) => ({ sum: tf.add(sum, values.probabilities) }),
      compute: ({ sum }) => sum,
    }),
  );
  compiles(() =>
    defineMetric({
      name: 'bad',
      hardDirection: 'high',
      requires: { mine: loss },
      init: zeros,
      // @ts-expect-error it was given the name 'mine'
      update: ({ sum }, values) => ({ sum: tf.add(sum, values.loss) }),
      compute: ({ sum }) => sum,
    }),
  );
  compiles(() =>
    defineResource({
      name: 'bad',
      requires: { logits },
      // @ts-expect-error labels is not required
      compute: (values) => values.labels,
    }),
  );
});

test('a resource has its own type: a list of tensors is not a tensor, a vector is no matrix', () => {
  compiles(() =>
    defineMetric({
      name: 'bad',
      hardDirection: 'high',
      requires: { pair: twoTensors },
      init: zeros,
      // @ts-expect-error a pair of tensors cannot be added
      update: ({ sum }, { pair }) => ({ sum: tf.add(sum, pair) }),
      compute: ({ sum }) => sum,
    }),
  );
  compiles(() =>
    defineResource({
      name: 'bad',
      requires: { loss },
      // @ts-expect-error loss is [size], not [size, classes]
      compute: (values): tf.Tensor2D => values.loss,
    }),
  );
});

test('requires holds resources, not their factories, names or metrics', () => {
  const rest = {
    name: 'bad',
    hardDirection: 'high',
    init: zeros,
    compute: ({ sum }: { sum: tf.Tensor }) => sum,
  } as const;
  const update = (state: { sum: tf.Tensor }): { sum: tf.Tensor } => state;
  // @ts-expect-error inputGradient must be called
  compiles(() => defineMetric({ ...rest, update, requires: { gradient: inputGradient } }));
  // @ts-expect-error a name is not a resource
  compiles(() => defineMetric({ ...rest, update, requires: { loss: 'loss' } }));
  // @ts-expect-error requires is not optional
  compiles(() => defineMetric({ ...rest, update }));
});

test('the state has the fields that init gave it, in update, compute and merge', () => {
  const base = { name: 'bad', hardDirection: 'high', requires: { loss }, init: zeros } as const;
  compiles(() =>
    defineMetric({
      ...base,
      // @ts-expect-error there is no total
      update: ({ total }, values) => ({ sum: tf.add(total, values.loss) }),
      compute: ({ sum }) => sum,
    }),
  );
  compiles(() =>
    defineMetric({
      ...base,
      // @ts-expect-error the next state has no sum
      update: ({ sum }, values) => ({ total: tf.add(sum, values.loss) }),
      compute: ({ sum }) => sum,
    }),
  );
  compiles(() =>
    defineMetric({
      ...base,
      // @ts-expect-error a number is not a tensor
      update: () => ({ sum: 1 }),
      compute: ({ sum }) => sum,
    }),
  );
  compiles(() =>
    defineMetric({
      ...base,
      // @ts-expect-error hooks are synchronous
      update: async ({ sum }, values) => ({ sum: tf.add(sum, values.loss) }),
      compute: ({ sum }) => sum,
    }),
  );
  compiles(() =>
    defineMetric({
      ...base,
      update: (state) => state,
      // @ts-expect-error there is no mean
      compute: ({ mean }) => mean,
    }),
  );
  compiles(() =>
    defineMetric({
      ...base,
      update: (state) => state,
      compute: ({ sum }) => sum,
      // @ts-expect-error a merge gives the whole state
      merge: () => ({}),
    }),
  );
});

test('init gives a record of tensors; the moments are one', () => {
  const rest = { name: 'bad', hardDirection: 'high', requires: {} } as const;
  compiles(() =>
    // @ts-expect-error numbers are no state
    defineMetric({ ...rest, init: () => ({ sum: 0 }), update: (state) => state, compute: () => tf.zeros([1]) }),
  );
  compiles(() =>
    defineMetric({
      ...rest,
      init: ({ size }) => runningMoments.init([size]),
      update: (state) => state,
      compute: (state) => runningMoments.variance(state),
      merge: (a, b) => runningMoments.merge(a, b),
    }),
  );
});

test('compute gives a tensor or columns of tensors', () => {
  const base = {
    name: 'bad',
    hardDirection: 'high',
    requires: { loss },
    init: zeros,
    update: (state: { sum: tf.Tensor }) => state,
  } as const;
  compiles(() => defineMetric({ ...base, compute: ({ sum }) => ({ sum, twice: tf.mul(sum, 2) }) }));
  // @ts-expect-error a number is no column
  compiles(() => defineMetric({ ...base, compute: () => 5 }));
  // @ts-expect-error an array of numbers is no column
  compiles(() => defineMetric({ ...base, compute: () => [1, 2, 3] }));
  // @ts-expect-error columns are tensors
  compiles(() => defineMetric({ ...base, compute: ({ sum }) => ({ sum, count: 3 }) }));
  // @ts-expect-error values are read later, by the engine
  compiles(() => defineMetric({ ...base, compute: ({ sum }) => sum.data() }));
});

test("a direction is 'high' or 'low', and is never left out", () => {
  const base = {
    name: 'bad',
    requires: { loss },
    init: zeros,
    update: (state: { sum: tf.Tensor }) => state,
    compute: ({ sum }: { sum: tf.Tensor }) => sum,
  } as const;
  // @ts-expect-error no such direction
  compiles(() => defineMetric({ ...base, hardDirection: 'up' }));
  // @ts-expect-error it is needed
  compiles(() => defineMetric({ ...base }));
});

test('Scores are read-only: fields, ids and what the ranking gives', () => {
  compiles((scores?: Scores) => {
    if (scores === undefined) return;
    // @ts-expect-error readonly
    scores.values = new Float32Array(1);
    // @ts-expect-error readonly
    scores.hardDirection = 'low';
    // @ts-expect-error readonly
    scores.metric = 'mine';
    // @ts-expect-error readonly
    scores.checkpoints += 1;
    // @ts-expect-error readonly
    scores.ids[0] = 'first';
    // @ts-expect-error readonly
    scores.notes.push('mine');
    // @ts-expect-error no such normalisation
    scores.normalise('batch');
  });
});

test('options that do not exist do not compile, nor do events', () => {
  const metrics: Metric[] = [];
  compiles(() => createTracker({ inputs: tf.zeros([1, 1]), metrics, schedule: everyEpoch() }));
  // @ts-expect-error misspelt
  compiles(() => createTracker({ inputs: tf.zeros([1, 1]), metrics, chunksize: 4 }));
  // @ts-expect-error the factory, not the schedule
  compiles(() => createTracker({ inputs: tf.zeros([1, 1]), metrics, schedule: everyEpoch }));
  // @ts-expect-error an array needs a shape
  compiles(() => createTracker({ inputs: new Float32Array(5), metrics }));
  // @ts-expect-error no such policy
  compiles(() => createTracker({ inputs: tf.zeros([1, 1]), metrics, onError: 'ignore' }));
  // @ts-expect-error no such activation
  compiles(() => inputGradient({ activation: 'sigmoid' }));
  compiles((tracker?: Tracker) => {
    // @ts-expect-error no such event
    tracker?.on('checkpoint', () => {});
    // @ts-expect-error progress tells done and total
    tracker?.on('progress', ({ percent }) => percent);
    // @ts-expect-error readonly
    if (tracker !== undefined) tracker.checkpoints = 0;
    // @ts-expect-error a checkpoint says where training stands
    void tracker?.checkpoint(() => tf.zeros([1, 1]));
  });
});

test('resources are typed by what they hold', () => {
  const typed: [tf.Tensor2D | undefined, tf.Tensor1D | undefined] = [undefined, undefined];
  compiles(() => {
    typed[0] = probabilities.compute({}, undefined as never);
    typed[1] = labels.compute({}, undefined as never);
    // @ts-expect-error labels are [size]
    typed[0] = labels.compute({}, undefined as never);
  });
  assert.equal(typed, [undefined, undefined]);
});

test.run();
