import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTracker } from '../tracker/create-tracker.js';
import { defineMetric } from '../metrics/define-metric.js';
import type { Metric } from '../metrics/metric.js';
import type { ScorableModel } from '../model/model.js';
import { features, inputGradient, labels, logits, loss, penultimate, predictions, probabilities } from './builtin.js';
import { oneHot, oneHotOfLargest } from './one-hot.js';
import { needsOf } from './needs.js';
import { defineResource } from './define-resource.js';
import { type Requirements, type Resource, resourceKey } from './resource.js';

const test = suite('resources');
test.before(async () => void (await tf.setBackend('cpu')));
const SIZE = 5;
const inputs = { data: Float32Array.from({ length: SIZE * 2 }, (_, i) => Math.sin(i)), shape: [SIZE, 2] };
const given = [0, 1, 2, 1, 0];
const model: ScorableModel = (x) => tf.matMul(x as tf.Tensor2D, tf.tensor2d([1, 0, -1, 2, 3, 1], [2, 3]));

/** Adds up one resource of `[size]` over checkpoints. */
function sumOf(name: string, resource: Resource<tf.Tensor1D>): Metric {
  return defineMetric({
    name,
    hardDirection: 'high',
    requires: { resource },
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: ({ sum }, values) => ({ sum: tf.add(sum, values.resource) }),
    compute: ({ sum }) => sum,
  });
}

/** Sum of probabilities^power, and how often it was computed. */
function power(exponent: number, calls: { count: number }): Resource<tf.Tensor1D> {
  return defineResource({
    name: 'test.power',
    parameters: { exponent },
    requires: { probabilities },
    compute: (values) => {
      calls.count++;
      return tf.sum<tf.Tensor1D>(tf.pow(values.probabilities, exponent), 1);
    },
  });
}

test('a key is the name and the parameters, whatever order they are written in; other values are other keys', () => {
  assert.is(resourceKey('a', {}), 'a');
  assert.is(resourceKey('a', { x: 1, y: 'z' }), resourceKey('a', { y: 'z', x: 1 }));
  const keys = [
    resourceKey('a', {}),
    resourceKey('a', { x: 1 }),
    resourceKey('a', { x: '1' }),
    resourceKey('a', { x: true }),
    resourceKey('a', { x: 'true' }),
    resourceKey('a', { y: 1 }),
    resourceKey('a', { x: 1, y: 1 }),
    resourceKey('b', { x: 1 }),
  ];
  assert.is(new Set(keys).size, keys.length);
});

test('inputGradient: equal parameters and defaults are one resource; fixed labels are compared by value', () => {
  const key = (parameters: Parameters<typeof inputGradient>[0]): string => inputGradient(parameters).key;
  assert.is(key({}), key({ activation: 'logit', label: 'true', input: 0 }));
  assert.is(key({ label: Int32Array.of(1, 2) }), key({ label: Int32Array.of(1, 2) }));
  const keys = [
    key({}),
    key({ activation: 'softmax' }),
    key({ activation: 'loss' }),
    key({ label: 'predicted' }),
    key({ input: 1 }),
    key({ label: Int32Array.of(1, 2) }),
    key({ label: Int32Array.of(2, 1) }),
    key({ label: Int32Array.of(1, 2, 0) }),
    key({ label: Int32Array.of(0, 0) }),
    key({ label: Int32Array.of(0) }),
  ];
  assert.is(new Set(keys).size, keys.length);
  assert.is(features('a').key, features('a').key);
  assert.is.not(features('a').key, features('b').key);
});

test('needsOf collects over nested requirements, each gradient and layer once', () => {
  const gradient = inputGradient();
  const nested = defineResource({
    name: 'test.nested',
    requires: { gradient: inputGradient(), loss, f: features('hidden') },
    compute: (values) => values.loss,
  });
  const needs = needsOf([
    { gradient },
    { nested, f: features('hidden') },
    { g: inputGradient({ activation: 'loss' }) },
  ]);
  assert.equal([needs.labels, needs.forward, [...needs.features], needs.gradients.size], [true, true, ['hidden'], 2]);
  const forward = needsOf([{ predictions }]);
  assert.equal([forward.labels, forward.forward, forward.gradients.size], [false, true, 0]);
  const nothing = needsOf([{}]);
  assert.equal([nothing.labels, nothing.forward, nothing.features.length], [false, false, 0]);
  assert.equal([needsOf([{ labels }]).labels, needsOf([{ labels }]).forward], [true, false]);
});

