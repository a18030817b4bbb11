import { readFileSync } from 'node:fs';
import { selectBackend } from '@vogjs/core/node';
import { testBackends } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { fitDetectors } from '../scoring/fit.js';
import { scoreOod } from '../scoring/score.js';
import type { Detector } from './detector.js';

// Test support: each detector against NumPy, SciPy, scikit-learn and PyTorch (test/golden/ood-detectors.py), on a network
// whose features have a regular covariance, and on one whose covariance has no inverse.

interface Network {
  readonly weights: [number[][], number[], number[][], number[]];
  readonly labels: number[];
  readonly fit: number[][];
  readonly scored: number[][];
  readonly deviation: number[];
}

type ByKind<T> = Readonly<Record<'regular' | 'singular', T>>;

const read = <T>(url: URL): ByKind<T> => JSON.parse(readFileSync(url, 'utf8')) as ByKind<T>;
const networks = read<Network>(new URL('shared/networks.golden.json', import.meta.url));

function modelOf([first, firstBias, kernel, bias]: Network['weights']): tf.LayersModel {
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

/**
 * Adds the tests that hold the variants of a detector against its golden scores.
 *
 * @param variants by the names of the golden scores; told the deviation of each input
 * @param scores the file of them
 */
export function againstGolden(
  test: Test,
  variants: (deviation: readonly number[]) => readonly Detector[],
  scores: URL,
): void {
  const golden = read<Record<string, number[]>>(scores);
  for (const backend of testBackends()) {
    for (const kind of ['regular', 'singular'] as const) {
      test(`${backend}, ${kind} covariance: scores agree with the golden ones to 1e-5, in chunks of 7 and of 100`, async () => {
        await selectBackend(backend);
        const { weights, labels, fit, scored, deviation } = networks[kind];
        const detectors = variants(deviation);
        assert.equal(
          detectors.map(({ name }) => name),
          Object.keys(golden[kind]),
        );
        const model = modelOf(weights);
        for (const chunkSize of [7, 100]) {
          const fitSet = { inputs: tf.tensor2d(fit), labels: Int32Array.from(labels) };
          const fitted = await fitDetectors(model, fitSet, detectors, { chunkSize });
          const found = await scoreOod(model, { inputs: tf.tensor2d(scored) }, fitted, { chunkSize });
          for (const [name, values] of Object.entries(golden[kind])) {
            const error = relativeError(found[name]!.values, values);
            assert.ok(error < 1e-5, `${name}: off by ${error} of the largest score`);
            assert.is(found[name]!.oodDirection, 'low');
            assert.is(found[name]!.detector, name);
          }
        }
        model.dispose();
      });
    }
  }
}

/** Adds a test that bad options are refused. */
export function refuses(test: Test, bad: readonly (() => unknown)[]): void {
  test('bad options are refused: ARGUMENT_INVALID', () => {
    assert.ok(bad.length > 0);
    for (const make of bad) {
      assert.throws(make, (error: { code?: unknown }) => error.code === 'ARGUMENT_INVALID', String(make));
    }
  });
}
