import { aum, forgetting, meanLoss, vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { epochs, Scores, type Tracker } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { coreset, curriculum, dropLabelErrors, infoBatch, pace } from '../index.js';
import { difficultyOf } from './difficulty.js';
import { examplesOf, refused, trackerOf, witnessModel } from './curriculum.test.helper.js';

const test = suite('curriculum');
test.before(async () => {
  await tf.setBackend('cpu');
});

/** A tracker with so many checkpoints of one model that is trained on all examples in between. */
const models = new WeakMap<Tracker, tf.Sequential>();

/** Trains the tracker's own model on until there are so many checkpoints. */
async function trained(tracker: Tracker, examples: ReturnType<typeof examplesOf>, checkpoints: number): Promise<void> {
  const model = models.get(tracker) ?? witnessModel().model;
  models.set(tracker, model);
  for (let epoch = tracker.checkpoints; epoch < checkpoints; epoch++) {
    await model.trainOnBatch(examples.xs, examples.ys);
    await tracker.checkpoint(model, { epoch });
  }
}

const sorted = (order: Iterable<number>): number[] => [...order].toSorted((a, b) => a - b);
const everyone = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

test('warm-up: all examples in random order until there are scores; VoG has them after two checkpoints', async () => {
  const examples = examplesOf(20);
  const tracker = trackerOf(examples, { metrics: [vog()], total: { epochs: 10 } });
  const order = curriculum(tracker, { pace: pace.linear({ from: 0.5, until: 1 }), minPerClass: 0 });
  for (const checkpoints of [0, 1]) {
    if (checkpoints > 0) await trained(tracker, examples, 1);
    const plan = await order.plan(checkpoints);
    assert.is(plan.phase, 'warm-up');
    assert.is(plan.share, 1);
    assert.equal(sorted(plan.order), everyone(20));
    assert.not.equal([...plan.order], everyone(20), 'shuffled');
    assert.ok(plan.weights.every((weight) => weight === 1));
  }
  await trained(tracker, examples, 2);
  const plan = await order.plan(2);
  assert.is(plan.phase, 'curriculum');
  assert.is(plan.order.length, 12, 'half, and a tenth for each fifth of the way');
  tracker.dispose();
});

test('easy-first and hard-first: the easiest and the hardest by the score at the last checkpoint, whatever its direction', async () => {
  const examples = examplesOf(30);
  for (const metric of [meanLoss(), aum()]) {
    const tracker = trackerOf(examples, { metrics: [metric], total: { epochs: 8 } });
    await trained(tracker, examples, 3);
    const scores = await tracker.scores();
    for (const [order, expected] of [
      ['easy-first', scores.easiest(12)],
      ['hard-first', scores.hardest(12)],
    ] as const) {
      const options = { order, pace: () => 0.4, minPerClass: 0 } as const;
      const plan = await curriculum(tracker, options).plan(3);
      assert.equal(sorted(plan.order), sorted(expected.map(({ index }) => index)), `${order} by ${metric.name}`);
      assert.is(plan.absent, 18);
      const inOrder = await curriculum(tracker, { ...options, within: 'sorted' }).plan(3);
      assert.equal(
        [...inOrder.order],
        expected.map(({ index }) => index),
      );
    }
    tracker.dispose();
  }
});

test('live: a new checkpoint gives a new order, and the same state gives the same order again', async () => {
  const examples = examplesOf(40);
  const tracker = trackerOf(examples);
  const order = curriculum(tracker, { pace: () => 0.3, epochs: 9, minPerClass: 0 });
  await trained(tracker, examples, 1);
  const first = await order.plan(4);
  assert.equal((await order.plan(4)).order, first.order);
  await trained(tracker, examples, 6);
  const second = await order.plan(4);
  const easiest = (await tracker.scores()).easiest(12).map(({ index }) => index);
  assert.equal(sorted(second.order), sorted(easiest));
  tracker.dispose();
});

test('equal seeds give equal orders in two curricula; another seed, another order', async () => {
  const examples = examplesOf(25);
  const tracker = trackerOf(examples, { total: { epochs: 4 } });
  await trained(tracker, examples, 2);
  for (const order of ['easy-first', 'hard-first', 'hard-mined', 'balanced', 'random'] as const) {
    const of = async (seed: number): Promise<string> =>
      String((await curriculum(tracker, { order, seed }).plan(1)).order);
    assert.is(await of(5), await of(5), order);
    assert.is.not(await of(5), await of(6), order);
  }
  tracker.dispose();
});

test('balanced and random need no scores: there is no warm-up but the one asked for', async () => {
  const examples = examplesOf(24, 4);
  const tracker = trackerOf(examples, { metrics: [vog(), aum()] });
  for (const order of ['balanced', 'random'] as const) {
    assert.is((await curriculum(tracker, { order }).plan(0)).phase, 'curriculum');
    const late = curriculum(tracker, { order, warmUp: 2 });
    assert.equal([(await late.plan(1)).phase, (await late.plan(2)).phase], ['warm-up', 'curriculum']);
  }
  const half = curriculum(tracker, { order: 'random', pace: () => 0.5, epochs: 2, minPerClass: 0 });
  assert.equal(sorted((await half.plan(0)).order), sorted((await half.plan(1)).order), 'the same half in every epoch');
  tracker.dispose();
});

test('ids tie a training set to a larger probe in another order', async () => {
  const examples = examplesOf(30);
  const ids = Array.from({ length: 30 }, (_, i) => `image-${i}`);
  const tracker = trackerOf(examples, { ids, total: { epochs: 2 } });
  await trained(tracker, examples, 2);
  const chosen = [...examples.random.shuffle(30).subarray(0, 18)];
  const own = chosen.map((index) => ids[index]!);
  const plan = await curriculum(tracker, { ids: own, pace: () => 0.5, minPerClass: 0, within: 'sorted' }).plan(0);
  const { values } = await tracker.scores();
  const expected = everyone(18).toSorted((a, b) => values[chosen[a]!]! - values[chosen[b]!]!);
  assert.equal([...plan.order], expected.slice(0, 9));
  assert.is(plan.weights.length, 18);

  await refused(
    () => curriculum(tracker, { ids: ['image-1', 'image-77'] }).plan(0),
    'IDS_UNKNOWN',
    /example 1 .*"image-77"/,
  );
  await refused(
    () => curriculum(tracker, { ids: ['image-1', 'image-2', 'image-1'] }).plan(0),
    'IDS_DUPLICATE',
    /0 and 2/,
  );
  await refused(() => curriculum(tracker, { ids: [] }).plan(0), 'PROBE_EMPTY', /ids/);
  tracker.dispose();
});

test('infoBatch weighs what it keeps so that the expected weight of every example is 1, until the last epochs', async () => {
  const examples = examplesOf(40);
  const tracker = trackerOf(examples, { total: { epochs: 8 } });
  await trained(tracker, examples, 2);
  const order = curriculum(tracker, { order: 'random', prune: infoBatch(), minPerClass: 0 });
  const plan = await order.plan(3);
  assert.equal(plan.pruned, ['infoBatch']);
  const { values } = await tracker.scores();
  const mean = values.reduce((sum, value) => sum + value, 0) / 40;
  const easy = [...values.keys()].filter((index) => values[index]! < mean);
  assert.equal(
    [...plan.weights],
    Array.from(values, (value) => (value < mean ? 2 : 1)),
  );
  const totals = new Float32Array(40);
  for (let pass = 0; pass < 400; pass++) for (const index of plan.pass(pass)) totals[index]! += plan.weights[index]!;
  // Six standard deviations of the mean of 400 coins of 0 or 2.
  for (const index of easy) assert.ok(Math.abs(totals[index]! / 400 - 1) < 0.3, String(totals[index]));
  assert.ok(everyone(40).every((index) => easy.includes(index) || totals[index] === 400));
  const last = await order.plan(7);
  assert.equal([last.pruned, last.order.length, last.absent], [[], 40, 0]);
  assert.ok(last.weights.every((weight) => weight === 1));
  // Of five epochs 0.875 falls within the last, which is full all the same.
  const short = curriculum(tracker, { order: 'random', prune: infoBatch(), epochs: 5 });
  assert.equal([(await short.plan(3)).pruned, (await short.plan(4)).pruned], [['infoBatch'], []]);
  tracker.dispose();
});

test('dropLabelErrors and coreset leave out and give back: by their span, and when the scores change their mind', async () => {
  const examples = examplesOf(50);
  const tracker = trackerOf(examples, { metrics: [meanLoss(), forgetting()], total: { epochs: 10 } });
  await trained(tracker, examples, 2);
  const suspects = curriculum(tracker, {
    order: 'random',
    metric: 'forgetting',
    minPerClass: 0,
    prune: [dropLabelErrors({ share: 0.1, metric: 'mean-loss', until: 0.8 })],
  });
  const hardest = (await tracker.scores('mean-loss')).hardest(5).map(({ index }) => index);
  for (const [epoch, absent] of [
    [0, 0],
    [2, 0],
    [3, 5],
    [7, 5],
    [8, 0],
    [9, 0],
  ] as const) {
    const plan = await suspects.plan(epoch);
    assert.is(plan.absent, absent, `epoch ${epoch}`);
    if (absent > 0) assert.equal(sorted(everyone(50).filter((i) => !plan.order.includes(i))), sorted(hardest));
  }
  const small = curriculum(tracker, { order: 'random', metric: 'mean-loss', prune: coreset({ perClass: 3 }) });
  const counts = new Map<number, number>();
  for (const index of (await small.plan(4)).order)
    counts.set(examples.labels[index]!, (counts.get(examples.labels[index]!) ?? 0) + 1);
  for (const [label, count] of counts)
    assert.is(count, Math.min(3, examples.labels.filter((other) => other === label).length));
  assert.is(counts.size, 3);
  assert.is((await small.plan(9)).absent, 0);
  tracker.dispose();
});

test('a rule that leaves nobody is refused, and names itself', async () => {
  const examples = examplesOf(10);
  const tracker = trackerOf(examples);
  await trained(tracker, examples, 1);
  const nobody = { name: 'nobody', from: 0, until: 1, rescale: false, keep: () => new Float32Array(10) };
  await refused(
    () => curriculum(tracker, { order: 'random', prune: nobody }).plan(1),
    'ARGUMENT_INVALID',
    /nobody left no example/,
  );
  tracker.dispose();
});

test('scores of a window that has not begun: warm-up, then the window’s own', async () => {
  const examples = examplesOf(20);
  const tracker = trackerOf(examples, { metrics: [meanLoss()], windows: { late: epochs(2, 4) }, total: { epochs: 4 } });
  await trained(tracker, examples, 2);
  const order = curriculum(tracker, { window: 'late', pace: () => 0.5, minPerClass: 0 });
  assert.is((await order.plan(2)).phase, 'warm-up');
  await trained(tracker, examples, 4);
  const late = (await tracker.scores('mean-loss', { window: 'late' })).easiest(10).map(({ index }) => index);
  assert.equal(sorted((await order.plan(3)).order), sorted(late));
  tracker.dispose();
});

test('batches: slices of the order, or exactly stepsPerEpoch full ones in further passes', async () => {
  const examples = examplesOf(23);
  const tracker = trackerOf(examples);
  const order = curriculum(tracker, { order: 'random', pace: () => 0.5, epochs: 3, minPerClass: 0 });
  const seen: number[][] = [];
  for await (const { indices, weights } of order.batches(1, { batchSize: 5 })) {
    seen.push([...indices]);
    assert.equal(
      [...weights],
      [...indices].map(() => 1),
    );
  }
  assert.equal(
    seen.map((batch) => batch.length),
    [5, 5, 2],
  );
  const plan = await order.plan(1);
  assert.equal(seen.flat(), [...plan.order]);

  const many: number[] = [];
  let steps = 0;
  for await (const { indices } of order.batches(1, { batchSize: 5, stepsPerEpoch: 6 })) {
    assert.is(indices.length, 5);
    many.push(...indices);
    steps += 1;
  }
  assert.is(steps, 6);
  assert.equal(many, [...plan.pass(0), ...plan.pass(1), ...plan.pass(2)].slice(0, 30));
  assert.not.equal(plan.pass(0), plan.pass(1));
  tracker.dispose();
});

test('weights(indices) are those of the epoch planned last, and agree with the batches', async () => {
  const examples = examplesOf(30);
  const tracker = trackerOf(examples, { total: { epochs: 10 } });
  await trained(tracker, examples, 2);
  const order = curriculum(tracker, {
    order: 'random',
    weights: 'self-paced',
    pace: pace.linear({ from: 0.2, until: 1 }),
  });
  await refused(() => order.weights([0]), 'ARGUMENT_INVALID', /await plan\(epoch\) first/);
  for (const [epoch, count] of [
    [0, 6],
    [5, 18],
    [9, 28],
  ] as const) {
    const easiest = new Set((await tracker.scores()).easiest(count).map(({ index }) => index));
    let seen = 0;
    for await (const { indices, weights } of order.batches(epoch, { batchSize: 7 })) {
      assert.equal(weights, order.weights(indices));
      for (const [i, index] of indices.entries()) assert.is(weights[i], Number(easiest.has(index)));
      seen += indices.length;
    }
    assert.is(seen, 30, 'weights choose, the order shows everything');
  }
  await refused(() => order.weights([30]), 'ARGUMENT_INVALID', /no training example 30; 0 to 29/);
  tracker.dispose();
});

test('what is wrong is refused before training, and says what to do', async () => {
  const examples = examplesOf(12);
  const tracker = trackerOf(examples, { metrics: [meanLoss(), aum()] });
  const single = trackerOf(examples);
  const unlabelled = trackerOf(examples, { labels: undefined, metrics: [vog({ label: 'predicted' })] });
  for (const [run, code, part] of [
    [() => curriculum(tracker), 'METRIC_UNKNOWN', /Name the metric.*mean-loss, aum/],
    [() => curriculum(tracker, { metric: 'vog' }), 'METRIC_UNKNOWN', /no metric 'vog'/],
    [() => curriculum(single, { order: 'easiest' as 'random' }), 'ARGUMENT_INVALID', /order must be 'easy-first'/],
    [() => curriculum(single, { metrics: [] } as object), 'ARGUMENT_INVALID', /unknown option 'metrics'/],
    [() => curriculum(single, { seed: 0.5 }), 'ARGUMENT_INVALID', /seed/],
    [() => curriculum(single, { minPerClass: -1 }), 'ARGUMENT_INVALID', /minPerClass/],
    [() => curriculum(single, { warmUp: 1.5 }), 'ARGUMENT_INVALID', /warmUp/],
    [() => curriculum(single, { order: 'random', within: 'sorted' }), 'ARGUMENT_INVALID', /no meaning/],
    [() => curriculum(single, { mining: {} }), 'ARGUMENT_INVALID', /mining is for order 'hard-mined'/],
    [() => curriculum(single, { order: 'hard-mined', mining: { extra: 0 } }), 'ARGUMENT_INVALID', /extra/],
    [() => curriculum(single, { order: 'hard-mined', mining: { hardest: 2 } }), 'ARGUMENT_INVALID', /hardest/],
    [() => curriculum(single, { order: 'hard-mined', maxRepeats: 1 }), 'ARGUMENT_INVALID', /nothing to repeat/],
    [() => curriculum(single, { maxRepeats: 2 }), 'ARGUMENT_INVALID', /repeats nothing/],
    [() => curriculum(tracker, { order: 'balanced', metric: 'aum' }), 'ARGUMENT_INVALID', /metric .* reads none/],
    [() => curriculum(single, { order: 'random', window: 'late' }), 'ARGUMENT_INVALID', /window .* reads none/],
    [() => curriculum(single, { order: 'random', epochs: 3 }), 'ARGUMENT_INVALID', /there is neither/],
    [() => curriculum(single, { weights: 'self-paced' }), 'ARGUMENT_INVALID', /Use order 'random'/],
    [() => curriculum(single, { order: 'random', weights: 'self-paced' }), 'ARGUMENT_INVALID', /need a pace/],
    [() => curriculum(single, { order: 'random', weights: 'soft' as 'loss' }), 'ARGUMENT_INVALID', /'self-paced'/],
    [() => curriculum(single, { normalise: 'all' as 'class' }), 'ARGUMENT_INVALID', /normalise/],
    [() => curriculum(single, { epochs: 3 }).plan(-1), 'ARGUMENT_INVALID', /epoch/],
    [() => curriculum(single).plan(0), 'SCHEDULE_NEEDS_TOTAL', /give curriculum \{ epochs \}/],
    [() => curriculum(single).batches(0, { batchSize: 0 }), 'ARGUMENT_INVALID', /batchSize/],
    [() => curriculum(single).batches(0, { size: 3 } as object), 'ARGUMENT_INVALID', /unknown option 'size'/],
    [() => curriculum(unlabelled, { order: 'balanced' }).plan(0), 'ARGUMENT_INVALID', /'balanced' needs labels/],
    [
      () => curriculum(unlabelled, { minPerClass: 2, epochs: 2 }).plan(0),
      'ARGUMENT_INVALID',
      /minPerClass needs labels/,
    ],
  ] as const)
    await refused(run, code, part);
  for (const one of [tracker, single, unlabelled]) one.dispose();
});

test('a checkpoint that diverged leaves the scores, and with them the order, as they were', async () => {
  const examples = examplesOf(11);
  const tracker = trackerOf(examples, { total: { epochs: 4 }, provide: { logger: { warn: () => {} } } });
  const { model } = witnessModel();
  await tracker.checkpoint(model, { epoch: 0 });
  const order = curriculum(tracker, { pace: () => 0.5, minPerClass: 0 });
  const before = await order.plan(2);
  assert.is(before.phase, 'curriculum');
  model.setWeights(model.getWeights().map((weight) => tf.fill(weight.shape, Number.NaN)));
  await tracker.checkpoint(model, { epoch: 1 });
  const after = await order.plan(2);
  assert.is(after.phase, 'curriculum');
  assert.equal([...after.order], [...before.order]);
  tracker.dispose();
});

test('an example whose score is NaN counts as of median difficulty, and is counted; ties are broken at random', () => {
  const values = Float32Array.of(5, Number.NaN, 1, 3, Number.NaN, 2, 4);
  const scores = new Scores({
    metric: 'm',
    column: 'm',
    window: 'complete',
    hardDirection: 'high',
    checkpoints: 1,
    values,
    ids: everyone(7),
    labels: null,
  });
  const difficulty = difficultyOf(scores, SEED)!;
  assert.equal([difficulty.easiestFirst.slice(0, 2), difficulty.easiestFirst.slice(5)].map(String), ['2,5', '6,0']);
  assert.equal(sorted(difficulty.easiestFirst.slice(2, 5)), [1, 3, 4]);
  assert.is(difficulty.unscored, 2);
  const equal = new Scores({ ...scores, values: new Float32Array(40), ids: everyone(40) });
  assert.not.equal([...difficultyOf(equal, SEED)!.easiestFirst], everyone(40));
  assert.equal(sorted(difficultyOf(equal, SEED)!.easiestFirst), everyone(40));
});

test('plans leave no tensor behind', async () => {
  const examples = examplesOf(20);
  const tracker = trackerOf(examples, { total: { epochs: 4 } });
  await trained(tracker, examples, 2);
  const order = curriculum(tracker, {
    prune: [infoBatch(), dropLabelErrors(), coreset({ perClass: 4 })],
    weights: 'loss',
  });
  await order.plan(2);
  const before = tf.memory().numTensors;
  for (let epoch = 0; epoch < 4; epoch++) for await (const _ of order.batches(epoch, { batchSize: 3 })) void _;
  assert.is(tf.memory().numTensors, before);
  tracker.dispose();
});

test.run();
