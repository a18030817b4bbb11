// What must not compile. `tsc -b` checks every @ts-expect-error: one that is not needed is an error itself.
import type * as tf from '@tensorflow/tfjs';
import type { Tracker } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  coreset,
  type Curriculum,
  curriculum,
  type CurriculumOptions,
  type CurriculumOrder,
  type EpochPlan,
  fitCallback,
  fitWithCurriculum,
  infoBatch,
  pace,
  type PaceFunction,
  type Pruning,
} from '../index.js';

const test = suite('curriculum types');

/** Never called: its body is for the compiler. */
const compiles = (body: (tracker: Tracker, model: tf.LayersModel, x: tf.Tensor) => unknown): void =>
  assert.type(body, 'function');

test('orders, paces and weights are those that exist', () => {
  compiles((tracker) => [
    curriculum(tracker, { order: 'hard-first', pace: 'geometric', weights: ({ score }) => score }),
    curriculum(tracker, { pace: (progress) => progress ** 2 }),
    // @ts-expect-error no such order
    curriculum(tracker, { order: 'easy' }),
    // @ts-expect-error no such pace
    curriculum(tracker, { pace: 'exponential' }),
    // @ts-expect-error a pace gives a number
    curriculum(tracker, { pace: (progress) => String(progress) }),
    // @ts-expect-error no such weights
    curriculum(tracker, { weights: 'hard' }),
    // @ts-expect-error a linear pace has no steps
    pace.linear({ steps: 3 }),
    // @ts-expect-error options have no such key
    curriculum(tracker, { metrics: ['vog'] }),
  ]);
  const order: CurriculumOrder = 'random';
  assert.is(order, 'random');
});

test('a coreset says how many; a rule of one’s own has its span, and gives probabilities', () => {
  compiles(() => [
    // @ts-expect-error perClass is needed
    coreset({}),
    // @ts-expect-error the rule says when it ends
    { name: 'mine', from: 0, rescale: false, keep: () => new Float32Array(1) } satisfies Pruning,
    // @ts-expect-error a list of flags is no list of probabilities
    { name: 'mine', from: 0, until: 1, rescale: false, keep: () => [true] } satisfies Pruning,
  ]);
  const mine: Pruning = { ...infoBatch(), keep: ({ percentiles }) => percentiles.map((p) => Number(p > 10)) };
  assert.is(mine.rescale, true);
});

test('fitWithCurriculum takes what fit takes but for what the curriculum owns', () => {
  compiles((tracker, model, x) => [
    fitWithCurriculum(model, x, [x, x], { curriculum: curriculum(tracker), epochs: 2, validationData: [x, x] }),
    fitWithCurriculum(model, x, x, {
      curriculum: curriculum(tracker),
      epochs: 1,
      callbacks: [fitCallback(tracker), { onEpochEnd: (epoch, logs) => void (epoch + (logs?.['loss'] ?? 0)) }],
    }),
    // @ts-expect-error epochs is needed
    fitWithCurriculum(model, x, x, { curriculum: curriculum(tracker) }),
    // @ts-expect-error the curriculum owns the order
    fitWithCurriculum(model, x, x, { curriculum: curriculum(tracker), epochs: 1, shuffle: false }),
    // @ts-expect-error tfjs throws on it
    fitWithCurriculum(model, x, x, { curriculum: curriculum(tracker), epochs: 1, sampleWeight: x }),
    // @ts-expect-error options are no curriculum
    fitWithCurriculum(model, x, x, { curriculum: { order: 'random' }, epochs: 1 }),
  ]);
  const options: CurriculumOptions = { pace: pace.root() satisfies PaceFunction };
  assert.type(options.pace, 'function');
});

test('what comes out is typed: indices and weights, a plan, a dataset that fitDataset takes', () => {
  compiles(async (tracker, model, x) => {
    const order: Curriculum = curriculum(tracker);
    for await (const batch of order.batches(0)) {
      const typed: [Int32Array, Float32Array] = [batch.indices, batch.weights];
      // @ts-expect-error a batch is not to be changed
      batch.indices = typed[0];
    }
    const plan: EpochPlan = await order.plan();
    // @ts-expect-error a phase that does not exist
    if (plan.phase === 'cooling') return;
    await model.fitDataset(order.dataset(x, x), { epochs: 1 });
    // @ts-expect-error indices are numbers
    order.weights(['a']);
  });
});

test.run();
