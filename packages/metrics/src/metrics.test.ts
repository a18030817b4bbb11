// Every metric against an independent implementation in NumPy: test/golden/metrics.py.
import { selectBackend } from '@vogjs/core/node';
import { readFileSync } from 'node:fs';
import { createTracker, epochs, loss, type Metric } from '@vogjs/core';
import { testBackends } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  aum,
  confidentJoint,
  confidentLearning,
  dataIq,
  dataMaps,
  el2n,
  entropy,
  forgetting,
  freeEnergy,
  grand,
  labelIssues,
  type LabelIssuesOptions,
  margin,
  meanLoss,
  predictionDepth,
  probabilitiesOf,
  prototypicality,
  selfInfluence,
  trajectoryVariance,
} from './index.js';
import { assertClose, type Rows, trackerOf } from './runs.test.helper.js';

interface Golden {
  readonly labels: number[];
  readonly logits: Rows[];
  readonly features: number[][];
  readonly kernels: number[][][];
  readonly biases: number[][];
  readonly rates: number[];
  readonly neighbours: number;
  readonly columns: Record<string, Record<string, number[]>>;
  readonly lastLayer: Record<string, number[]>;
  readonly confidentJoint: { thresholds: number[]; counts: number[][]; joint: number[][] };
  readonly labelIssues: {
    readonly probabilities: number[][];
    readonly labels: number[];
    readonly found: Record<NonNullable<LabelIssuesOptions['method']>, number[]>;
  };
  readonly prototypicality: { cosine: number[]; euclidean: number[] };
  readonly predictionDepth: number[];
}

const golden = JSON.parse(readFileSync(new URL('metrics.golden.json', import.meta.url), 'utf8')) as Golden;
const labels = Int32Array.from(golden.labels);
const test = suite('metrics against NumPy');

const forwardMetrics = (): Metric[] => [
  el2n(),
  el2n({ name: 'el2n-last', at: 'last' }),
  aum(),
  margin(),
  entropy(),
  meanLoss(),
  dataMaps(),
  dataIq(),
  forgetting(),
  confidentLearning(),
  trajectoryVariance(loss),
  trajectoryVariance(freeEnergy, { reduce: 'std', ddof: 1 }),
];

/** Signed differences are close to 0 by cancellation: they are held to 1e-5 of what was subtracted, of order 1. */
const DIFFERENCES = new Set(['aum', 'margin', 'normalisedMargin']);

/** Identity on the features, then a linear head: `h` is what the last layer takes. */
function headModel(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.activation({ name: 'h', activation: 'linear', inputShape: [golden.features[0]?.length ?? 0] }),
      tf.layers.dense({ name: 'head', units: golden.biases[0]?.length ?? 0 }),
    ],
  });
}

function moveTo(model: tf.LayersModel, checkpoint: number): void {
  tf.tidy(() => {
    model.setWeights([tf.tensor2d(golden.kernels[checkpoint]!), tf.tensor1d(golden.biases[checkpoint]!)]);
  });
}

for (const backend of testBackends()) {
  test(`${backend}: forward-only metrics agree to 1e-5, in chunks of 5, whole and merged from two windows`, async () => {
    await selectBackend(backend);
    const variants = [{}, { chunkSize: 24 }, { windows: { early: epochs(0, 2) } }];
    for (const options of variants) {
      const tracker = await trackerOf(forwardMetrics(), golden.labels, golden.logits, options);
      assert.equal([...tracker.metrics].toSorted(), Object.keys(golden.columns).toSorted());
      for (const [name, expected] of Object.entries(golden.columns)) {
        const columns = await tracker.columns(name);
        assert.equal(Object.keys(columns), Object.keys(expected), `columns of ${name}, in order`);
        for (const [column, values] of Object.entries(expected)) {
          const floor = DIFFERENCES.has(column) ? 1 : 0;
          assertClose(columns[column]?.values ?? [], values, `${name}.${column}`, { floor });
        }
      }
      tracker.dispose();
    }
  });

  test(`${backend}: metrics of the last layer equal the length of the gradient itself`, async () => {
    await selectBackend(backend);
    const model = headModel();
    const tracker = createTracker({
      inputs: tf.tensor2d(golden.features),
      labels,
      chunkSize: 7,
      metrics: [
        grand(),
        grand({ name: 'grand-without-bias', bias: false, layer: 'h' }),
        selfInfluence({ learningRate: ({ epoch }) => golden.rates[epoch] ?? Number.NaN }),
      ],
    });
    for (const epoch of golden.rates.keys()) {
      moveTo(model, epoch);
      await tracker.checkpoint(model, { epoch });
    }
    for (const [name, expected] of Object.entries(golden.lastLayer)) {
      assertClose((await tracker.scores(name)).values, expected, name);
    }
    tracker.dispose();
    model.dispose();
  });

  test(`${backend}: prototypicality and prediction depth agree`, async () => {
    await selectBackend(backend);
    const model = headModel();
    moveTo(model, golden.rates.length - 1);
    const probe = { inputs: tf.tensor2d(golden.features), labels };
    for (const distance of ['cosine', 'euclidean'] as const) {
      const scores = await prototypicality(model, probe, { distance, chunkSize: 5 });
      assertClose(scores.values, golden.prototypicality[distance], distance);
      assert.is(scores.hardDirection, 'high');
    }
    const depth = await predictionDepth(model, probe, { layers: ['h', 'head'], k: golden.neighbours });
    assert.equal([...depth.values], golden.predictionDepth);
    assert.is(depth.hardDirection, 'high');
    model.dispose();
  });
}

test('the confident joint of the tracked probabilities agrees', async () => {
  await selectBackend(testBackends()[0]);
  const tracker = await trackerOf([confidentLearning()], golden.labels, golden.logits);
  const { thresholds, counts, joint } = confidentJoint(probabilitiesOf(await tracker.columns()), labels);
  assertClose(thresholds, golden.confidentJoint.thresholds, 'thresholds');
  assert.equal([...counts], golden.confidentJoint.counts.flat());
  assertClose(joint, golden.confidentJoint.joint.flat(), 'joint', { tolerance: 1e-12 });
  tracker.dispose();
});

test('label issues agree, in order, for each of the five methods, which all differ', () => {
  const { probabilities, labels: given, found } = golden.labelIssues;
  const shaped = { data: Float32Array.from(probabilities.flat()), shape: [given.length, 4] };
  const methods = Object.keys(found) as (keyof typeof found)[];
  assert.is(methods.length, 5);
  for (const method of methods) {
    const issues = labelIssues(shaped, given, { method });
    assert.equal(
      issues.map(({ index }) => index),
      found[method],
      method,
    );
    assert.ok(issues.every((issue) => issue.given === given[issue.index] && issue.proposed !== issue.given));
  }
});

test.run();
