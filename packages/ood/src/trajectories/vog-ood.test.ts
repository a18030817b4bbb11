import { createTracker, epochs, type Tracker } from '@vogjs/core';
import { normals, normalTensor, randomOf, SEED, testBackends } from '@vogjs/testing';
import { selectBackend } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluateOod, replayCheckpoints, vogOod, vogOodMetrics } from '../index.js';
import { assertClose, codedError, countCalls, denseNetwork } from '../networks.test.helper.js';

const test = suite(`vogOod (SEED=${SEED})`);
test.before.each(async () => void (await selectBackend('cpu')));

const [INSIDE, OUTSIDE, CHECKPOINTS] = [30, 14, 4];

type Weights = [number[][], number[], number[][], number[]];

/** The network at one checkpoint in float64: logits, and the input gradient of each logit and each probability. */
function passOf([k1, b1, k2, b2]: Weights, x: readonly number[]) {
  const h = b1.map((b, j) => Math.tanh(x.reduce((sum, v, i) => sum + v * k1[i]![j]!, b)));
  const logits = b2.map((b, c) => h.reduce((sum, v, j) => sum + v * k2[j]![c]!, b));
  const logit = (c: number): number[] =>
    x.map((_, i) => h.reduce((sum, v, j) => sum + k1[i]![j]! * (1 - v * v) * k2[j]![c]!, 0));
  const masses = logits.map((z) => Math.exp(z - Math.max(...logits)));
  const p = masses.map((mass) => mass / masses.reduce((a, b) => a + b, 0));
  const all = logits.map((_, c) => logit(c));
  const softmax = (c: number): number[] =>
    x.map((_, i) => p[c]! * all.reduce((sum, of, k) => sum + p[k]! * (all[c]![i]! - of[i]!), 0));
  return { logits, gradient: { logit, softmax }, predicted: logits.indexOf(Math.max(...logits)) };
}

type Reading = 'logit' | 'softmax';

const deviationOf = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
};

/** A model, snapshots of its weights, and what two sets look like to them in float64. */
async function scene(salt: number) {
  const random = randomOf(salt);
  const model = denseNetwork(random);
  const snapshots = Array.from({ length: CHECKPOINTS }, () =>
    model.getWeights().map((w) => normalTensor(random, w.shape, 0.7)),
  );
  const weights = await Promise.all(
    snapshots.map(async (snapshot) => (await Promise.all(snapshot.map((w) => w.array()))) as Weights),
  );
  // Of rows whose label float32 might see otherwise than float64, none is taken.
  const rowOf = (scale: number): Float32Array => {
    for (;;) {
      const row = normals(random, 6, scale);
      const isClear = weights.every((each) => {
        const [first, second] = passOf(each, [...row]).logits.toSorted((a, b) => b - a) as [number, number];
        return first - second > 1e-4;
      });
      if (isClear) return row;
    }
  };
  const rows = Array.from({ length: INSIDE + OUTSIDE }, (_, n) => rowOf(n < INSIDE ? 1 : 3));
  const data = Float32Array.from(rows.flatMap((row) => [...row]));
  const inputs = { data, shape: [INSIDE + OUTSIDE, 6] };
  const passes = rows.map((row) => weights.map((each) => passOf(each, [...row])));
  const expectedVog = (label: 'each' | 'last', reading: Reading): number[] =>
    passes.map((steps) => {
      const maps = steps.map(({ gradient, predicted }) =>
        gradient[reading](label === 'each' ? predicted : steps.at(-1)!.predicted),
      );
      const deviations = maps[0]!.map((_, i) => deviationOf(maps.map((map) => map[i]!)));
      // Out-of-distribution is the hard end: low for the logit, high for the probability.
      const sign = reading === 'logit' ? 1 : -1;
      return (sign * deviations.reduce((a, b) => a + b, 0)) / deviations.length;
    });
  const track = async (tracker: Tracker): Promise<Tracker> => {
    for (const [epoch, snapshot] of snapshots.entries()) {
      model.setWeights(snapshot);
      await tracker.checkpoint(model, { epoch });
    }
    return tracker;
  };
  return { model, snapshots, inputs, passes, expectedVog, track };
}

const values = ({ values: each }: { values: Float64Array }): number[] => [...each];

