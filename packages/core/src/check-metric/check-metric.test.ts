// Only with --all: it runs a metric in every way that breaks a law
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineMetric } from '../metrics/define-metric.js';
import type { MetricDefinition } from '../metrics/definition.js';
import type { Metric, MetricState } from '../metrics/metric.js';
import { runningMoments } from '../moments/running-moments.js';
import { features, inputGradient, labels, loss, predictions } from '../resources/builtin.js';
import { bootBackend, runSeed } from '@vogjs/testing';
import { checkMetric } from './check-metric.js';
import type { Law } from './metric-laws.js';

const seed = runSeed();
const test = suite(`checkMetric (seed ${seed})`);
test.before.each(() => bootBackend('cpu'));

type Sum = { readonly sum: tf.Tensor };
type Definition = MetricDefinition<{ readonly loss: typeof loss }, Sum, tf.Tensor | Record<string, tf.Tensor>>;

/** Mean loss, with a part of its definition replaced by a broken one. */
function meanLoss(broken: Partial<Definition> = {}): Metric {
  return defineMetric<{ readonly loss: typeof loss }, Sum, tf.Tensor | Record<string, tf.Tensor>>({
    name: 'mean-loss',
    hardDirection: 'high',
    requires: { loss },
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: (state, values) => ({ sum: tf.add(state.sum, values.loss) }),
    compute: ({ sum }, { checkpoints }) => tf.div(sum, checkpoints),
    merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
    ...broken,
  });
}

/** VoG in short; the whole one is checked beside its source. */
const variance = (): Metric =>
  defineMetric({
    name: 'gradient-variance',
    hardDirection: 'high',
    requires: { gradient: inputGradient() },
    init: ({ size, inputShape }) => runningMoments.init([size, ...inputShape]),
    update: (state, { gradient }) => runningMoments.push(state, gradient),
    compute: (state) => tf.mean(tf.sqrt(runningMoments.variance(state)), [1, 2, 3]),
    merge: (a, b) => runningMoments.merge(a, b),
  });

/** Whether the last prediction was right: a bool and an int32 in the state, whose order of merging matters. */
const lastHit = (): Metric =>
  defineMetric({
    name: 'last-hit',
    hardDirection: { hit: 'low', length: 'high' },
    requires: { predictions, labels, flatten: features('flatten') },
    init: ({ size }) => ({
      hit: tf.zeros([size], 'bool'),
      seen: tf.scalar(0, 'int32') as tf.Tensor,
      h: tf.zeros([size]),
    }),
    update: ({ seen }, values) => ({
      hit: tf.equal(values.predictions, values.labels),
      seen: tf.add(seen, tf.scalar(1, 'int32')),
      h: tf.norm(values.flatten, 2, 1),
    }),
    compute: ({ hit, h }) => ({ hit: tf.cast(hit, 'float32'), length: h }),
    merge: (a, b) => ({ hit: b.hit, seen: tf.add(a.seen, b.seen), h: b.h }),
  });

async function refusalOf(metric: Metric | (() => Metric)): Promise<VogError> {
  try {
    await checkMetric(metric, { seed });
  } catch (error) {
    if (error instanceof VogError) return error;
    throw error;
  }
  return assert.unreachable('a broken metric passed') as never;
}

const ALL: readonly Law[] = ['direction', 'purity', 'no leak', 'merge', 'chunk invariance', 'state round trip'];

for (const make of [meanLoss, variance, lastHit]) {
  test(`${make.name} keeps every law, given as a metric or as what makes one, and leaves no tensor`, async () => {
    await checkMetric(make());
    const tensors = tf.memory().numTensors;
    const report = await checkMetric(() => make(), { seed });
    assert.equal([...report.laws], ALL);
    assert.is(report.seed, seed);
    await checkMetric(make(), { seed });
    assert.is(tf.memory().numTensors, tensors);
  });
}

