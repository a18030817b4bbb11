// Every detector against NumPy, SciPy, scikit-learn and PyTorch: test/golden/ood-detectors.py.
import { readFileSync } from 'node:fs';
import { testBackends } from '@vogjs/testing';
import { selectBackend } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Detector,
  energy,
  entropyScore,
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

interface Case {
  readonly weights: [number[][], number[], number[][], number[]];
  readonly labels: number[];
  readonly fit: number[][];
  readonly scored: number[][];
  readonly deviation: number[];
  readonly scores: Record<string, number[]>;
}

const golden = JSON.parse(readFileSync(new URL('detectors.golden.json', import.meta.url), 'utf8')) as Record<
  'regular' | 'singular',
  Case
>;
const test = suite('OoD detectors against NumPy, scikit-learn and PyTorch');

function allDetectors(deviation: readonly number[]): Detector[] {
  return [
    msp(),
    msp({ name: 'msp-1000', temperature: 1000 }),
    maxLogit(),
    energy(),
    energy({ name: 'energy-2', temperature: 2 }),
    entropyScore(),
    gen(),
    gen({ name: 'gen-3', gamma: 0.4, top: 3 }),
    odin(),
    odin({ name: 'odin-1', temperature: 1, epsilon: 0.05, channelStd: deviation }),
    gradNorm(),
    gradNorm({ name: 'grad-norm-2', temperature: 2 }),
    mahalanobis(),
    relativeMahalanobis(),
    knn(),
    knn({ name: 'knn-3', k: 3 }),
    vim(),
    vim({ name: 'vim-3', dimensions: 3 }),
    react(),
    react({ name: 'react-60', percentile: 60 }),
    klMatching(),
  ];
}

function modelOf([first, firstBias, kernel, bias]: Case['weights']): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: firstBias.length, inputShape: [first.length], activation: 'tanh' }),
      tf.layers.dense({ units: bias.length, activation: 'softmax' }),
    ],
  });
  tf.tidy(() => model.setWeights([tf.tensor2d(first), tf.tensor1d(firstBias), tf.tensor2d(kernel), tf.tensor1d(bias)]));
  return model;
}

/** The largest difference, in units of the largest expected value. */
function relativeError(found: ArrayLike<number>, expected: readonly number[]): number {
  assert.is(found.length, expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs((found[i] as number) - value))) / scale;
}

for (const backend of testBackends()) {
  for (const kind of ['regular', 'singular'] as const) {
    test(`${backend}, ${kind} covariance: all scores agree to 1e-5, in chunks of 7 and of 100`, async () => {
      await selectBackend(backend);
      const { weights, labels, fit, scored, deviation, scores: expected } = golden[kind];
      const model = modelOf(weights);
      for (const chunkSize of [7, 100]) {
        const detectors = allDetectors(deviation);
        assert.equal(
          detectors.map(({ name }) => name),
          Object.keys(expected),
        );
        const fitSet = { inputs: tf.tensor2d(fit), labels: Int32Array.from(labels) };
        const fitted = await fitDetectors(model, fitSet, detectors, { chunkSize });
        const scores = await scoreOod(model, { inputs: tf.tensor2d(scored) }, fitted, { chunkSize });
        for (const [name, values] of Object.entries(expected)) {
          const error = relativeError(scores[name]!.values, values);
          assert.ok(error < 1e-5, `${name}: off by ${error} of the largest score`);
          assert.is(scores[name]!.oodDirection, 'low');
          assert.is(scores[name]!.detector, name);
        }
      }
      model.dispose();
    });
  }
}

test.run();
