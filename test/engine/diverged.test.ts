import { selectBackend } from '@vogjs/backend/node';
import { testBackends } from '@vogjs/testing';
import { forgetting, meanLoss, vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTracker, type TrackerEvents, type TrackerOptions, type Tracker, VogError } from '@vogjs/core';

const test = suite('checkpoints that diverge');
test.before(async () => {
  await selectBackend(testBackends()[0]);
});

// logits = (w x, 0): the gradient of logit 0 is w, so VoG of label 0 is the deviation of the w that were seen.
const inputs = { data: Float32Array.of(1, 2, -1), shape: [3, 1] };
const labels = [0, 0, 0];
let w = 1;
const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor =>
  tf.concat([tf.mul(x as tf.Tensor, w), tf.zerosLike(x as tf.Tensor)], 1);

interface Run {
  readonly tracker: Tracker;
  readonly warnings: string[];
  readonly events: TrackerEvents['diverged'][0][];
}

function runOf(options: Partial<TrackerOptions> = {}): Run {
  const warnings: string[] = [];
  const logger = { warn: (text: string) => void warnings.push(text) };
  const metrics = [vog({ activation: 'logit' }), meanLoss(), forgetting()];
  const tracker = createTracker({ inputs, labels, metrics, provide: { logger }, ...options });
  const events: Run['events'] = [];
  tracker.on('diverged', (event) => void events.push(event));
  return { tracker, warnings, events };
}

async function train(tracker: Tracker, weights: readonly number[], from = 0): Promise<void> {
  for (const [i, weight] of weights.entries()) {
    w = weight;
    await tracker.checkpoint(model, { epoch: from + i, step: from + i });
  }
}

/** Not the note that goes with every score of VoG of the logit. */
const isOwn = (note: string): boolean => !note.startsWith('Low is hard');

const close = (actual: ArrayLike<number>, expected: readonly number[], message = ''): void => {
  assert.is(actual.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs((actual[i] as number) - value) < 1e-6, `${message}[${i}]: ${actual[i]} for ${value}`);
};

for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
  for (const chunkSize of [1, 2, 3]) {
    test(`w = 1, 3, ${broken}, 5 in chunks of ${chunkSize}: the scores of 1, 3, 5, with event, note and warning`, async () => {
      const { tracker, warnings, events } = runOf({ chunkSize });
      const tensors: number[] = [];
      for (const [i, weight] of [1, 3, broken, 5].entries()) {
        await train(tracker, [weight], i);
        tensors.push(tf.memory().numTensors);
      }
      assert.is(tensors[3], tensors[0], 'nothing leaks');
      const scores = await tracker.scores('vog');
      assert.is(scores.checkpoints, 3);
      // Deviation of 1, 3, 5 over n.
      close(
        scores.values,
        [1, 1, 1].map(() => Math.sqrt(8 / 3)),
      );
      assert.match(scores.notes.join(), /1 checkpoint left out.*epoch 2, step 2/);
      assert.is(scores.hardest(2).length, 2);
      const loss = (x: number): number =>
        [1, 3, 5].reduce((sum, weight) => sum + Math.log(1 + Math.exp(-weight * x)), 0) / 3;
      close((await tracker.scores('mean-loss')).values, [loss(1), loss(2), loss(-1)]);
      assert.equal(
        events.map(({ checkpoint, position, examples, total, skipped }) => [
          checkpoint,
          position.epoch,
          examples,
          total,
          skipped,
        ]),
        [[2, 2, 3, 3, true]],
      );
      assert.is(warnings.length, 1);
      assert.match(String(warnings[0]), /NaN or infinity for 3 of 3 examples/);
      tracker.dispose();
    });
  }
}

test('a NaN model is not taken for one that predicts class 0: forgetting is as without it', async () => {
  const { tracker } = runOf({ labels: [0, 0, 1], chunkSize: 2 });
  // x = 1, 2, -1: right where w x > 0 for class 0, w x < 0 for class 1; at w = -1 all are wrong.
  await train(tracker, [1, Number.NaN, -1, Number.NaN, 1]);
  const { values, checkpoints } = await tracker.scores('forgetting');
  assert.is(checkpoints, 3);
  assert.equal([...values], [1, 1, 1]);
  tracker.dispose();
});

test("onDiverged 'refuse': RESULT_NOT_FINITE, and the tracker stands as before", async () => {
  const { tracker, events } = runOf({ onDiverged: 'refuse', chunkSize: 2 });
  await train(tracker, [1, 3]);
  let error: unknown;
  await train(tracker, [Number.NaN], 2).catch((thrown: unknown) => (error = thrown));
  assert.instance(error, VogError);
  assert.is((error as VogError).code, 'RESULT_NOT_FINITE');
  assert.is(events.length, 1);
  assert.is(tracker.checkpoints, 2);
  assert.equal(tracker.position?.epoch, 1);
  await train(tracker, [5], 2);
  const { values, notes } = await tracker.scores('vog');
  close(
    values,
    [1, 1, 1].map(() => Math.sqrt(8 / 3)),
  );
  assert.equal(notes.filter(isOwn), []);
  tracker.dispose();
});

