import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inputGradient, inputGradientOfScalar, logits, predictions } from '../resources/builtin.js';
import { defineResource } from '../resources/define-resource.js';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { visitResources } from './visit.js';

const seed = runSeed();
const random = uniformFrom(seed);
const test = suite(`visitResources (seed ${seed})`);
test.before.each(() => bootBackend('cpu'));

const SIZE = 7;
const kernel = normalValues(6, random);
const inputs = { data: normalValues(SIZE * 2, random), shape: [SIZE, 2] };
let forwards = 0;
const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => {
  forwards++;
  return tf.tanh(tf.matMul(x as tf.Tensor2D, tf.tensor2d(kernel, [2, 3])));
};

test('chunks come in order, once each, reduced on the device; no tensor stays', async () => {
  forwards = 0;
  const seen: number[][] = [];
  const tensors = tf.memory().numTensors;
  await visitResources(
    model,
    { inputs },
    { logits, predictions },
    {
      visit: (values, { size }) => ({ sum: tf.sum(values.logits), size: tf.scalar(size), same: values.logits }),
      receive: ({ sum, size, same }, { start, total }) => {
        const added = Array.from(same.data).reduce((a, b) => a + b, 0);
        assert.ok(Math.abs(sum.data[0]! - added) < 1e-5);
        assert.equal(same.shape, [size.data[0], 3]);
        seen.push([start, size.data[0]!, total]);
      },
    },
    { chunkSize: 3 },
  );
  assert.equal(seen, [
    [0, 3, SIZE],
    [3, 3, SIZE],
    [6, 1, SIZE],
  ]);
  assert.is(forwards, 3);
  assert.is(tf.memory().numTensors, tensors);
});

test('what a visitor throws comes out, and no tensor stays', async () => {
  const tensors = tf.memory().numTensors;
  for (const where of ['visit', 'receive']) {
    const fail = (at: string): void => {
      if (at === where) throw new Error(`planned in ${at}`);
    };
    try {
      await visitResources(
        model,
        { inputs },
        { logits },
        {
          visit: (values) => {
            fail('visit');
            return { value: values.logits };
          },
          receive: () => fail('receive'),
        },
      );
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, `planned in ${where}`);
    }
  }
  assert.is(tf.memory().numTensors, tensors);
});

test('logitsAt is one forward pass at other inputs, beside the shared one', async () => {
  forwards = 0;
  const doubled = defineResource({
    name: 'test.doubled',
    requires: {},
    compute: (_, chunk) => chunk.logitsAt(chunk.inputs.map((x) => tf.mul(x, 2))),
  });
  await visitResources(
    model,
    { inputs },
    { logits, doubled },
    {
      visit: (values) => values,
      receive: (values) => {
        for (const [i, value] of values.logits.data.entries()) {
          // tanh(2 a) = 2 tanh(a) / (1 + tanh(a)²)
          const expected = (2 * value) / (1 + value * value);
          assert.ok(Math.abs(values.doubled.data[i]! - expected) < 1e-5);
        }
      },
    },
  );
  assert.is(forwards, 2);
});

test('inputGradientOfScalar: the selected logit as a cotangent gives inputGradient; another one its own gradient', async () => {
  forwards = 0;
  const selected = inputGradientOfScalar({ name: 'test.logit', of: (_, hot) => hot }, { label: 'predicted' });
  const sum = inputGradientOfScalar({ name: 'test.sum', of: (values) => tf.onesLike(values) }, { label: 'predicted' });
  await visitResources(
    model,
    { inputs },
    { gradient: inputGradient({ label: 'predicted' }), selected, again: selected, sum, logits },
    {
      visit: (values) => values,
      receive: ({ gradient, selected: asCotangent, sum: ofSum, logits: values }) => {
        assert.equal([...asCotangent.data], [...gradient.data]);
        for (let i = 0; i < SIZE; i++) {
          for (let j = 0; j < 2; j++) {
            let expected = 0;
            for (let c = 0; c < 3; c++) expected += (1 - values.data[i * 3 + c]! ** 2) * kernel[j * 3 + c]!;
            assert.ok(Math.abs(ofSum.data[i * 2 + j]! - expected) < 1e-5);
          }
        }
      },
    },
  );
  assert.is(forwards, 3, 'one pass for each distinct gradient, and none for the logits');
});

test('inputGradientOfScalar refuses what is no cotangent and an unknown parameter', () => {
  const bad: readonly (() => unknown)[] = [
    () => inputGradientOfScalar({ name: '', of: (x) => x }),
    () => inputGradientOfScalar({ name: 'a' } as never),
    () => inputGradientOfScalar({ name: 'a', of: (x) => x }, { activation: 'logit' } as never),
    () => inputGradientOfScalar({ name: 'a', of: (x) => x }, { input: -1 }),
  ];
  for (const make of bad) assert.throws(make, (error: { code?: string }) => error.code === 'ARGUMENT_INVALID');
});

test.run();
