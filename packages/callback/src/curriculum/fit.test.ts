import { aum, meanLoss, vog } from '@vogjs/metrics';
import { everySteps, either, everyEpoch } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  asCallback,
  type Curriculum,
  curriculum,
  type EpochPlan,
  fitCallback,
  fitWithCurriculum,
  infoBatch,
  pace,
} from '../index.js';
import { examplesOf, type Examples, refused, trackerOf, witnessModel } from './curriculum.test.helper.js';

const test = suite('fit with a curriculum');
test.before(async () => {
  await tf.setBackend('cpu');
});

/** Notes the plan of every epoch of a fit, as the curriculum says it before the first batch. */
class PlanNotes extends tf.Callback {
  readonly plans: EpochPlan[] = [];
  constructor(order: Curriculum) {
    super();
    this.onEpochBegin = async () => void this.plans.push(await order.plan());
  }
}

/** What the model saw in each epoch, from its batches of so many examples. */
function byEpoch(batches: readonly number[][], plans: readonly EpochPlan[], batchSize: number): number[][] {
  const rest = [...batches];
  return plans.map(({ order }) => rest.splice(0, Math.ceil(order.length / batchSize)).flat());
}

const sumOf = (tensor: tf.Tensor): number => tensor.sum().arraySync() as number;

for (const order of ['easy-first', 'hard-first', 'hard-mined', 'balanced', 'random'] as const) {
  test(`fitDataset trains in each epoch on exactly what the curriculum says, in its order: ${order}`, async () => {
    const examples = examplesOf(22);
    const tracker = trackerOf(examples, { metrics: [vog()] });
    const chosen = curriculum(tracker, { order, seed: 4 });
    const { model, batches } = witnessModel();
    const notes = new PlanNotes(chosen);
    const { history } = await model.fitDataset(chosen.dataset(examples.xs, examples.ys, { batchSize: 4 }), {
      epochs: 6,
      verbose: 0,
      callbacks: [fitCallback(tracker), notes],
    });
    assert.equal(
      byEpoch(batches, notes.plans, 4),
      notes.plans.map((plan) => [...plan.order]),
    );
    assert.is(batches.flat().length, notes.plans.flatMap((plan) => [...plan.order]).length, 'and on nothing else');
    const scored = order === 'balanced' || order === 'random' ? 'curriculum' : 'warm-up';
    assert.equal(
      notes.plans.map(({ phase }) => phase),
      [scored, scored, 'curriculum', 'curriculum', 'curriculum', 'curriculum'],
    );
    assert.equal(
      notes.plans.map(({ epoch }) => epoch),
      [0, 1, 2, 3, 4, 5],
    );
    assert.is(new Set(notes.plans.map((plan) => String(plan.order))).size, 6);
    if (order.endsWith('-first')) assert.ok(notes.plans[2]!.absent > 0 && notes.plans[3]!.absent === 0);
    assert.is((history['loss'] as number[]).length, 6);
    tracker.dispose();
  });
}

test('each example comes with its own target', async () => {
  const examples = examplesOf(19);
  const tracker = trackerOf(examples);
  const dataset = curriculum(tracker, { order: 'hard-mined' }).dataset(examples.xs, examples.ys, { batchSize: 4 });
  const [xs, ys] = [examples.xs.arraySync(), examples.ys.arraySync()];
  let count = 0;
  await dataset.forEachAsync((batch) => {
    const rows = (batch.xs as tf.Tensor2D).arraySync();
    const targets = (batch.ys as tf.Tensor2D).arraySync();
    for (const [i, row] of rows.entries()) {
      assert.equal(row, xs[row[0]!]);
      assert.equal(targets[i], ys[row[0]!]);
      count += 1;
    }
    tf.dispose(batch);
  });
  assert.is(count, 19);
  tracker.dispose();
});

test('fitWithCurriculum is fitDataset with the tracker’s callback: one history, with validation, means and share', async () => {
  const examples = examplesOf(21);
  const held = examplesOf(8, 3, 1);
  const tracker = trackerOf(examples);
  const order = curriculum(tracker, { pace: pace.step({ from: 0.5, until: 0.5 }), minPerClass: 0 });
  const { model, batches } = witnessModel();
  const seen: number[] = [];
  const notes = new PlanNotes(order);
  const { history, epoch } = await fitWithCurriculum(model, examples.xs, examples.ys, {
    curriculum: order,
    epochs: 4,
    batchSize: 5,
    verbose: 0,
    validationData: [held.xs, held.ys],
    // A plain object of hooks beside an instance: it is wrapped.
    callbacks: [{ onEpochEnd: async (_, logs) => void seen.push(logs?.['val_loss'] ?? Number.NaN) }, notes],
  });
  assert.equal(epoch, [0, 1, 2, 3]);
  for (const key of ['loss', 'acc', 'val_loss', 'val_acc', 'loss_mean', 'curriculum_share'])
    assert.is(history[key]?.length, 4, key);
  assert.equal(history['val_loss'], seen);
  assert.equal(history['curriculum_share'], [1, 1 - 10 / 21, 1, 1]);
  assert.equal(
    byEpoch(batches, notes.plans, 5),
    notes.plans.map((plan) => [...plan.order]),
  );
  const evaluated = model.evaluate(held.xs, held.ys) as tf.Scalar[];
  assert.ok(Math.abs(evaluated[0]!.arraySync() - seen[3]!) < 1e-6);
  tracker.dispose();
});

