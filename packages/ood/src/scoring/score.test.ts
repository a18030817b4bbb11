import { logits, VogError } from '@vogjs/core';
import { testBackends } from '@vogjs/testing';
import { selectBackend } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  defineDetector,
  defineStatistic,
  type Detector,
  energy,
  entropyScore,
  featureRows,
  featuresAt,
  fitDetectors,
  gen,
  gradNorm,
  klMatching,
  knn,
  mahalanobis,
  maxLogit,
  msp,
  odin,
  react,
  relativeMahalanobis,
  scoreOod,
  vim,
} from '../index.js';
import {
  assertClose,
  codedError,
  convolutionNetwork,
  countCalls,
  denseNetwork,
  normalTensor,
  randomOf,
  SEED,
} from '../networks.test.support.js';

const test = suite(`scoreOod and fitDetectors (SEED=${SEED})`);
test.before.each(async () => void (await selectBackend('cpu')));

const FIT = 40;
const forwardOnly = (): Detector[] => [
  msp(),
  maxLogit(),
  energy(),
  entropyScore(),
  gen(),
  gradNorm(),
  mahalanobis(),
  relativeMahalanobis(),
  knn({ k: 5 }),
  vim(),
  react(),
  klMatching(),
];

function fitSetOf(salt: number): { inputs: tf.Tensor; labels: Int32Array } {
  const random = randomOf(salt);
  return { inputs: normalTensor(random, [FIT, 6]), labels: Int32Array.from({ length: FIT }, (_, i) => i % 4) };
}

test('one forward pass a chunk fits all detectors, and one scores them; ODIN adds one more and a backward pass', async () => {
  const model = denseNetwork(randomOf(1));
  const fitSet = fitSetOf(2);
  const examples = { inputs: normalTensor(randomOf(3), [20, 6]) };
  const counter = countCalls(model.layers[0]!);
  const fitted = await fitDetectors(model, fitSet, forwardOnly(), { chunkSize: 10 });
  assert.is(counter.count, FIT / 10);
  counter.count = 0;
  await scoreOod(model, examples, fitted, { chunkSize: 10 });
  assert.is(counter.count, 2);
  const withOdin = await fitDetectors(model, fitSet, [...forwardOnly(), odin()], { chunkSize: 10 });
  counter.count = 0;
  await scoreOod(model, examples, withOdin, { chunkSize: 10 });
  assert.is(counter.count, 4, 'one pass that also has the gradient, one at the disturbed input');
  counter.count = 0;
  await scoreOod(model, examples, [odin({ epsilon: 0 }), msp()], { chunkSize: 10 });
  assert.is(counter.count, 2, 'no gradient without a disturbance');
  counter.stop();
  model.dispose();
});

for (const backend of testBackends()) {
  test(`${backend}: scores do not depend on chunks or on the company of other detectors, and no tensor stays`, async () => {
    await selectBackend(backend);
    const model = denseNetwork(randomOf(4));
    const fitSet = fitSetOf(5);
    const examples = { inputs: normalTensor(randomOf(6), [17, 6]) };
    const all = [...forwardOnly(), odin({ epsilon: 0.01 })];
    await scoreOod(model, examples, await fitDetectors(model, fitSet, all)); // what a backend makes once
    const tensors = tf.memory().numTensors;
    const whole = await scoreOod(model, examples, await fitDetectors(model, fitSet, all));
    for (const detector of all) {
      const fitted = await fitDetectors(model, fitSet, [detector], { chunkSize: 7 });
      const alone = await scoreOod(model, examples, fitted, { chunkSize: 3 });
      assertClose(alone[detector.name]!.values, whole[detector.name]!.values, detector.name);
    }
    assert.is(tf.memory().numTensors, tensors);
    model.dispose();
  });

  test(`${backend}: ODIN at ε = 0 is MSP at every temperature, bit for bit`, async () => {
    await selectBackend(backend);
    const model = denseNetwork(randomOf(7), 2);
    const examples = { inputs: normalTensor(randomOf(8), [31, 6], 3) };
    for (const temperature of [0.1, 1, 10, 1000]) {
      const scores = await scoreOod(model, examples, [msp({ temperature }), odin({ temperature, epsilon: 0 })]);
      assert.equal([...(scores.odin.values as Float64Array)], [...(scores.msp.values as Float64Array)]);
    }
    model.dispose();
  });

  test(`${backend}: ODIN steps against the gradient of the cross-entropy at T, also where p is 1 in float32`, async () => {
    await selectBackend(backend);
    const model = denseNetwork(randomOf(9), 1);
    const inputs = normalTensor(randomOf(10), [12, 6]);
    for (const temperature of [1000, 1, 0.02]) {
      const epsilon = 0.05;
      const scores = await scoreOod(model, { inputs }, [odin({ temperature, epsilon })]);
      const expected = await odinInFloat64(model, inputs, temperature, epsilon);
      assertClose(scores.odin.values, expected, `T = ${temperature}`, 2e-5);
    }
    model.dispose();
  });
}