test('a defined resource is computed once a chunk for two metrics and two instances; another parameter is another value', async () => {
  const calls = [{ count: 0 }, { count: 0 }, { count: 0 }] as const;
  const outer = defineResource({
    name: 'test.outer',
    requires: { square: power(2, calls[0]) },
    compute: ({ square }) => tf.mul<tf.Tensor1D>(square, 10),
  });
  const metrics = [
    sumOf('a', power(2, calls[0])),
    sumOf('b', power(2, calls[1])),
    sumOf('outer', outer),
    sumOf('cube', power(3, calls[2])),
  ];
  const tracker = createTracker({ inputs, labels: given, metrics, chunkSize: 2 });
  await tracker.checkpoint(model, { epoch: 0 });
  await tracker.checkpoint(model, { epoch: 1 });
  // 3 chunks at 2 checkpoints.
  assert.is(calls[0].count + calls[1].count, 6);
  assert.is(calls[2].count, 6);
  const values = async (metric: string): Promise<number[]> => [...(await tracker.scores(metric)).values];
  const a = await values('a');
  assert.equal(await values('b'), a);
  assert.equal(
    (await values('outer')).map((value) => Math.fround(value / 10).toFixed(5)),
    a.map((value) => value.toFixed(5)),
  );
  for (const [i, cube] of (await values('cube')).entries()) assert.ok(cube < (a[i] as number));
  tracker.dispose();
});

test('what compute sees: the values of requires under their own names, and the chunk', async () => {
  const seen: unknown[] = [];
  const spy = defineResource({
    name: 'test.spy',
    requires: { z: logits, wrong: predictions },
    compute: (values, chunk) => {
      seen.push([
        Object.keys(values),
        chunk.start,
        chunk.size,
        chunk.classes,
        [...(chunk.labels ?? [])],
        chunk.inputs.length,
      ]);
      assert.is(chunk.logits(), values.z, 'the logits are the same tensor');
      return tf.cast<tf.Tensor1D>(values.wrong, 'float32');
    },
  });
  const tracker = createTracker({ inputs, labels: given, metrics: [sumOf('spy', spy)], chunkSize: 3 });
  await tracker.checkpoint(model, { epoch: 0 });
  assert.equal(seen, [
    [['z', 'wrong'], 0, 3, 3, [0, 1, 2], 1],
    [['z', 'wrong'], 3, 2, 3, [1, 0], 1],
  ]);
  tracker.dispose();
});

test('features read off the chunk without being required is LAYER_UNKNOWN and says how to require them', async () => {
  const sneaky = defineResource({
    name: 'test.sneaky',
    requires: { logits },
    compute: (_, chunk) => tf.sum<tf.Tensor1D>(chunk.features('hidden'), 1),
  });
  const network = tf.sequential({
    layers: [
      tf.layers.dense({ units: 2, inputShape: [2], name: 'hidden' }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  const failureOf = async (requires: Requirements, names: string): Promise<unknown> => {
    const extra = defineMetric({
      name: names,
      hardDirection: 'high',
      requires,
      init: ({ size }) => ({ zero: tf.zeros([size]) }),
      update: (state) => state,
      compute: ({ zero }) => zero,
    });
    const tracker = createTracker({ inputs, labels: given, metrics: [sumOf('sneaky', sneaky), extra] });
    try {
      await tracker.checkpoint(network, { epoch: 0 });
      return undefined;
    } catch (error) {
      return error;
    } finally {
      tracker.dispose();
    }
  };
  const error = await failureOf({ penultimate }, 'other');
  assert.instance(error, VogError);
  assert.is((error as VogError).code, 'LAYER_UNKNOWN');
  assert.match((error as VogError).message, /features\('hidden'\)/);
  assert.is(await failureOf({ hidden: features('hidden') }, 'declares'), undefined);
});

test('definitions without a name or compute are ARGUMENT_INVALID', () => {
  for (const wrong of [{ name: '' }, { name: 5 }, { compute: undefined }]) {
    const definition = { name: 'a', requires: {}, compute: () => tf.scalar(1), ...wrong };
    assert.throws(
      () => defineResource(definition as never),
      (error: unknown) => error instanceof VogError && error.code === 'ARGUMENT_INVALID',
    );
  }
});

test('one-hot rows are float32 ones and zeros; a label out of range is refused, not written into a neighbour', () => {
  assert.equal([...oneHot(Int32Array.of(2, 0), 3).dataSync()], [0, 0, 1, 1, 0, 0]);
  for (const wrong of [3, -1]) {
    assert.throws(
      () => oneHot(Int32Array.of(0, wrong), 3),
      (error: unknown) =>
        error instanceof VogError && error.code === 'LABEL_INVALID' && error.message.includes('row 1'),
    );
  }
  const largest = oneHotOfLargest(tf.tensor2d([1, 5, 5, -1, -3, -2], [2, 3]));
  assert.is(largest.dtype, 'float32');
  assert.equal([...largest.dataSync()], [0, 1, 0, 1, 0, 0], 'the first on ties');
});

test('the loss of a certain prediction is 0, and that of an impossible label infinite: never NaN', async () => {
  const certain: ScorableModel = (x) =>
    tf.concat([tf.slice(x as tf.Tensor2D, [0, 0], [-1, 1]), tf.fill([(x as tf.Tensor).shape[0]!, 2], -Infinity)], 1);
  const tracker = createTracker({ inputs, labels: [0, 1, 0, 0, 0], classes: 3, metrics: [sumOf('loss', loss)] });
  await tracker.checkpoint(certain, { epoch: 0 });
  assert.equal(
    [...(await tracker.scores('loss')).values].map((value) => value + 0),
    [0, Infinity, 0, 0, 0],
  );
  tracker.dispose();
});

test.run();
