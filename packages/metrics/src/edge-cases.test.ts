// Cases computed by hand, and the edges that the documentation speaks of.
import { selectBackend } from '@vogjs/core/node';
import { createTracker, defineMetric, epochs, inputGradient, type Metric } from '@vogjs/core';
import { testBackends, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  aum,
  confidentJoint,
  confidentLearning,
  csg,
  dataIq,
  dataIqGroups,
  dataMaps,
  el2n,
  entropy,
  folds,
  forgetting,
  grand,
  labelIssues,
  margin,
  meanLoss,
  predictionDepth,
  prototypicality,
  selfInfluence,
  trajectoryVariance,
  errorNorm,
  vog,
} from './index.js';
import { depthsOf } from './prediction-depth/prediction-depth.js';
import { assertClose, columnsOf, lookUp, positions, type Rows } from './runs.test.helper.js';

const seed = runSeed();
const random = uniformFrom(seed);
const test = suite(`metrics by hand and at the edges (seed ${seed})`);
test.before(async () => {
  await selectBackend(testBackends()[0]);
});

const log = Math.log;
/** p = (1/2, 1/4, 1/4). */
const HALF: readonly number[] = [log(2), 0, 0];
/** p = (1, 0, 0) in float32: exp(-200) underflows. */
const SURE: readonly number[] = [200, 0, 0];

const forward = (): Metric[] => [
  aum(),
  confidentLearning(),
  dataIq(),
  dataMaps(),
  el2n(),
  el2n({ name: 'el2n-last', at: 'last' }),
  entropy(),
  forgetting(),
  margin(),
  meanLoss(),
  trajectoryVariance(errorNorm),
];

test("meanLoss({ at: 'last' }) is the loss at the last checkpoint, and the mean otherwise", async () => {
  const of = (metric: Metric) =>
    columnsOf(
      metric,
      [0, 1],
      [
        [HALF, HALF],
        [SURE, HALF],
      ],
      { chunkSize: 1 },
    );
  assertClose((await of(meanLoss({ at: 'last', name: 'last-loss' })))['last-loss']!, [0, log(4)], 'last');
  assertClose((await of(meanLoss()))['mean-loss']!, [log(2) / 2, log(4)], 'mean');
});

test('one checkpoint of p = (1/2, 1/4, 1/4), labels 0 and 1, in chunks of one', async () => {
  const of = (metric: Metric) => columnsOf(metric, [0, 1], [[HALF, HALF]], { chunkSize: 1 });
  assertClose(
    (await of(el2n()))['el2n']!,
    [Math.sqrt(1 / 4 + 1 / 16 + 1 / 16), Math.sqrt(1 / 4 + 9 / 16 + 1 / 16)],
    'el2n',
  );
  assertClose((await of(aum()))['aum']!, [log(2), -log(2)], 'aum');
  assertClose((await of(margin()))['margin']!, [1 / 4, -1 / 4], 'margin');
  assertClose((await of(meanLoss()))['mean-loss']!, [log(2), log(4)], 'mean loss');
  assertClose((await of(entropy()))['entropy']!, [1.5 * log(2), 1.5 * log(2)], 'entropy');
  const { aleatoric, confidence } = await of(dataIq());
  assertClose(aleatoric!, [1 / 4, 3 / 16], 'aleatoric');
  assertClose(confidence!, [1 / 2, 1 / 4], 'confidence');
  const maps = await of(dataMaps());
  assert.equal(maps['variability'], [NaN, NaN]);
  assert.equal(maps['correctness'], [1, 0]);
  const confident = await of(confidentLearning());
  assertClose(confident['selfConfidence']!, [1 / 2, 1 / 4], 'self-confidence');
  assertClose(confident['normalisedMargin']!, [1 / 4, -1 / 4], 'normalised margin');
});