test('the optimizer keeps its state from epoch to epoch: the same weights as one loop over the same batches', async () => {
  const examples = examplesOf(17);
  const tracker = trackerOf(examples);
  const order = curriculum(tracker, { seed: 9 });
  const { model, batches } = witnessModel({ optimizer: tf.train.adam(0.05) });
  await fitWithCurriculum(model, examples.xs, examples.ys, { curriculum: order, epochs: 4, batchSize: 4, verbose: 0 });
  const other = witnessModel({ optimizer: tf.train.adam(0.05) });
  for (const batch of batches) {
    const rows = tf.tensor1d(batch, 'int32');
    await other.model.trainOnBatch(tf.gather(examples.xs, rows), tf.gather(examples.ys, rows));
  }
  assert.equal(
    model.getWeights().map((weight) => [...weight.dataSync()]),
    other.model.getWeights().map((weight) => [...weight.dataSync()]),
  );
  tracker.dispose();
});

test('a run that was stopped, saved and loaded goes on in the order of an uninterrupted one', async () => {
  const examples = examplesOf(24);
  const options = { prune: infoBatch({ rescale: false }), seed: 12 } as const;
  const whole = trackerOf(examples);
  const first = witnessModel();
  await fitWithCurriculum(first.model, examples.xs, examples.ys, {
    curriculum: curriculum(whole, options),
    epochs: 6,
    batchSize: 5,
    verbose: 0,
  });

  const before = trackerOf(examples);
  const start = witnessModel();
  const halfway = new (class extends tf.Callback {
    override async onEpochEnd(epoch: number): Promise<void> {
      // The run is one of six epochs that dies after its third.
      if (epoch === 2) (this as unknown as { model: tf.LayersModel }).model.stopTraining = true;
    }
  })();
  await fitWithCurriculum(start.model, examples.xs, examples.ys, {
    curriculum: curriculum(before, options),
    epochs: 6,
    batchSize: 5,
    verbose: 0,
    callbacks: halfway,
  });
  const saved = await before.serialise();
  const weights = start.model.getWeights().map((weight) => weight.clone());
  before.dispose();

  const after = trackerOf(examples);
  await after.load(saved);
  const rest = witnessModel({ seed: 77 });
  rest.model.setWeights(weights);
  await fitWithCurriculum(rest.model, examples.xs, examples.ys, {
    curriculum: curriculum(after, options),
    initialEpoch: 3,
    epochs: 6,
    batchSize: 5,
    verbose: 0,
  });
  assert.ok(start.batches.length > 0 && rest.batches.length > 0);
  assert.equal([...start.batches, ...rest.batches], first.batches);
  for (const tracker of [whole, after]) tracker.dispose();
});

test('stepsPerEpoch: so many steps in every epoch, whatever the share', async () => {
  const examples = examplesOf(20);
  const tracker = trackerOf(examples);
  const order = curriculum(tracker, { pace: () => 0.3, minPerClass: 0 });
  const { model, batches } = witnessModel();
  const { history } = await fitWithCurriculum(model, examples.xs, examples.ys, {
    curriculum: order,
    epochs: 4,
    batchSize: 5,
    stepsPerEpoch: 7,
    verbose: 0,
  });
  assert.is(batches.length, 28);
  assert.ok(batches.every((batch) => batch.length === 5));
  // Epoch 0 is the warm-up; after it 6 of 20 examples, some six times, some five.
  assert.equal(
    history['curriculum_share'],
    [1, 0.3, 0.3, 0.3].map((share) => 1 - Math.round((1 - share) * 20) / 20),
  );
  assert.is(new Set(batches.slice(7, 14).flat()).size, 6);
  tracker.dispose();
});

