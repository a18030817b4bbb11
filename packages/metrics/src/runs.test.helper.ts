import { createTracker, type Metric, type ProbeOptions, type Tracker, type TrackerOptions } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import * as assert from 'uvu/assert';

// Test support: runs whose logits are given.

/** Logits of one checkpoint: one row per example. */
export type Rows = readonly (readonly number[])[];

/** A probe whose inputs are the examples' positions, for a model that looks its logits up. */
export function positions(count: number): tf.Tensor2D {
  return tf.tensor2d(
    Float32Array.from({ length: count }, (_, i) => i),
    [count, 1],
  );
}

/** A model that gives these logits, found by the position that is its input. */
export function lookUp(rows: Rows): (inputs: tf.Tensor | tf.Tensor[]) => tf.Tensor {
  return (inputs) => {
    const [input] = Array.isArray(inputs) ? inputs : [inputs];
    const at = tf.cast(tf.reshape(input as tf.Tensor, [-1]), 'int32');
    return tf.gather(
      tf.tensor2d(
        rows.map((row) => [...row]),
        [rows.length, rows[0]?.length ?? 0],
      ),
      at,
    );
  };
}

/** A tracker that has seen these logits, one checkpoint after the other. */
export async function trackerOf(
  metrics: readonly Metric[],
  labels: readonly number[],
  checkpoints: readonly Rows[],
  options: Partial<TrackerOptions> = {},
): Promise<Tracker> {
  const probe: ProbeOptions = { inputs: positions(labels.length), labels: Int32Array.from(labels) };
  const tracker = createTracker({ ...probe, metrics, chunkSize: 5, ...options });
  for (const [epoch, rows] of checkpoints.entries()) await tracker.checkpoint(lookUp(rows), { epoch });
  return tracker;
}

/** Values of each column of one metric. */
export async function columnsOf(
  metric: Metric,
  labels: readonly number[],
  checkpoints: readonly Rows[],
  options: Partial<TrackerOptions> = {},
): Promise<Record<string, number[]>> {
  const tracker = await trackerOf([metric], labels, checkpoints, options);
  try {
    const columns = await tracker.columns();
    return Object.fromEntries(Object.entries(columns).map(([name, { values }]) => [name, [...values]]));
  } finally {
    tracker.dispose();
  }
}

/** Asserts agreement relative to each expected value, or to `floor` where that is larger. */
export function assertClose(
  found: ArrayLike<number>,
  expected: readonly number[],
  what: string,
  { tolerance = 1e-5, floor = 0 }: { readonly tolerance?: number; readonly floor?: number } = {},
): void {
  assert.is(found.length, expected.length, what);
  for (const [i, value] of expected.entries()) {
    const other = found[i] as number;
    const isClose = Object.is(other, value) || Math.abs(other - value) <= tolerance * Math.max(Math.abs(value), floor);
    assert.ok(isClose, `${what}[${i}] is ${other}, expected ${value}`);
  }
}

/** p = (1/2, 1/4, 1/4). */
export const HALF: readonly number[] = [Math.log(2), 0, 0];
/** p = (1, 0, 0) in float32: exp(-200) underflows. */
export const SURE: readonly number[] = [200, 0, 0];
/** A logit of minus infinity, at the other two equal ones. */
export const CLOSED: readonly number[] = [0, 0, Number.NEGATIVE_INFINITY];
/** All but sure: what is left of p is exp(-30). */
export const CONFIDENT: readonly number[] = [30, 0, Number.NEGATIVE_INFINITY];
/** Two examples whose two logits are equal. */
export const EVEN: Rows = [
  [1, 1],
  [1, 1],
];