test('the mean is over checkpoints; variability is the population deviation', async () => {
  const checkpoints: Rows[] = [[HALF], [[0, 0, log(2)]]];
  assertClose((await columnsOf(aum(), [0], checkpoints))['aum']!, [0], 'aum', { floor: 1 });
  const maps = await columnsOf(dataMaps(), [0], checkpoints);
  assertClose(maps['confidence']!, [3 / 8], 'confidence');
  assertClose(maps['variability']!, [1 / 8], 'variability');
  assert.equal(maps['correctness'], [1 / 2]);
});

test('el2n and margin at the last checkpoint are those of the last, through windows too', async () => {
  const windows = { early: epochs(0, 1) };
  const checkpoints: Rows[] = [[SURE], [HALF]];
  const options = { windows };
  assertClose((await columnsOf(el2n({ at: 'last' }), [0], checkpoints, options))['el2n']!, [Math.sqrt(3 / 8)], 'el2n');
  assertClose((await columnsOf(margin({ at: 'last' }), [0], checkpoints, options))['margin']!, [1 / 4], 'margin');
});

test('a probability of exactly 0: entropy 0, loss and margin finite, the wrong label at the far end', async () => {
  const of = async (metric: Metric) => Object.values(await columnsOf(metric, [0, 1], [[SURE, SURE]]))[0]!;
  assert.equal(await of(entropy()), [0, 0]);
  assertClose(await of(meanLoss()), [0, 200], 'loss');
  assert.equal(await of(margin()), [1, -1]);
  assertClose(await of(el2n()), [0, Math.SQRT2], 'el2n');
  assert.equal(await of(aum()), [200, -200]);
  assert.equal(await of(dataIq()), [0, 0]);
});

test('a logit of minus infinity spoils no score of logits or probabilities', async () => {
  const row = [0, 0, Number.NEGATIVE_INFINITY];
  const of = async (metric: Metric) => Object.values(await columnsOf(metric, [0], [[row]]))[0]!;
  assert.equal(await of(aum()), [0]);
  assertClose(await of(entropy()), [log(2)], 'entropy');
  assertClose(await of(el2n()), [Math.SQRT1_2], 'el2n');
});

test('a confident example keeps its digits: 1 - p is never formed', async () => {
  const rest = Math.exp(-30);
  const row = [30, 0, Number.NEGATIVE_INFINITY];
  assertClose((await columnsOf(el2n(), [0], [[row]]))['el2n']!, [Math.SQRT2 * rest], 'el2n');
  assertClose((await columnsOf(dataIq(), [0], [[row]]))['aleatoric']!, [rest], 'aleatoric');
});

test('ties: margins 0, and the first of equal logits is the prediction', async () => {
  const even: Rows = [
    [1, 1],
    [1, 1],
  ];
  assert.equal((await columnsOf(aum(), [0, 1], [even]))['aum'], [0, 0]);
  assert.equal((await columnsOf(margin(), [0, 1], [even]))['margin'], [0, 0]);
  assert.equal((await columnsOf(dataMaps(), [0, 1], [even]))['correctness'], [1, 0]);
});

const RIGHT: readonly number[] = [2, 0];
const WRONG: readonly number[] = [0, 2];
/** Histories of three examples labelled 0: forgotten twice, never learned, learned at the second and kept. */
const HISTORIES: Rows[] = [
  [RIGHT, WRONG, WRONG],
  [WRONG, WRONG, RIGHT],
  [RIGHT, WRONG, RIGHT],
  [WRONG, WRONG, RIGHT],
];

test('forgetting counts correct -> wrong; never learned is the number of checkpoints, or as the option says', async () => {
  const first = await columnsOf(forgetting(), [0, 0, 0], HISTORIES);
  assert.equal(first, { count: [2, 4, 0], firstLearned: [0, 4, 1], unforgettable: [0, 0, 1] });
  for (const [neverLearned, count] of [
    ['inf', Infinity],
    ['zero', 0],
    [7, 7],
  ] as const) {
    const columns = await columnsOf(forgetting({ neverLearned }), [0, 0, 0], HISTORIES);
    assert.equal(columns['count'], [2, count, 0]);
  }
});