test("onDiverged 'stop' ends fit at once; the default trains on; 'refuse' rejects fit", async () => {
  const { fitCallback } = await import('@vogjs/callback');
  for (const [onDiverged, epochs] of [
    ['stop', 1],
    ['skip', 4],
    ['refuse', 0],
  ] as const) {
    const net = tf.sequential({ layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })] });
    net.compile({ optimizer: tf.train.sgd(Number.NaN), loss: 'categoricalCrossentropy' });
    const { tracker } = runOf({ onDiverged });
    const [xs, ys] = [tf.tensor2d(inputs.data, [3, 1]), tf.tensor2d([1, 0, 1, 0, 1, 0], [3, 2])];
    const fit = net.fit(xs, ys, { epochs: 4, verbose: 0, callbacks: [fitCallback(tracker)] });
    if (onDiverged === 'refuse') {
      let error: unknown;
      await fit.catch((thrown: unknown) => (error = thrown));
      assert.is((error as VogError)?.code, 'RESULT_NOT_FINITE');
    } else {
      assert.is((await fit).epoch.length, epochs, onDiverged);
      assert.is(tracker.stopped, onDiverged === 'stop');
    }
    assert.is(tracker.checkpoints, 0);
    tracker.dispose();
  }
});

test('NaN for one example only: the checkpoint counts, that example has no score, and it is said', async () => {
  for (const chunkSize of [1, 3]) {
    const { tracker, events, warnings } = runOf({ chunkSize });
    const partly = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => {
      const z = tf.mul(x as tf.Tensor, w);
      // log of a negative number: NaN for x = -1 while w is 3.
      return tf.concat([w === 3 ? tf.add(z, tf.mul(0, tf.log(x as tf.Tensor))) : z, tf.zerosLike(z)], 1);
    };
    for (const [epoch, weight] of [1, 3, 5].entries()) {
      w = weight;
      await tracker.checkpoint(partly, { epoch });
    }
    const scores = await tracker.scores('mean-loss');
    assert.is(scores.checkpoints, 3);
    assert.equal([...scores.values].map(Number.isNaN), [false, false, true], `chunks of ${chunkSize}`);
    assert.is(scores.hardest(3).length, 2);
    assert.match(scores.notes.join(' '), /up to 1 of 3 examples \(epoch 1, step 0\).*1 of 3 examples have no score/);
    assert.equal(
      events.map(({ examples, skipped }) => [examples, skipped]),
      [[1, false]],
    );
    assert.is(warnings.length, 1);
    // NaN is no prediction: right, wrong, right for the third, whose label a NaN would have met.
    assert.equal([...(await tracker.scores('forgetting')).values][2], 3, 'never right: x = -1 is never of class 0');
    tracker.dispose();
  }
});

test('a masked class, whose logit is minus infinity, is no divergence', async () => {
  const { tracker, events } = runOf({ metrics: [meanLoss()] });
  const masked = (x: tf.Tensor | tf.Tensor[]): tf.Tensor =>
    tf.concat([x as tf.Tensor, tf.fill([(x as tf.Tensor).shape[0] as number, 1], Number.NEGATIVE_INFINITY)], 1);
  await tracker.checkpoint(masked, { epoch: 0 });
  const { values, notes } = await tracker.scores();
  assert.equal([...values].map(Math.abs), [0, 0, 0]);
  assert.equal([events.length, notes.length], [0, 0]);
  tracker.dispose();
});

test('what diverged is said after save and load too', async () => {
  const { tracker } = runOf();
  await train(tracker, [1, Number.NaN, 3]);
  const { tracker: later } = runOf();
  await later.load(await tracker.serialise());
  assert.equal((await later.scores('vog')).notes, (await tracker.scores('vog')).notes);
  assert.is((await later.scores('vog')).notes.filter(isOwn).length, 1);
  await later.reset();
  assert.not.match((await later.scores('vog')).notes.join(), /left out/);
  tracker.dispose();
  later.dispose();
});

test('a gradient that is 0 everywhere (round in front) is said with VoG 0, and only then', async () => {
  for (const [front, noted] of [
    [tf.round, true],
    [(x: tf.Tensor) => x, false],
  ] as const) {
    const { tracker } = runOf({ metrics: [vog(), meanLoss()], chunkSize: 2 });
    const net = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => {
      const z = tf.mul(front(x as tf.Tensor), w);
      return tf.concat([z, tf.zerosLike(z)], 1);
    };
    for (const epoch of [0, 1]) {
      w = 2;
      await tracker.checkpoint(net, { epoch });
    }
    const scores = await tracker.scores('vog');
    assert.equal([...scores.values], [0, 0, 0]);
    assert.is(/gradient was exactly 0 for every example/.test(scores.notes.join()), noted);
    assert.equal(
      (await tracker.scores('mean-loss')).notes,
      [],
      'a metric without gradients has nothing to say of them',
    );
    tracker.dispose();
  }
});

test('without a checkpoint, in a window or at all, hardest names nobody, whatever the metric', async () => {
  const windows = { early: { unit: 'epochs', from: 0, to: 2 }, late: { unit: 'epochs', from: 2, to: 9 } } as const;
  const { tracker } = runOf({ windows });
  for (const metric of tracker.metrics) assert.equal((await tracker.scores(metric)).hardest(1), []);
  await train(tracker, [1, 3]);
  for (const metric of tracker.metrics) {
    const late = await tracker.scores(metric, { window: 'late' });
    assert.ok(late.values.every(Number.isNaN));
    assert.equal([late.hardest(1), late.easiest(1)], [[], []]);
    assert.match(late.notes.join(), /No checkpoint fell into this window/);
    assert.is((await tracker.scores(metric, { window: 'early' })).hardest(1).length, 1);
  }
  tracker.dispose();
});

test.run();