/** ODIN of the small network by plain float64 arithmetic, with the derivative written out. */
async function odinInFloat64(model: tf.LayersModel, inputs: tf.Tensor, t: number, epsilon: number): Promise<number[]> {
  const [k1, b1, k2, b2] = (await Promise.all(model.getWeights().map((weight) => weight.array()))) as [
    number[][],
    number[],
    number[][],
    number[],
  ];
  const hidden = (x: number[]): number[] =>
    b1.map((b, j) => Math.tanh(x.reduce((sum, v, i) => sum + v * k1[i]![j]!, b)));
  const logitsAt = (h: number[]): number[] => b2.map((b, c) => h.reduce((sum, v, j) => sum + v * k2[j]![c]!, b));
  const softmax = (a: number[]): number[] => {
    const largest = Math.max(...a);
    const e = a.map((value) => Math.exp((value - largest) / t));
    const sum = e.reduce((x, y) => x + y, 0);
    return e.map((value) => value / sum);
  };
  return ((await inputs.array()) as number[][]).map((x) => {
    const h = hidden(x);
    const a = logitsAt(h);
    const p = softmax(a);
    const y = a.indexOf(Math.max(...a));
    const others = p.reduce((sum, value, c) => (c === y ? sum : sum + value), 0);
    const slope = p.map((value, c) => (c === y ? -others : value));
    const disturbed = x.map((value, i) => {
      let gradient = 0;
      for (let j = 0; j < h.length; j++) {
        const back = slope.reduce((sum, s, c) => sum + s * k2[j]![c]!, 0);
        gradient += k1[i]![j]! * (1 - h[j]! ** 2) * back;
      }
      return value - epsilon * Math.sign(gradient);
    });
    return Math.max(...softmax(logitsAt(hidden(disturbed))));
  });
}

test('MSP tells confident examples apart where float32 probabilities are all 1', async () => {
  const rows = [
    [30, 0, 0],
    [25, 0, 0],
    [20, 0, 0],
  ];
  const { msp: scores } = await scoreOod(() => tf.tensor2d(rows), { inputs: tf.zeros([3, 1]) }, [msp()]);
  const expected = rows.map(([a]) => 1 / (1 + 2 * Math.exp(-a!)));
  assertClose(scores.values, expected, 'msp', 1e-12);
  assert.ok(scores.values[0]! > scores.values[1]! && scores.values[1]! > scores.values[2]!);
});