test('forgetting between two windows counts in complete and in neither window', async () => {
  const tracker = createTracker({
    inputs: positions(3),
    labels: new Int32Array(3),
    metrics: [forgetting()],
    windows: { a: epochs(0, 1), b: epochs(1, 4) },
  });
  for (const [epoch, rows] of HISTORIES.entries()) await tracker.checkpoint(lookUp(rows), { epoch });
  const counts = async (window: string) => [...(await tracker.scores('forgetting', { window })).values];
  assert.equal(await counts('a'), [0, 1, 1]);
  assert.equal(await counts('b'), [1, 3, 0]);
  assert.equal(await counts('complete'), [2, 4, 0]);
  tracker.dispose();
});

test('before any checkpoint every column of every metric is NaN, and every column has a direction', async () => {
  const metrics = [...forward(), grand(), selfInfluence(), csg(), vog()];
  const tracker = createTracker({ inputs: positions(2), labels: Int32Array.of(0, 1), metrics, classes: 2 });
  for (const { name } of metrics) {
    for (const [column, { values, hardDirection }] of Object.entries(await tracker.columns(name))) {
      assert.equal([...values], [NaN, NaN], `${name}.${column}`);
      assert.ok(hardDirection === 'high' || hardDirection === 'low');
    }
  }
  tracker.dispose();
});

test('an example scores the same alone as in a batch, and when its class is the only one of the probe', async () => {
  const rows: Rows = [HALF, [0, 3, 1], [-1, 2, 0.5]];
  const checkpoints = [rows, rows.map((row) => row.map((a) => 2 * a))];
  for (const metric of forward()) {
    const together = await columnsOf(metric, [1, 1, 1], checkpoints, { chunkSize: 3 });
    for (const i of rows.keys()) {
      const alone = await columnsOf(
        metric,
        [1],
        checkpoints.map((each) => [each[i]!]),
      );
      for (const [column, values] of Object.entries(alone)) {
        assertClose(values, [together[column]![i]!], `${metric.name}.${column}`, { floor: 1 });
      }
    }
  }
});

test('a single class for prototypicality: distances from one centre; the only example of a class is its own', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
  const inputs = tf.tensor2d([
    [0, 0],
    [2, 0],
    [5, 5],
  ]);
  const one = await prototypicality(model, { inputs, labels: Int32Array.of(0, 0, 0) }, { distance: 'euclidean' });
  const centre = [7 / 3, 5 / 3] as const;
  const expected = [
    [0, 0],
    [2, 0],
    [5, 5],
  ].map(([x = 0, y = 0]) => Math.hypot(x - centre[0], y - centre[1]));
  assertClose(one.values, expected, 'distance');
  assert.equal(one.notes, []);
  const lonely = await prototypicality(model, { inputs, labels: Int32Array.of(0, 0, 1) });
  assertClose(lonely.values, [1, 0, 0], 'cosine', { floor: 1e-6 });
  assert.match(lonely.notes.join(), 'one example');
  model.dispose();
});

test('prediction depth: the votes must hold to the end; too few neighbours are refused', async () => {
  assert.equal(
    depthsOf(
      [
        [1, 1, 0],
        [0, 1, 1],
        [1, 1, 0],
      ],
      [1, 1, 1],
    ),
    [2, 0, 3],
  );
  const model = tf.sequential({ layers: [tf.layers.dense({ name: 'd', units: 2, inputShape: [2] })] });
  const probe = {
    inputs: tf.tensor2d([
      [0, 0],
      [1, 1],
    ]),
    labels: Int32Array.of(0, 1),
  };
  try {
    await predictionDepth(model, probe, { layers: ['d'] });
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code?: string }).code, 'SAMPLE_TOO_SMALL');
  }
  model.dispose();
});