for (const backend of testBackends()) {
  for (const activation of ['logit', 'softmax'] as const)
    test(`${backend}: VoG (${activation}) and its ablations equal float64 arithmetic, from one pass a checkpoint`, async () => {
      await selectBackend(backend);
      const { model, inputs, passes, expectedVog, track } = await scene(1);
      const counter = countCalls(model.layers[0]!);
      const tracker = createTracker({
        inputs,
        metrics: vogOodMetrics(activation === 'logit' ? { activation } : {}),
        chunkSize: INSIDE + OUTSIDE,
      });
      await tracker.begin(model);
      counter.count = 0;
      await track(tracker);
      assert.is(counter.count, CHECKPOINTS, 'one forward pass serves VoG and every ablation');
      counter.stop();
      const sets = { in: { tracker, to: INSIDE }, far: { tracker, from: INSIDE } };
      const vogScores = await vogOod(sets);
      const expected = expectedVog('each', activation);
      assertClose(vogScores.in.values, expected.slice(0, INSIDE), 'in');
      assertClose(vogScores.far.values, expected.slice(INSIDE), 'far');
      const energyOf = (a: readonly number[]): number => Math.log(a.reduce((sum, v) => sum + Math.exp(v), 0));
      const scalars = {
        'msp-variance': (a: readonly number[]) => Math.exp(Math.max(...a) - energyOf(a)),
        'energy-variance': energyOf,
        'max-logit-variance': (a: readonly number[]) => Math.max(...a),
      };
      for (const [metric, scalar] of Object.entries(scalars)) {
        const scores = await vogOod(sets, { metric });
        const trajectory = passes.map((steps) => -deviationOf(steps.map(({ logits }) => scalar(logits))));
        assertClose([...scores.in.values, ...scores.far.values], trajectory, metric);
        assert.equal([scores.far.detector, scores.far.oodDirection], [metric, 'low']);
      }
      assert.ok(evaluateOod(vogScores.in, vogScores.far).auroc >= 0, 'scores go into an evaluation as they are');
      tracker.dispose();
      model.dispose();
    });

  test(`${backend}: the label fixed to the last prediction, by replay of stored weights; no tensor stays`, async () => {
    await selectBackend(backend);
    const { model, snapshots, inputs, expectedVog, passes } = await scene(2);
    const tensors = tf.memory().numTensors;
    const tracker = await replayCheckpoints(model, {
      inputs,
      checkpoints: snapshots.map((weights) => () => model.setWeights(weights)),
      metrics: (label) => {
        assert.equal(
          [...label],
          passes.map((steps) => steps.at(-1)!.predicted),
        );
        return vogOodMetrics({ label });
      },
    });
    const { in: scores } = await vogOod({ in: tracker });
    assertClose(scores.values, expectedVog('last', 'softmax'), 'fixed label');
    const each = expectedVog('each', 'softmax');
    assert.ok(
      values(scores).some((value, i) => Math.abs(value - each[i]!) > 1e-3),
      'the two readings differ',
    );
    tracker.dispose();
    assert.is(tf.memory().numTensors, tensors);
    model.dispose();
  });
}

test('z-scores by predicted class use the in-distribution set alone; a class it lacks borrows all of it, with a note', async () => {
  const { model, inputs, passes, expectedVog, track } = await scene(3);
  const tracker = await track(createTracker({ inputs, metrics: vogOodMetrics() }));
  const raw = expectedVog('each', 'softmax');
  const classes = passes.map((steps) => steps.at(-1)!.predicted);
  const inside = raw.slice(0, INSIDE);
  const groups = new Map<number, number[]>();
  for (const [i, value] of inside.entries()) groups.set(classes[i]!, [...(groups.get(classes[i]!) ?? []), value]);
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  let borrowed = 0;
  let narrowest = Number.POSITIVE_INFINITY;
  const expected = raw.map((value, i) => {
    const group = groups.get(classes[i]!) ?? [];
    const own = group.length > 1 ? group : inside;
    if (i >= INSIDE && own === inside) borrowed++;
    narrowest = Math.min(narrowest, deviationOf(own));
    return (value - mean(own)) / deviationOf(own);
  });
  const sets = { in: { tracker, to: INSIDE }, out: { tracker, from: INSIDE } };
  const byClass = await vogOod(sets, { normalise: 'class' });
  // Scores agree to 1e-5 of the largest, as above; in units of a class's deviation it is more, the narrower the class.
  const largest = Math.max(...raw.map(Math.abs));
  const tolerance = Math.max(1e-4, (2e-5 * largest) / narrowest);
  assertClose([...byClass.in.values, ...byClass.out.values], expected, 'by class', tolerance);
  assert.is(byClass.out.notes.length, borrowed > 0 ? 1 : 0);
  assert.is(byClass.out.detector, 'vog (class)');
  const byDataset = await vogOod(sets, { normalise: 'dataset' });
  assertClose(
    byDataset.out.values,
    raw.slice(INSIDE).map((v) => (v - mean(inside)) / deviationOf(inside)),
    'dataset',
    1e-4,
  );
  tracker.dispose();
  model.dispose();
});