test('features of a map are its average over height and width; without a layer they are the penultimate ones', async () => {
  const model = convolutionNetwork(randomOf(11));
  const inputs = normalTensor(randomOf(12), [9, 6, 6, 2]);
  const norm = (name: string, layer?: string): Detector =>
    defineDetector({
      name,
      requires: { features: featuresAt(layer) },
      score: ({ features }) => tf.sum(tf.square(features), 1),
    });
  const scores = await scoreOod(model, { inputs }, [norm('map', 'map'), norm('pool', 'pool'), norm('default')]);
  assertClose(scores['map']!.values, scores['pool']!.values, 'map');
  assertClose(scores['default']!.values, scores['pool']!.values, 'default');
  const maps = (model.layers[0]!.apply(inputs) as tf.Tensor).arraySync() as number[][][][];
  const first = [0, 1, 2].map((c) => maps[0]!.flat().reduce((sum, pixel) => sum + pixel[c]!, 0) / 16);
  assertClose([scores['map']!.values[0]!], [first.reduce((sum, v) => sum + v * v, 0)], 'by hand');
  model.dispose();
});

test('GradNorm and the layer before the last agree for a map that is pooled', async () => {
  const model = convolutionNetwork(randomOf(13));
  const examples = { inputs: normalTensor(randomOf(14), [5, 6, 6, 2]) };
  const scores = await scoreOod(model, examples, [gradNorm(), gradNorm({ name: 'map', layer: 'map' })]);
  assertClose(scores.map.values, scores['grad-norm'].values, 'grad-norm');
  model.dispose();
});

test("a detector of one's own: fitted, scored, of either direction", async () => {
  const meanNorm = defineStatistic({
    name: 'test.mean-norm',
    requires: { features: featuresAt() },
    begin: () => {
      let [sum, count] = [0, 0];
      return {
        visit: ({ features }) => ({ norms: tf.norm(features, 'euclidean', 1) }),
        receive: ({ norms }) => {
          for (const value of norms!.data) sum += value;
          count += norms!.data.length;
        },
        finish: () => sum / count,
      };
    },
  });
  const normRatio = defineDetector({
    name: 'norm-ratio',
    oodDirection: 'high',
    requires: { features: featuresAt() },
    fit: {
      statistics: { meanNorm, rows: featureRows() },
      finish: ({ meanNorm: mean, rows }, { examples, classes }) => {
        assert.equal([examples, classes, rows.shape], [FIT, 4, [FIT, 8]]);
        return { mean: { data: Float64Array.of(mean), shape: [] } };
      },
    },
    score: ({ features }, { mean }) => tf.div(tf.norm(features, 'euclidean', 1), mean),
  });
  const model = denseNetwork(randomOf(15));
  const fitSet = fitSetOf(16);
  const { 'norm-ratio': scores } = await scoreOod(
    model,
    { inputs: fitSet.inputs },
    await fitDetectors(model, fitSet, [normRatio]),
  );
  assert.is(scores.oodDirection, 'high');
  const mean = [...(scores.values as Float64Array)].reduce((a, b) => a + b, 0) / FIT;
  assert.ok(Math.abs(mean - 1) < 1e-5, `the ratio's mean over the fit set is 1, not ${mean}`);
  model.dispose();
});

test('bad options are refused: ARGUMENT_INVALID', async () => {
  const bad: readonly (() => unknown)[] = [
    () => msp({ temperature: 0 }),
    () => msp({ temperature: -1 }),
    () => energy({ temperature: Number.NaN }),
    () => odin({ temperature: 0 }),
    () => odin({ epsilon: -0.1 }),
    () => odin({ channelStd: [1, 0] }),
    () => odin({ channelStd: [] }),
    () => odin({ input: 1.5 }),
    () => gradNorm({ temperature: Number.POSITIVE_INFINITY }),
    () => gradNorm({ layer: '' }),
    () => gen({ gamma: 0 }),
    () => gen({ gamma: 1 }),
    () => gen({ top: 0 }),
    () => knn({ k: 0 }),
    () => knn({ k: 2.5 }),
    () => vim({ dimensions: 0 }),
    () => react({ percentile: 0 }),
    () => react({ percentile: 101 }),
    () => mahalanobis({ floor: 0 }),
    () => relativeMahalanobis({ floor: 1 }),
    () => maxLogit({ temperature: 1 } as never),
    () => klMatching(5 as never),
  ];
  for (const make of bad) await codedError(make, 'ARGUMENT_INVALID');
});

