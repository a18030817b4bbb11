import { readFileSync } from 'node:fs';
import { createTracker, epochs, type Metric } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { checkMetric } from '@vogjs/core/plugin';
import { runSeed, testBackends } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose, type Rows, trackerOf } from './runs.test.helper.js';

// Test support: every metric against an independent implementation in NumPy (test/golden/metrics.py), and the laws.

interface Run {
  readonly labels: number[];
  readonly logits: Rows[];
  readonly features: number[][];
  readonly kernels: number[][][];
  readonly biases: number[][];
  readonly rates: number[];
}

/** Starts the first backend that tests run on. */
export async function firstBackend(): Promise<void> {
  await selectBackend(testBackends()[0]);
}

/** Expected values by metric and column. */
export type GoldenColumns = Readonly<Record<string, Readonly<Record<string, number[]>>>>;

/** Golden values: `golden(import.meta.url, 'el2n')`. */
export function golden(url: string, name: string): GoldenColumns {
  return goldenFile(url, name) as GoldenColumns;
}

/** Golden values that are more than columns. */
export function goldenFile(url: string, name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.golden.json`, url), 'utf8'));
}

/** The run of which the golden values are. */
export const run = goldenFile(import.meta.url, 'shared/run') as Run;

/** Signed differences are close to 0 by cancellation: they are held to 1e-5 of what was subtracted, of order 1. */
const DIFFERENCES = new Set(['aum', 'margin', 'normalisedMargin']);

/** Registers: these metrics, of the forward pass alone, agree to 1e-5, whole, in chunks, and merged from two windows. */
export function agreesWithNumPy(test: Test, expected: GoldenColumns, metrics: () => readonly Metric[]): void {
  for (const backend of testBackends()) {
    test(`${backend}: agrees with NumPy to 1e-5, in chunks of 5, whole and merged from two windows`, async () => {
      await selectBackend(backend);
      await assertGolden(expected, metrics());
    });
  }
}

/** Compares with golden values in three ways to run. */
export async function assertGolden(expected: GoldenColumns, metrics: readonly Metric[]): Promise<void> {
  for (const options of [{}, { chunkSize: 24 }, { windows: { early: epochs(0, 2) } }]) {
    const tracker = await trackerOf(metrics, run.labels, run.logits, options);
    assert.equal([...tracker.metrics].toSorted(), Object.keys(expected).toSorted());
    for (const [name, wanted] of Object.entries(expected)) {
      const columns = await tracker.columns(name);
      assert.equal(Object.keys(columns), Object.keys(wanted), `columns of ${name}, in order`);
      for (const [column, values] of Object.entries(wanted)) {
        const floor = DIFFERENCES.has(column) ? 1 : 0;
        assertClose(columns[column]?.values ?? [], values, `${name}.${column}`, { floor });
      }
    }
    tracker.dispose();
  }
}

/** Registers: these metrics of the last layer equal the length of the gradient itself. */
export function agreesWithGradients(
  test: Test,
  expected: Readonly<Record<string, number[]>>,
  metrics: () => readonly Metric[],
): void {
  for (const backend of testBackends()) {
    test(`${backend}: equals the length of the gradient itself, by NumPy`, async () => {
      await selectBackend(backend);
      const model = headModel();
      const labels = Int32Array.from(run.labels);
      const tracker = createTracker({ inputs: tf.tensor2d(run.features), labels, chunkSize: 7, metrics: metrics() });
      for (const epoch of run.rates.keys()) {
        moveTo(model, epoch);
        await tracker.checkpoint(model, { epoch });
      }
      assert.equal([...tracker.metrics].toSorted(), Object.keys(expected).toSorted());
      for (const [name, values] of Object.entries(expected)) {
        assertClose((await tracker.scores(name)).values, values, name);
      }
      tracker.dispose();
      model.dispose();
    });
  }
}

/** Identity on the features, then a linear head: `h` is what the last layer takes. */
export function headModel(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.activation({ name: 'h', activation: 'linear', inputShape: [run.features[0]?.length ?? 0] }),
      tf.layers.dense({ name: 'head', units: run.biases[0]?.length ?? 0 }),
    ],
  });
}

/** Gives the model the weights of a checkpoint. */
export function moveTo(model: tf.LayersModel, checkpoint: number): void {
  tf.tidy(() => {
    model.setWeights([tf.tensor2d(run.kernels[checkpoint]!), tf.tensor1d(run.biases[checkpoint]!)]);
  });
}

/** Registers: the metric keeps the laws that the engine rests on, in every variant. */
export function keepsLaws(test: Test, ...variants: readonly (() => Metric)[]): void {
  const seed = runSeed();
  for (const make of variants) {
    const { name, options } = make();
    test(`${name} ${JSON.stringify(options)} keeps all six laws (seed ${seed})`, async () => {
      await firstBackend();
      const { laws } = await checkMetric(make, { seed });
      assert.is(laws.length, 6);
    });
  }
}

/** Asserts that each call is refused as a wrong argument, by a message that says so. */
export function assertRefused(...calls: readonly [() => unknown, RegExp][]): void {
  for (const [call, message] of calls) {
    try {
      call();
    } catch (error) {
      assert.is((error as { code?: string }).code, 'ARGUMENT_INVALID', String(call));
      assert.match(String(error), message);
      continue;
    }
    assert.unreachable(String(call));
  }
}