test('weights reach fit through the targets: the step is that of the weighted loss', async () => {
  const examples = examplesOf(16);
  const tracker = trackerOf(examples);
  const weighOf = ({ index }: { index: number }): number => 0.5 + (index % 4);
  const order = curriculum(tracker, { order: 'random', weights: weighOf, seed: 3 });
  const { model, batches } = witnessModel();
  const { history } = await fitWithCurriculum(model, examples.xs, examples.ys, {
    curriculum: order,
    epochs: 2,
    batchSize: 16,
    verbose: 0,
  });
  // By hand: the warm-up is unweighted, the second epoch one step on the mean of weight times cross-entropy.
  const other = witnessModel();
  const optimizer = tf.train.sgd(0.2);
  for (const [epoch, batch] of batches.entries()) {
    const rows = tf.tensor1d(batch, 'int32');
    const [x, y] = [tf.gather(examples.xs, rows), tf.gather(examples.ys, rows)];
    const weights = tf.tensor1d(batch.map((index) => (epoch === 0 ? 1 : weighOf({ index }))));
    const loss = optimizer.minimize(() => {
      const p = other.model.apply(x, { training: true }) as tf.Tensor2D;
      return tf.metrics.categoricalCrossentropy(y, p).mul(weights).mean() as tf.Scalar;
    }, true);
    assert.ok(Math.abs(loss!.arraySync() - (history['loss'] as number[])[epoch]!) < 1e-5);
  }
  for (const [i, weight] of model.getWeights().entries())
    assert.ok((tf.max(tf.abs(tf.sub(weight, other.model.getWeights()[i]!))).arraySync() as number) < 1e-6);
  tracker.dispose();
});

test('datasetFrom: examples that a reader gives, several inputs by name', async () => {
  const examples = examplesOf(14);
  const tracker = trackerOf(examples, { total: { epochs: 1 } });
  const order = curriculum(tracker, { order: 'random' });
  const asked: number[] = [];
  const dataset = order.datasetFrom(
    async (indices) => {
      asked.push(...indices);
      return { xs: { a: tf.tensor1d(indices, 'int32') }, ys: tf.zeros([indices.length]) };
    },
    { batchSize: 6 },
  );
  const got: number[] = [];
  await dataset.forEachAsync(({ xs }) => void got.push(...(xs as { a: tf.Tensor1D }).a.arraySync()));
  assert.equal(got, asked);
  assert.equal(got, [...(await order.plan(0)).order]);
  const named = order.dataset({ left: examples.xs, right: examples.xs }, [examples.ys], { batchSize: 14 });
  await named.forEachAsync(({ xs, ys }) => {
    const { left, right } = xs as { left: tf.Tensor; right: tf.Tensor };
    assert.equal(
      [left.shape, right.shape, (ys as tf.Tensor[])[0]!.shape],
      [
        [14, 4],
        [14, 4],
        [14, 3],
      ],
    );
    assert.is(sumOf(left), sumOf(right));
  });
  tracker.dispose();
});

test('checkpoints within an epoch do not disturb its order; the next epoch uses the newest', async () => {
  const examples = examplesOf(20);
  const tracker = trackerOf(examples, { schedule: either(everySteps(2), everyEpoch()) });
  const order = curriculum(tracker, { pace: () => 0.5 });
  const { model, batches } = witnessModel();
  const notes = new PlanNotes(order);
  await fitWithCurriculum(model, examples.xs, examples.ys, {
    curriculum: order,
    epochs: 3,
    batchSize: 3,
    verbose: 0,
    callbacks: [notes],
  });
  assert.equal(
    byEpoch(batches, notes.plans, 3),
    notes.plans.map((plan) => [...plan.order]),
  );
  assert.ok(tracker.checkpoints > 3);
  tracker.dispose();
});

test('an order that no one moves on, or that tfjs reads only once, is an error and not a silent repeat', async () => {
  const examples = examplesOf(20);
  const tracker = trackerOf(examples);
  const order = curriculum(tracker, { order: 'random' });
  const { model } = witnessModel();
  const dataset = order.dataset(examples.xs, examples.ys, { batchSize: 5 });
  await refused(
    () => model.fitDataset(dataset, { epochs: 2, verbose: 0 }),
    'CURRICULUM_STALLED',
    /fitCallback\(tracker\)/,
  );
  const fresh = order.dataset(examples.xs, examples.ys, { batchSize: 5 });
  await refused(
    () => model.fitDataset(fresh, { epochs: 3, batchesPerEpoch: 2, verbose: 0, callbacks: [fitCallback(tracker)] }),
    'CURRICULUM_STALLED',
    /stepsPerEpoch/,
  );
  tracker.dispose();
});