test('bad calls are refused with a code that says why', async () => {
  const model = denseNetwork(randomOf(17));
  const fitSet = fitSetOf(18);
  const { inputs, labels } = fitSet;
  const fit = (detectors: readonly Detector[], set: Parameters<typeof fitDetectors>[1] = fitSet) =>
    fitDetectors(model, set, detectors);
  const score = (detectors: readonly Detector[]) => scoreOod(model, { inputs }, detectors);
  await codedError(() => score([mahalanobis()]), 'DETECTOR_NOT_FITTED', /fitDetectors/);
  await codedError(() => score([]), 'DETECTOR_INVALID');
  await codedError(() => score([energy as never]), 'DETECTOR_INVALID', /energy\(\), not energy/);
  await codedError(() => score([energy(), energy()]), 'DETECTOR_DUPLICATE');
  await codedError(() => score([knn({ layer: 'none' })]), 'DETECTOR_NOT_FITTED');
  await codedError(() => score([gradNorm({ layer: 'none' })]), 'LAYER_UNKNOWN', /none/);
  await codedError(() => fit([knn({ layer: 'none' })]), 'LAYER_UNKNOWN', /none/);
  await codedError(() => fit([knn({ k: FIT + 1 })]), 'SAMPLE_TOO_SMALL', /41/);
  await codedError(() => fit([mahalanobis()], { inputs }), 'LABEL_INVALID');
  await codedError(
    () => fit([mahalanobis()], { inputs, labels: new Int32Array(FIT) }),
    'SAMPLE_TOO_SMALL',
    /one class/,
  );
  await codedError(() => fit([mahalanobis()], { inputs, labels: labels.map((y) => y + 1) }), 'LABEL_INVALID');
  await codedError(() => fit([mahalanobis()], { inputs: tf.zeros([FIT, 6]), labels }), 'SAMPLE_TOO_SMALL', /vary/);
  await codedError(() => fit([vim({ dimensions: 8 })]), 'ARGUMENT_INVALID', /residual/);
  await codedError(() => fit([react({ layer: 'head' })]), 'HEAD_NOT_LINEAR');
  await codedError(() => scoreOod(model, { inputs: tf.fill([3, 6], Number.NaN) }, [energy()]), 'INPUT_NOT_FINITE');
  await codedError(() => scoreOod(model, { inputs: tf.zeros([3, 5]) }, [energy()]), 'INPUT_SHAPE');
  await codedError(() => scoreOod(model, { inputs }, [energy()], { chunk: 3 } as never), 'ARGUMENT_INVALID');
  await codedError(
    () => scoreOod((x) => tf.mul(x as tf.Tensor, Number.NaN), { inputs }, [maxLogit()]),
    'RESULT_NOT_FINITE',
  );
  await codedError(() => scoreOod((x) => x as tf.Tensor, { inputs }, [gradNorm()]), 'LAYER_UNKNOWN', /function/);
  await codedError(() => fitDetectors((x) => x as tf.Tensor, fitSet, [react()]), 'LAYER_UNKNOWN');
  await codedError(() => score([odin({ channelStd: [1, 2] })]), 'INPUT_SHAPE', /channelStd/);
  model.dispose();
});

test('a fit or a scoring that fails leaves no tensor', async () => {
  const model = denseNetwork(randomOf(23));
  const fitSet = fitSetOf(24);
  const failing = defineDetector({
    name: 'failing',
    requires: { logits },
    score: () => {
      throw new Error('planned');
    },
  });
  const fitted = await fitDetectors(model, fitSet, [knn({ k: 2 }), failing]);
  const tensors = tf.memory().numTensors;
  for (const detector of [knn({ k: FIT + 1 }), vim({ dimensions: 8 }), react({ layer: 'head' })]) {
    await fitDetectors(model, fitSet, [mahalanobis(), detector]).then(
      () => assert.unreachable(`${detector.name} was fitted`),
      () => {},
    );
  }
  await codedError(() => scoreOod(model, { inputs: fitSet.inputs }, fitted), 'DETECTOR_FAILED', /planned/);
  assert.is(tf.memory().numTensors, tensors);
  model.dispose();
});

