import * as tf from '@tensorflow/tfjs';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tapeGradientEngine } from '../gradients/input-gradient.js';
import { modelAdapter } from '../model/adapter.js';
import { inputGradient, logits, probabilities } from '../resources/builtin.js';
import { needsOf } from '../resources/needs.js';
import { defineResource } from '../resources/define-resource.js';
import { cutChunks } from './chunks.js';
import type { Consumer, TurnFailure } from './consumer.js';
import type { Examples } from './examples.js';
import { passOver } from './pass-over.js';

const seed = runSeed();
const random = uniformFrom(seed);
const test = suite(`passOver (seed ${seed})`);
test.before.each(() => bootBackend('cpu'));

const SIZE = 7;
const kernel = normalValues(6, random);
const data = normalValues(SIZE * 2, random);
let forwards = 0;
let fail = false;
const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => {
  forwards++;
  if (fail) throw new Error('the model is broken');
  return tf.matMul(x as tf.Tensor2D, tf.tensor2d(kernel, [2, 3]));
};

const examples = (chunkSize = 3): Examples => ({
  size: SIZE,
  chunks: cutChunks(SIZE, chunkSize),
  read: async ({ start, size }) => [tf.tensor2d(data.subarray(start * 2, (start + size) * 2), [size, 2])],
  given: () => ({ labels: null, rows: null }),
});

async function pass(consumers: readonly Consumer[], over: Examples = examples()): Promise<void> {
  const { features } = needsOf(consumers.map(({ requires }) => requires));
  await passOver(modelAdapter.bind(model, {}, features), over, consumers, { gradientEngine: tapeGradientEngine });
}

/** Keeps its own and says when its turns were. */
function recorder(name: string, requires: Consumer['requires'], turns: string[] = []): Consumer & { got: number[] } {
  const got: number[] = [];
  return {
    name,
    got,
    requires,
    visit: (values, { index }) => {
      turns.push(`${name} ${index}`);
      return { own: Object.values(values)[0] as tf.Tensor };
    },
    receive: ({ own }, { index }) => {
      turns.push(`${name} receives ${index}`);
      got.push(...own!.data);
    },
  };
}

const boom = defineResource({
  name: 'test.boom',
  requires: { logits },
  compute: (values): tf.Tensor => {
    tf.zeros([5]);
    if (values.logits.shape[0] < 3) throw new Error('planned');
    return values.logits;
  },
});
const onBoom = defineResource({ name: 'test.onBoom', requires: { boom }, compute: (values) => tf.neg(values.boom) });

test('consumers have turns in their order, at every chunk; the same names are values of their own', async () => {
  forwards = 0;
  const turns: string[] = [];
  const a = recorder('a', { value: logits }, turns);
  const b = recorder('b', { value: probabilities }, turns);
  const tensors = tf.memory().numTensors;
  await pass([a, b]);
  assert.equal(
    turns,
    [0, 1, 2].flatMap((i) => [`a ${i}`, `b ${i}`, `a receives ${i}`, `b receives ${i}`]),
  );
  assert.is(forwards, 3, 'one forward pass a chunk for both');
  assert.is(a.got.length, SIZE * 3);
  for (let row = 0; row < SIZE; row++) {
    const z = a.got.slice(row * 3, row * 3 + 3).map(Math.exp);
    const sum = z.reduce((x, y) => x + y);
    for (const [c, value] of z.entries()) assert.ok(Math.abs(b.got[row * 3 + c]! - value / sum) < 1e-6);
  }
  assert.is(tf.memory().numTensors, tensors);
});

test('a chunk is asked for when the one before is done, so that its examples may depend on it', async () => {
  let received = 0;
  const sizes: number[] = [];
  const growing: Examples = {
    ...examples(),
    *chunks() {
      for (let start = 0, index = 0, size = 1; start < SIZE; start += size, index++) {
        size = Math.min(received + 1, SIZE - start);
        sizes.push(size);
        yield { index, start, size };
      }
    },
  } as unknown as Examples;
  const chunks = growing.chunks as unknown as () => Iterable<never>;
  const counting: Consumer = { requires: { logits }, visit() {}, receive: () => void received++ };
  await pass([counting], { ...growing, chunks: chunks() });
  assert.equal(sizes, [1, 2, 3, 1]);
});

test('what a resource throws is told to all who want it, directly or not, and to nobody else; the pass goes on', async () => {
  const told: [string, TurnFailure][] = [];
  const wanting = (name: string, requires: Consumer['requires']): ReturnType<typeof recorder> => ({
    ...recorder(name, requires),
    failed: (failure) => void told.push([name, failure]),
  });
  const other = recorder('other', { logits });
  const [direct, indirect] = [wanting('direct', { boom }), wanting('indirect', { onBoom })];
  const tensors = tf.memory().numTensors;
  await pass([direct, indirect, other]);
  assert.equal(
    told.map(([name, { hook, resource, wantedBy, error }]) => [name, hook, resource, wantedBy, String(error)]),
    ['direct', 'indirect'].map((name) => [
      name,
      'requires',
      'test.boom',
      name === 'direct' ? ['direct', 'indirect'] : ['indirect'],
      'Error: planned',
    ]),
  );
  assert.is(other.got.length, SIZE * 3);
  // The last chunk has one example, and there the resource threw.
  for (const { got } of [direct, indirect]) assert.is(got.length, 6 * 3);
  assert.is(tf.memory().numTensors, tensors);
});

test('a consumer without `failed` ends the pass with the error itself; no tensor stays', async () => {
  const tensors = tf.memory().numTensors;
  const planned = new Error('in visit');
  const throwing: Consumer = {
    requires: { logits },
    visit: () => {
      throw planned;
    },
  };
  for (const [consumers, message] of [
    [[throwing], 'in visit'],
    [[recorder('a', { logits }), recorder('b', { onBoom })], 'planned'],
  ] as const) {
    let error: unknown;
    await pass(consumers).catch((thrown: unknown) => (error = thrown));
    assert.is((error as Error | undefined)?.message, message);
  }
  assert.is(tf.memory().numTensors, tensors);
});

test('a model that fails ends the pass, whoever would take it upon himself', async () => {
  const taking: Consumer = { ...recorder('a', { gradient: inputGradient({ label: 'predicted' }) }), failed() {} };
  fail = true;
  const tensors = tf.memory().numTensors;
  try {
    let error: unknown;
    await pass([taking, { ...recorder('b', { logits }), failed() {} }]).catch((thrown: unknown) => (error = thrown));
    assert.match(String(error), /the model is broken/);
  } finally {
    fail = false;
  }
  assert.is(tf.memory().numTensors, tensors);
});

test('a gradient that cannot be had fails those who want it; the others get logits from a pass of their own', async () => {
  const failures: unknown[] = [];
  const gradient = recorder('gradient', { gradient: inputGradient({ label: 'predicted' }) });
  const other = recorder('other', { logits });
  const reference = recorder('reference', { logits });
  await pass([reference]);
  let calls = 0;
  const consumers = [other, { ...gradient, failed: (failure: TurnFailure) => void failures.push(failure.error) }];
  await passOver(modelAdapter.bind(model, {}, []), examples(), consumers, {
    gradientEngine: {
      run: () => {
        calls++;
        throw new Error('no such gradient');
      },
    },
  });
  assert.equal(failures.map(String), ['Error: no such gradient']);
  assert.is(calls, 1, 'tried once, and not for the chunks that nobody wants it for any more');
  assert.equal(other.got, reference.got);
});

test.run();