test('a metric without merge is held to all laws but that', async () => {
  const { merge: _, ...definition } = meanLoss();
  const { laws } = await checkMetric({ ...definition, merge: undefined }, { seed });
  assert.equal(
    [...laws],
    ALL.filter((law) => law !== 'merge'),
  );
});

test('a model of the caller is used, and has its weights back afterwards', async () => {
  const layer = tf.layers.dense({ units: 4, inputShape: [3], name: 'own' });
  const model = tf.sequential({ layers: [layer] });
  const before = model.getWeights().map((weight) => [...weight.dataSync()]);
  const shapes: string[] = [];
  const init: Definition['init'] = ({ size, inputShape, classes }) => {
    shapes.push(`${String(inputShape)}|${classes}`);
    return { sum: tf.zeros([size]) };
  };
  await checkMetric(meanLoss({ init }), { seed, model });
  assert.equal(new Set(shapes), new Set(['3|4']));
  assert.equal(
    model.getWeights().map((weight) => [...weight.dataSync()]),
    before,
  );
  model.dispose();
});

let calls = 0;
const broken: readonly (readonly [Law, string, () => Metric])[] = [
  ['direction', 'no direction at all', () => ({ ...meanLoss(), hardDirection: undefined as never })],
  [
    'direction',
    'a column without one',
    () => meanLoss({ hardDirection: { a: 'high' }, compute: ({ sum }) => ({ a: sum, b: sum }) }),
  ],
  [
    'direction',
    'one for a column that is not',
    () => meanLoss({ hardDirection: { a: 'high', b: 'low' }, compute: ({ sum }) => ({ a: sum }) }),
  ],
  [
    'purity',
    'update counts in a closure',
    () => meanLoss({ update: (state, values) => ({ sum: tf.add(state.sum, tf.mul(values.loss, ++calls)) }) }),
  ],
  ['purity', 'init is random', () => meanLoss({ init: ({ size }) => ({ sum: tf.randomUniform([size]) }) })],
  ['purity', 'compute is random', () => meanLoss({ compute: ({ sum }) => tf.add(sum, tf.randomUniform(sum.shape)) })],
  [
    'purity',
    'merge is random',
    () => meanLoss({ merge: (a, b) => ({ sum: tf.add(tf.add(a.sum, b.sum), tf.randomUniform([])) }) }),
  ],
  [
    'purity',
    'update disposes its state',
    () =>
      meanLoss({
        update: (state, values) => {
          const sum = tf.add(state.sum, values.loss);
          state.sum.dispose();
          return { sum };
        },
      }),
  ],
  [
    'purity',
    'update disposes a resource and fails on it',
    () =>
      meanLoss({
        update: (state, values) => {
          values.loss.dispose();
          return { sum: tf.add(state.sum, values.loss) };
        },
      }),
  ],
  [
    'purity',
    'compute writes into the state',
    () =>
      meanLoss({
        compute: ({ sum }) => {
          const copy = tf.add(sum, 0);
          sum.dataSync()[0]! += 1;
          return copy;
        },
      }),
  ],
  [
    'no leak',
    'update keeps a tensor',
    () => meanLoss({ update: (state, values) => ({ sum: tf.add(state.sum, tf.keep(tf.square(values.loss))) }) }),
  ],
  [
    'no leak',
    'init makes a variable',
    () => meanLoss({ init: ({ size }) => ({ sum: tf.variable(tf.zeros([size])) as tf.Tensor }) }),
  ],
  ['no leak', 'compute keeps a tensor', () => meanLoss({ compute: ({ sum }) => tf.add(sum, tf.keep(tf.scalar(1))) })],
  [
    'no leak',
    'merge keeps a tensor',
    () => meanLoss({ merge: (a, b) => ({ sum: tf.add(tf.keep(tf.clone(a.sum)), b.sum) }) }),
  ],
  ['merge', 'it forgets the earlier stretch', () => meanLoss({ merge: (_, b) => ({ sum: b.sum }) })],
  [
    'merge',
    'it changes the shape',
    () =>
      meanLoss({
        merge: (a, b) => ({ sum: tf.reshape(tf.add(a.sum, b.sum), [-1, 1]) }),
        compute: ({ sum }) => tf.reshape(sum, [-1]),
      }),
  ],
  [
    'merge',
    'update counts the checkpoints of its stretch only',
    () =>
      meanLoss({
        update: (state, values, { checkpoints }) => ({ sum: tf.add(state.sum, tf.div(values.loss, checkpoints + 1)) }),
      }),
  ],
  [
    'chunk invariance',
    'update subtracts the mean of the chunk',
    () =>
      meanLoss({ update: (state, values) => ({ sum: tf.add(state.sum, tf.sub(values.loss, tf.mean(values.loss))) }) }),
  ],
  [
    'chunk invariance',
    'compute ranks within the chunk',
    () => meanLoss({ compute: ({ sum }) => tf.div(sum, tf.max(sum)) }),
  ],
];

