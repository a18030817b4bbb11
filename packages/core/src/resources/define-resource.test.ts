import { integer, oneOf } from '@vogjs/base/options';
import { VogError } from '@vogjs/base';
import { bootBackend } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineMetric } from '../metrics/define-metric.js';
import type { Metric } from '../metrics/metric.js';
import { collectResources } from '../visit/collect.js';
import { createTracker } from '../tracker/create-tracker.js';
import { features, inputGradient, logits, loss, probabilities } from './builtin.js';
import { defineResource } from './define-resource.js';
import { needsOf } from './needs.js';
import { type Requirements, type Resource, resourceKey, type ResourceValue } from './resource.js';

const test = suite('defineResource');
test.before(() => bootBackend('cpu'));

/** A power of the logits or the probabilities. */
const power = defineResource({
  name: 'test/power',
  options: {
    of: oneOf('logits', 'probabilities').about('What is raised.'),
    exponent: integer(1).default(2).about('To which power.'),
  },
  requires: ({ of }) => ({ base: of === 'logits' ? logits : probabilities }),
  compute: ({ base }, _, { exponent }) => tf.pow(base, exponent),
});

test('a resource with options is a factory; equal options give one resource, under a key that tells them', () => {
  assert.is(power().key, resourceKey('test/power', { of: 'logits', exponent: 2 }));
  assert.is(power({ exponent: 2 }).key, power({ of: 'logits' }).key);
  assert.is.not(power({ exponent: 3 }).key, power().key);
  assert.equal(Object.values(power({ of: 'probabilities' }).requires), [probabilities]);
  assert.equal([power.definition.kind, power.definition.name, power.name], ['resource', 'test/power', 'testPower']);
});

test('compute gets the options, defaults filled in', async () => {
  const inputs = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
  const values = await collectResources(
    (x) => tf.mul(x as tf.Tensor, 1),
    { inputs },
    { a: power(), b: power({ exponent: 3 }) },
  );
  assert.equal(
    [[...values.a.data], [...values.b.data]],
    [
      [1, 4, 9, 16],
      [1, 8, 27, 64],
    ],
  );
});

test('wrong options and wrong definitions are refused', () => {
  assert.throws(() => power({ exponent: 0 }), /testPower: exponent must be a whole number of at least 1; got 0\./);
  assert.throws(() => power({ name: 'x' } as never), /testPower: unknown option 'name'\. Known: of, exponent\./);
  const wrong = defineResource({ name: 'a', requires: () => ({ loss: 5 as never }), compute: () => tf.scalar(1) });
  assert.throws(() => wrong(), /Resource 'a': requires\.loss is not a resource/);
});

const clash = (...required: Requirements[]): VogError | undefined => {
  try {
    needsOf(required);
    return undefined;
  } catch (error) {
    assert.instance(error, VogError);
    return error as VogError;
  }
};
const plain = (name: string, compute: () => tf.Tensor, requires: Requirements = {}): Resource<ResourceValue> =>
  defineResource({ name, requires, compute });

test("another resource under a built-in's name is refused, at any depth, and named as the one to blame", () => {
  const own = defineResource({ name: 'loss', requires: { logits }, compute: (values) => tf.mul(values.logits, 1000) });
  for (const error of [
    clash({ loss }, { own }),
    clash({ own, loss }),
    clash({ loss }, { deep: plain('deep', () => tf.scalar(1), { own }) }),
  ]) {
    assert.is(error?.code, 'RESOURCE_DUPLICATE');
    assert.equal(error?.plugin, { kind: 'resource', name: 'loss' });
    assert.match(error?.message ?? '', /Two different resources are named 'loss'.*such as 'my-package\/loss'/);
  }
  assert.is(clash({ own }), undefined, 'alone it is nobody else');
});

test('a tracker refuses it before it takes a number of either', async () => {
  const own = defineResource({
    name: 'loss',
    requires: { logits },
    compute: (values) => tf.fill<tf.Rank.R1>([values.logits.shape[0]], 1000),
  });
  const sum = (name: string, value: Resource<tf.Tensor1D>): Metric =>
    defineMetric({
      name,
      hardDirection: 'high',
      requires: { value },
      init: ({ size }) => ({ sum: tf.zeros([size]) }),
      update: (state, { value: added }) => ({ sum: tf.add(state.sum, added) }),
      compute: (state) => state.sum,
    });
  const inputs = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
  const tracker = createTracker({ inputs, labels: [0, 1], metrics: [sum('a', loss), sum('b', own)] });
  try {
    await tracker.checkpoint((x) => tf.mul(x as tf.Tensor, 1), { epoch: 0 });
    assert.unreachable();
  } catch (error) {
    assert.is((error as VogError).code, 'RESOURCE_DUPLICATE');
  } finally {
    tracker.dispose();
  }
});

test('what one function makes twice is one resource; what differs in code or in what it requires is not', () => {
  const made = (layer: string) => {
    const h = features(layer);
    return defineResource({ name: 'pooled', requires: { h }, compute: (values) => tf.mean(values.h, 1) });
  };
  assert.is(clash({ a: made('x') }, { b: made('x') }), undefined);
  assert.is(clash({ a: inputGradient() }, { b: inputGradient({ activation: 'logit' }) }), undefined);
  assert.is(clash({ a: power() }, { b: power() }), undefined);
  assert.is(clash({ a: made('x') }, { b: made('y') })?.code, 'RESOURCE_DUPLICATE', 'parameters were forgotten');
  assert.is(
    clash({ a: plain('p', () => tf.scalar(1)) }, { b: plain('p', () => tf.scalar(2)) })?.code,
    'RESOURCE_DUPLICATE',
  );
  const twice = () =>
    defineResource({ name: 'q', options: {}, requires: () => ({ loss }), compute: (values) => values.loss });
  assert.is(clash({ a: twice()() }, { b: twice()() })?.code, 'RESOURCE_DUPLICATE', 'two definitions with options');
});

test.run();