test('a set in a tracker of its own, by ids or by range, is the same set', async () => {
  const { model, inputs, track } = await scene(4);
  const width = 6;
  const part = (from: number, to: number) => ({
    data: inputs.data.subarray(from * width, to * width),
    shape: [to - from, width],
  });
  const ids = Array.from({ length: INSIDE + OUTSIDE }, (_, i) => `example-${i}`);
  const both = await track(createTracker({ inputs, ids, metrics: vogOodMetrics() }));
  const inside = await track(createTracker({ inputs: part(0, INSIDE), metrics: vogOodMetrics() }));
  const outside = await track(createTracker({ inputs: part(INSIDE, INSIDE + OUTSIDE), metrics: vogOodMetrics() }));
  const options = { normalise: 'class' } as const;
  const ranges = await vogOod({ in: { tracker: both, to: INSIDE }, out: { tracker: both, from: INSIDE } }, options);
  const named = await vogOod(
    { in: { tracker: both, ids: ids.slice(0, INSIDE) }, out: { tracker: both, ids: ids.slice(INSIDE) } },
    options,
  );
  const apart = await vogOod({ in: inside, out: outside }, options);
  assert.equal(values(named.out), values(ranges.out));
  assertClose(apart.out.values, ranges.out.values, 'apart', 1e-4);
  assertClose(apart.in.values, ranges.in.values, 'apart', 1e-4);
  for (const tracker of [both, inside, outside]) tracker.dispose();
  model.dispose();
});

test('windows have scores of their own', async () => {
  const { model, inputs, track, snapshots } = await scene(5);
  const windows = { early: epochs(0, 2), late: epochs(2, 4) };
  const tracker = await track(createTracker({ inputs, metrics: vogOodMetrics(), windows }));
  const early = await vogOod({ in: tracker }, { window: 'early' });
  assert.equal([early.in.checkpoints, early.in.window], [2, 'early']);
  const alone = createTracker({ inputs, metrics: vogOodMetrics() });
  for (const [epoch, weights] of snapshots.slice(0, 2).entries()) {
    model.setWeights(weights);
    await alone.checkpoint(model, { epoch });
  }
  assertClose(early.in.values, (await vogOod({ in: alone })).in.values, 'early');
  const all = await tracker.scores('predicted-label');
  assert.ok(
    [...all.values].every((label) => label >= 0),
    'the label of the last window that has one',
  );
  tracker.dispose();
  alone.dispose();
  model.dispose();
});

test('bad input is refused with a code that says why', async () => {
  const { model, inputs, track, snapshots } = await scene(6);
  const tracker = await track(createTracker({ inputs, metrics: vogOodMetrics() }));
  const short = createTracker({ inputs, metrics: vogOodMetrics() });
  await short.checkpoint(model, { epoch: 0 });
  const size = INSIDE + OUTSIDE;
  await codedError(() => vogOod({ out: tracker } as never), 'ARGUMENT_INVALID', /named in/);
  await codedError(() => vogOod({ in: short }), 'RESULT_NOT_FINITE', /two/);
  await codedError(() => vogOod({ in: { tracker, from: 5, to: 5 } }), 'ARGUMENT_INVALID', /5 to 5/);
  await codedError(() => vogOod({ in: { tracker, to: size + 1 } }), 'ARGUMENT_INVALID');
  await codedError(() => vogOod({ in: { tracker, ids: [0], to: 2 } }), 'ARGUMENT_INVALID', /one of them/);
  await codedError(() => vogOod({ in: { tracker, ids: ['none'] } }), 'IDS_UNKNOWN', /none/);
  await codedError(() => vogOod({ in: tracker }, { metric: 'none' }), 'METRIC_UNKNOWN');
  await codedError(() => vogOod({ in: tracker }, { window: 'none' }), 'METRIC_UNKNOWN');
  await codedError(() => vogOod({ in: tracker }, { normalise: 'rank' as never }), 'ARGUMENT_INVALID');
  await codedError(() => vogOod({ in: tracker }, { normalize: 'class' } as never), 'ARGUMENT_INVALID');
  await codedError(() => vogOod({ in: { tracker, ids: [3] } }, { normalise: 'class' }), 'SAMPLE_TOO_SMALL');
  const unlabelled = await track(createTracker({ inputs, metrics: [vog({ label: 'predicted' })] }));
  await codedError(() => vogOod({ in: unlabelled }, { normalise: 'class' }), 'METRIC_UNKNOWN', /predicted-label/);
  await short.checkpoint(model, { epoch: 1 });
  await codedError(() => vogOod({ in: tracker, out: short }), 'ARGUMENT_INVALID', /2 checkpoints/);
  await codedError(() => replayCheckpoints(model, { inputs, checkpoints: [], metrics: () => [] }), 'ARGUMENT_INVALID');
  for (const each of [tracker, short, unlabelled]) each.dispose();
  tf.dispose(snapshots);
  model.dispose();
});

test.run();