const normal = (shape: number[]): tf.Tensor => tf.tensor(normalValues(tf.util.sizeFromShape(shape), random), shape);

/** Sum over pixels of the squared mean of the loss's input gradient, by a plain sum. */
const squaredMean = (): Metric =>
  defineMetric({
    name: 'squared-mean',
    hardDirection: 'high',
    requires: { gradient: inputGradient({ activation: 'loss' }) },
    init: ({ size, inputShape }) => ({ sum: tf.zeros([size, ...inputShape]) }),
    update: ({ sum }, { gradient }) => ({ sum: tf.add(sum, gradient) }),
    compute: ({ sum }, { checkpoints }) => tf.sum(tf.square(tf.div(sum, checkpoints)), 1),
  });

test('prediction depth with a reference of its own, unlabelled probe and pooled maps', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.activation({ name: 'map', activation: 'linear', inputShape: [2, 1, 2] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, useBias: false }),
    ],
  });
  // Logits are the sums of the two channels.
  tf.tidy(() =>
    model.setWeights([
      tf.tensor2d([
        [1, 0],
        [0, 1],
        [1, 0],
        [0, 1],
      ]),
    ]),
  );
  // Two references near one another in the mean over positions and far apart place by place.
  const reference = {
    inputs: tf.tensor4d([4, 0, 0, 0, 0, 0, 0, 2.5], [2, 2, 1, 2]),
    labels: Int32Array.of(0, 1),
  };
  const inputs = tf.tensor4d([0, 0, 2.2, 0], [1, 2, 1, 2]);
  const depthOf = async (pool: 'none' | 'average') => {
    const { values, labels } = await predictionDepth(model, { inputs }, { layers: ['map'], k: 1, reference, pool });
    assert.is(labels, null);
    return values[0];
  };
  assert.is(await depthOf('average'), 0, 'the pooled neighbour is of class 0, as predicted');
  assert.is(await depthOf('none'), 1, 'place by place the neighbour is of class 1');
  model.dispose();
});

test('CSG is sum over pixels of M2 + K mean², of the state that VoG of the loss keeps', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
  const metrics = [csg(), vog({ name: 'loss', activation: 'loss', channels: 'separate', reduce: 'variance' })];
  const inputs = normal([3, 4]);
  const tracker = createTracker({ inputs, labels: Int32Array.of(0, 1, 2), metrics: [...metrics, squaredMean()] });
  for (let epoch = 0; epoch < 3; epoch++) {
    tf.tidy(() => model.setWeights([normal([4, 3]), normal([3])]));
    await tracker.checkpoint(model, { epoch });
  }
  const [sum, variance, square] = await Promise.all(
    ['csg', 'loss', 'squared-mean'].map(async (name) => [...(await tracker.scores(name)).values]),
  );
  // VoG here is the mean over 4 pixels of M2 / 3.
  assertClose(
    sum!,
    variance!.map((value, i) => 3 * (4 * value + square![i]!)),
    'csg',
  );
  tracker.dispose();
  model.dispose();
});

test('Data-IQ groups at the published thresholds; options move them; NaN is refused', () => {
  const columns = { aleatoric: [0.01, 0.02, 0.24, 0.2], confidence: [0.9, 0.1, 0.5, 0.8] };
  assert.equal(dataIqGroups(columns), ['easy', 'hard', 'ambiguous', 'ambiguous']);
  assert.equal(dataIqGroups(columns, { percentile: 100 }), ['easy', 'hard', 'ambiguous', 'easy']);
  assert.throws(() => dataIqGroups({ aleatoric: [NaN], confidence: [1] }), /NaN/);
  assert.throws(() => dataIqGroups(columns, { easy: 0.2, hard: 0.3 }), /hard < easy/);
});