for (const [law, how, make] of broken) {
  test(`${law}: caught where ${how}`, async () => {
    const error = await refusalOf(make());
    assert.is(error.code, 'METRIC_INVALID', error.message);
    assert.match(error.message, `Metric 'mean-loss' breaks the law '${law}'`);
    assert.match(error.message, `(seed ${seed})`);
    assert.is(error.metric, 'mean-loss');
  });
}

test('merge: caught where it is off by a thousandth of one side', async () => {
  const error = await refusalOf(
    meanLoss({ merge: (a, b) => ({ sum: tf.sub(tf.add(a.sum, b.sum), tf.mul(a.sum, 1e-3)) }) }),
  );
  assert.match(error.message, "breaks the law 'merge'");
});

test('state round trip: caught where options differ from one instance to the next', async () => {
  const make = (): Metric => meanLoss({ options: { made: ++calls } });
  const error = await refusalOf(make);
  assert.match(error.message, "breaks the law 'state round trip'");
  assert.is((error.cause as VogError).code, 'STATE_MISMATCH');
  await checkMetric(make(), { seed });
});

test('state round trip: caught where the state is of a type that no file holds', async () => {
  const metric = defineMetric<{ readonly loss: typeof loss }, MetricState, tf.Tensor>({
    name: 'complex',
    hardDirection: 'high',
    requires: { loss },
    init: ({ size }) => ({ sum: tf.complex(tf.zeros([size]), tf.zeros([size])) }),
    update: (state, values) => ({
      sum: tf.complex(tf.add(tf.real(state['sum'] as tf.Tensor), values.loss), tf.zeros(values.loss.shape)),
    }),
    compute: (state) => tf.real(state['sum'] as tf.Tensor),
  });
  assert.match((await refusalOf(metric)).message, "breaks the law 'state round trip'");
});

test('state round trip: caught where an instance remembers what is not in its state', async () => {
  // The first value that an instance sees becomes its unit: pure by appearance, gone with the process.
  const make = (): Metric => {
    let unit: number | undefined;
    return meanLoss({
      update: (state, values) => {
        unit ??= tf.max(values.loss).dataSync()[0] as number;
        return { sum: tf.add(state.sum, tf.div(values.loss, unit)) };
      },
    });
  };
  assert.match((await refusalOf(make)).message, "breaks the law 'state round trip'");
});

test('a hook that throws is METRIC_FAILED with the seed in its message, and no tensor is left', async () => {
  const update: Definition['update'] = () => {
    throw new Error('planned');
  };
  await refusalOf(meanLoss({ update }));
  const tensors = tf.memory().numTensors;
  const error = await refusalOf(meanLoss({ update }));
  assert.is(error.code, 'METRIC_FAILED');
  assert.match(error.message, `planned (seed ${seed})`);
  assert.is(tf.memory().numTensors, tensors);
});

test.run();