test('a fit is refused for a model whose weights moved, and taken again when they came back', async () => {
  const model = denseNetwork(randomOf(19));
  const fitSet = fitSetOf(20);
  const before = model.getWeights().map((weight) => weight.clone());
  const fitted = await fitDetectors(model, fitSet, [energy(), knn({ k: 2 })]);
  await scoreOod(model, { inputs: fitSet.inputs }, fitted);
  tf.tidy(() => model.setWeights(before.map((weight) => tf.mul(weight, 1.0001))));
  await codedError(() => scoreOod(model, { inputs: fitSet.inputs }, fitted), 'MODEL_MISMATCH', /weights/);
  model.setWeights(before);
  await scoreOod(model, { inputs: fitSet.inputs }, fitted);
  model.dispose();
});

test('NaN weights cannot be fitted on: RESULT_NOT_FINITE', async () => {
  const model = denseNetwork(randomOf(21));
  tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.mul(weight, Number.NaN))));
  for (const detector of [knn({ k: 2 }), mahalanobis(), klMatching()]) {
    await codedError(() => fitDetectors(model, fitSetOf(22), [detector]), 'RESULT_NOT_FINITE');
  }
  model.dispose();
});

test('what a detector throws or returns wrongly names it: DETECTOR_FAILED', async () => {
  const examples = { inputs: tf.zeros([3, 2]) };
  const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => x as tf.Tensor;
  const scoring = (score: () => unknown): Detector =>
    defineDetector({ name: 'mine', requires: { logits }, score: score as never });
  const cases: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => {
        throw new Error('planned');
      },
      /mine.*planned/,
    ],
    [() => tf.zeros([3, 1]), /\[3, 1\]/],
    [() => 5, /number/],
    [async () => tf.zeros([3]), /synchronous/],
  ];
  for (const [run, message] of cases) {
    await codedError(() => scoreOod(model, examples, [scoring(run)]), 'DETECTOR_FAILED', message);
  }
});

test('a VogError of a detector keeps its code, ours or its own, and gains detector and hook', async () => {
  const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => x as tf.Tensor;
  for (const code of ['mine/NO_MASK', 'SAMPLE_TOO_SMALL'] as const) {
    const thrown = new VogError(code, 'planned');
    const detector = defineDetector({
      name: 'mine',
      requires: { logits },
      score: () => {
        throw thrown;
      },
    });
    let caught: unknown;
    await scoreOod(model, { inputs: tf.zeros([3, 2]) }, [detector]).catch((error: unknown) => (caught = error));
    assert.is(caught, thrown);
    assert.equal([thrown.code, thrown.plugin, thrown.hook], [code, { kind: 'detector', name: 'mine' }, 'score']);
  }
});

test('a definition that is incomplete is refused: DETECTOR_INVALID', async () => {
  const score = (): tf.Tensor => tf.zeros([1]);
  const bad: readonly object[] = [
    { name: '', requires: {}, score },
    { name: 'a b', requires: {}, score },
    { name: 'a', requires: {}, score: 5 },
    { name: 'a', requires: { logits: 5 }, score },
    { name: 'a', requires: null, score },
    { name: 'a', requires: {}, score, oodDirection: 'up' },
    { name: 'a', requires: {}, score, fit: { statistics: {}, finish: () => ({}) } },
    { name: 'a', requires: {}, score, fit: { statistics: { rows: featureRows }, finish: () => ({}) } },
    { name: 'a', requires: {}, score, fit: { statistics: { rows: featureRows() } } },
  ];
  for (const definition of bad) await codedError(() => defineDetector(definition as never), 'DETECTOR_INVALID');
});

test.run();