test('confident joint and label issues of five examples, by hand', () => {
  const data = Float32Array.of(0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.25, 0.75, 0.1, 0.9);
  const probabilities = { data, shape: [5, 2] };
  const labels = [0, 0, 0, 1, 1];
  const { thresholds, counts, calibrated } = confidentJoint(probabilities, labels);
  assertClose(thresholds, [0.6, 0.825], 'thresholds');
  // 0.8 and 0.75 do not reach 0.825: confidently nothing.
  assert.equal([...counts], [2, 0, 0, 1]);
  assert.equal([...calibrated], [3, 0, 0, 2]);
  assert.equal(labelIssues(probabilities, labels), []);
  const [issue, ...more] = labelIssues(probabilities, labels, { method: 'confusion' });
  assert.equal(more, []);
  assert.is(issue?.index, 2);
  assert.is(issue?.proposed, 1);
  assertClose([issue?.selfConfidence ?? NaN, issue?.normalisedMargin ?? NaN], [0.2, -0.6], 'issue');
});

test('a class that nobody is labelled with has no threshold; a row without a confident example counts as right', () => {
  // Class 2 is never given: 0.75 of it is confidently nothing. Example 2 reaches both other thresholds, 0 the higher.
  const data = Float32Array.of(0.5, 0, 0.5, 0.25, 0, 0.75, 0.5, 0.25, 0.25);
  const { thresholds, counts } = confidentJoint({ data, shape: [3, 3] }, [0, 0, 1]);
  assert.equal([...thresholds], [0.375, 0.25, NaN]);
  assert.equal([...counts], [1, 0, 0, 1, 0, 0, 0, 0, 0]);
  const { calibrated } = confidentJoint({ data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] }, [0, 0]);
  assert.equal([...calibrated], [2, 0, 0, 0]);
});

test('confidentLearning needs the number of classes for a plan, from any of four places', async () => {
  const given = { inputs: positions(4), labels: Int32Array.of(0, 1, 0, 1), metrics: [confidentLearning()] };
  const bytes = 4 * (2 + 1) * 4 + 4;
  const tracker = createTracker(given);
  assert.throws(() => tracker.plan(), /number of classes is not known.*classNames/s);
  const { stateBytes } = await tracker.begin(
    lookUp([
      [0, 1],
      [0, 2],
      [3, 0],
      [1, 0],
    ]),
  );
  assert.is(stateBytes, bytes, 'the model');
  const hot = tf.tensor2d([1, 0, 0, 1, 1, 0, 0, 1], [4, 2]);
  for (const told of [
    { classes: 2 },
    { classNames: ['a', 'b'] },
    { labels: { data: await hot.data(), shape: [4, 2] } },
  ]) {
    const other = createTracker({ ...given, ...told });
    assert.is(other.plan().stateBytes, bytes, Object.keys(told).join());
    other.dispose();
  }
  tracker.dispose();
});

test('folds hold out every example once, with the classes spread evenly', () => {
  const labels = [0, 0, 0, 0, 1, 1, 1, 1];
  const split = folds(labels, { count: 4, seed: 1 });
  assert.equal(
    split.flatMap(({ heldOut }) => [...heldOut]).toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  for (const { training, heldOut } of split) {
    assert.equal(new Set([...heldOut].map((i) => labels[i])), new Set([0, 1]));
    assert.is(training.length, 6);
  }
});

test('unknown options and values are refused by name', () => {
  const refused: (() => unknown)[] = [
    () => aum({ at: 'last' } as never),
    () => el2n({ at: 'first' as never }),
    () => forgetting({ neverLearned: -1 }),
    () => forgetting({ neverLearned: 'most' as never }),
    () => grand({ bias: 1 as never }),
    () => selfInfluence({ learningRate: -1 }),
    () => trajectoryVariance(errorNorm, { ddof: 2 as never }),
    () => trajectoryVariance({} as never),
    () => csg({ channels: 'separate' } as never),
  ];
  for (const call of refused) {
    try {
      call();
      assert.unreachable(String(call));
    } catch (error) {
      assert.is((error as { code?: string }).code, 'ARGUMENT_INVALID', String(call));
    }
  }
});

test.run();