test('what cannot be supported is refused by name, with the way out', async () => {
  const examples = examplesOf(12);
  const { xs, ys } = examples;
  const tracker = trackerOf(examples, { metrics: [meanLoss(), aum()] });
  const plain = curriculum(tracker, { order: 'random' });
  const weighing = curriculum(tracker, { metric: 'mean-loss', order: 'random', prune: infoBatch() });
  const { model } = witnessModel();
  const fit = (options: object) => () =>
    fitWithCurriculum(model, xs, ys, { curriculum: plain, epochs: 1, verbose: 0, ...options });
  for (const [option, part] of [
    ['shuffle', /owns the order/],
    ['sampleWeight', /throws/],
    ['validationSplit', /Split the tensors first/],
    ['batchesPerEpoch', /Use stepsPerEpoch/],
    ['validationSteps', /validationBatches/],
    ['yieldEvery', /50 ms/],
    ['epoch', /unknown option 'epoch'/],
  ] as const)
    await refused(fit({ [option]: true }), 'ARGUMENT_INVALID', part);
  await refused(fit({ curriculum: tracker }), 'ARGUMENT_INVALID', /what curriculum\(tracker\) returned/);
  await refused(() => weighing.dataset(xs, ys), 'ARGUMENT_INVALID', /tfjs throws on sampleWeight/);
  await refused(
    () => plain.dataset(xs, ys, { weightTargets: true }),
    'ARGUMENT_INVALID',
    /has no weights\. Leave it out/,
  );
  await refused(() => plain.dataset(xs, tf.zeros([11, 3])), 'INPUT_SHAPE', /\[12, 4\] and \[11, 3\]/);
  await refused(() => plain.dataset([] as tf.Tensor[], ys), 'ARGUMENT_INVALID', /datasetFrom/);
  await refused(
    () =>
      fitWithCurriculum(model, xs.slice([0, 0], [9, 4]), ys.slice([0, 0], [9, 3]), {
        curriculum: plain,
        epochs: 1,
        verbose: 0,
      }),
    'INPUT_SHAPE',
    /xs holds 9 examples and the curriculum 12/,
  );
  const squared = witnessModel({ loss: 'meanSquaredError' });
  await refused(
    () => fitWithCurriculum(squared.model, xs, ys, { curriculum: weighing, epochs: 1 }),
    'ARGUMENT_INVALID',
    /'categoricalCrossentropy'.*curriculum\.batches/s,
  );
  assert.is(squared.batches.length, 0, 'before a weight moves');
  tracker.dispose();
});

test('tfjs still throws on sampleWeight, as the documentation says', async () => {
  const examples: Examples = examplesOf(6);
  const { model } = witnessModel();
  let error: unknown;
  await model
    .fit(examples.xs, examples.ys, { epochs: 1, verbose: 0, sampleWeight: tf.ones([6]) })
    .catch((thrown: unknown) => (error = thrown));
  assert.match(String(error), /sample weight is not supported/i);
});

test('classWeight works beside a curriculum', async () => {
  const examples = examplesOf(15);
  const losses: number[] = [];
  for (const classWeight of [undefined, { 0: 2, 1: 2, 2: 2 }]) {
    const tracker = trackerOf(examples);
    const { history } = await fitWithCurriculum(witnessModel().model, examples.xs, examples.ys, {
      curriculum: curriculum(tracker, { order: 'random' }),
      epochs: 1,
      batchSize: 15,
      verbose: 0,
      ...(classWeight ? { classWeight } : {}),
    });
    losses.push((history['loss'] as number[])[0]!);
    tracker.dispose();
  }
  assert.ok(Math.abs(losses[1]! / losses[0]! - 2) < 1e-5, String(losses));
});

test('no tensor is left behind by fitWithCurriculum that fitDataset does not leave itself', async () => {
  const examples = examplesOf(20);
  const rows = tf.data
    .zip({ xs: tf.data.array(examples.xs.arraySync()), ys: tf.data.array(examples.ys.arraySync()) })
    .batch(4) as unknown as tf.data.Dataset<tf.TensorContainer>;
  const tracker = trackerOf(examples);
  const order = curriculum(tracker, { prune: infoBatch() });
  const { model } = witnessModel();
  const control = (): Promise<unknown> =>
    model.fitDataset(rows, { epochs: 3, verbose: 0, callbacks: [asCallback({}) as unknown as tf.Callback] });
  const fit = (): Promise<unknown> =>
    fitWithCurriculum(model, examples.xs, examples.ys, { curriculum: order, epochs: 3, batchSize: 4, verbose: 0 });
  const left = async (run: () => Promise<unknown>): Promise<number> => {
    await run();
    const before = tf.memory().numTensors;
    await run();
    return tf.memory().numTensors - before;
  };
  assert.is(await left(fit), await left(control));
  tracker.dispose();
});

test.run();
