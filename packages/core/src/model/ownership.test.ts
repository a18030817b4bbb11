// Tensors that a model gives and does not own stay whole; what a pass makes is freed.
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTracker } from '../tracker/create-tracker.js';
import { collectResources } from '../visit/collect.js';
import { inputGradientOf } from '../gradients/input-gradient.js';
import { defineMetric } from '../metrics/define-metric.js';
import { logits, probabilities } from '../resources/builtin.js';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { logitsOf } from './adapter.js';
import type { ScorableModel } from './model.js';

const SEED = runSeed();
const random = uniformFrom(SEED);
const test = suite(`ownership (seed ${SEED})`);
test.before(() => bootBackend('cpu'));

const SIZE = 5;
const values = (): Float32Array => normalValues(SIZE * 3, random);
const metric = () =>
  defineMetric({
    name: 'mean-logits',
    hardDirection: 'high',
    requires: { logits },
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: ({ sum }, { logits: z }) => ({ sum: tf.add(sum, tf.mean(z, 1)) }),
    compute: ({ sum }) => sum,
  });

interface Given {
  readonly model: ScorableModel;
  /** What the person owns and finds whole afterwards. */
  readonly owned: readonly tf.Tensor[];
}

const models: Readonly<Record<string, () => Given>> = {
  '() => kept': () => {
    const kept = tf.tensor2d(values(), [SIZE, 3]);
    return { model: () => kept, owned: [kept] };
  },
  'a function that gives a variable': () => {
    const weight = tf.variable(tf.tensor2d(values(), [SIZE, 3]));
    return { model: () => weight, owned: [weight] };
  },
  'x => x': () => ({ model: (x) => x as tf.Tensor, owned: [] }),
  'a function that disposes its input': () => ({
    model: (x) => {
      const y = tf.mul(x as tf.Tensor, 2);
      (x as tf.Tensor).dispose();
      return y;
    },
    owned: [],
  }),
  'a model that is only a softmax': () => ({
    model: tf.sequential({ layers: [tf.layers.softmax({ inputShape: [3] } as never)] }),
    owned: [],
  }),
  'a model that is only a dropout': () => ({
    model: tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, inputShape: [3] })] }),
    owned: [],
  }),
  'a model in a model that is only a softmax': () => ({
    model: tf.sequential({
      layers: [
        tf.sequential({ layers: [tf.layers.activation({ activation: 'softmax', inputShape: [3] })] }),
        tf.layers.reshape({ targetShape: [3] }),
      ],
    }),
    owned: [],
  }),
  'a custom layer that gives a tensor it keeps': () => {
    const kept = tf.keep(tf.tensor2d(values(), [SIZE, 3]));
    class Fixed extends tf.layers.Layer {
      static className = 'FixedOutput';
      override call(): tf.Tensor {
        return kept;
      }
    }
    return {
      model: tf.sequential({ layers: [new Fixed({ inputShape: [3] } as never), tf.layers.dropout({ rate: 0.1 })] }),
      owned: [kept],
    };
  },
};

for (const [name, make] of Object.entries(models)) {
  test(`${name}: through every door the person's tensors stay whole and nothing leaks`, async () => {
    const { model, owned } = make();
    const data = values();
    const inputs = tf.tensor2d(data, [SIZE, 3]);
    const before = owned.map((tensor) => [...tensor.dataSync()]);
    const whole = (): void => {
      assert.equal([...inputs.dataSync()], [...data]);
      for (const [i, tensor] of owned.entries()) assert.equal([...tensor.dataSync()], before[i]);
    };
    tf.dispose(logitsOf(model)(inputs));
    const tensors = tf.memory().numTensors;
    const first = logitsOf(model)(inputs);
    const seen = [...first.dataSync()];
    first.dispose();
    whole();
    const { logits: collected } = await collectResources(
      model,
      { inputs },
      { logits, probabilities },
      { chunkSize: SIZE },
    );
    assert.equal([...collected.data], seen);
    whole();
    try {
      inputGradientOf(logitsOf(model), inputs, [0, 1, 2, 0, 1]).dispose();
    } catch (error) {
      // What does not depend on its input has no gradient, and says so.
      assert.is(error instanceof VogError && error.code, 'GRADIENT_UNSUPPORTED');
      assert.match(name, /kept|keeps|variable/);
    }
    whole();
    const tracker = createTracker({ inputs, metrics: [metric()], chunkSize: SIZE });
    await tracker.begin(model);
    await tracker.checkpoint(model, { epoch: 0 });
    whole();
    tracker.dispose();
    assert.is(tf.memory().numTensors, tensors);
    tf.dispose([inputs, ...owned]);
  });
}

test('what a function gives instead of logits is said, and its own error stays as the cause', () => {
  const x = tf.tensor2d(values(), [SIZE, 3]);
  const refused = (model: unknown, part: RegExp): void =>
    assert.throws(
      () => logitsOf(model as ScorableModel)(x),
      (error: unknown) => error instanceof VogError && error.code === 'LOGITS_UNRESOLVED' && part.test(error.message),
    );
  const tensors = tf.memory().numTensors;
  refused(async () => tf.scalar(1), /a promise/);
  refused(() => null, /null/);
  refused(() => [x], /a list of 1/);
  refused(() => undefined, /undefined/);
  refused(() => tf.matMul(x, tf.zeros([4, 2])), /threw for inputs \[5, 3\]: .*matMul/);
  refused(() => {
    throw new TypeError('mine');
  }, /mine/);
  assert.ok(tf.memory().numTensors <= tensors + 1, 'a promise hides its tensor; all else is freed');
});

test('logits of wrong inputs, and of a model that is not built, are refused by code', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [3] })] });
  const x = tf.tensor2d(values(), [SIZE, 3]);
  const wide = tf.zeros([2, 4]);
  const refused = (run: () => unknown, code: string): void =>
    assert.throws(run, (error: unknown) => error instanceof VogError && error.code === code);
  for (const inputs of [wide, [x, x], tf.scalar(1)]) refused(() => logitsOf(model)(inputs), 'INPUT_SHAPE');
  for (const inputs of [null, undefined, [], [null], 'x', [[1, 2, 3]]]) {
    refused(() => logitsOf(model)(inputs as never), 'ARGUMENT_INVALID');
  }
  refused(() => logitsOf(tf.sequential()), 'LOGITS_UNRESOLVED');
  tf.dispose([x, wide]);
  model.dispose();
});

test.run();
