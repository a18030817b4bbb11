import type * as tf from '@tensorflow/tfjs';

/** The line on which both classes' logits are equal: `normal · (x, y) + offset = 0`, class 1 on its positive side. */
export interface Boundary {
  readonly normal: readonly [number, number];
  readonly offset: number;
}

/**
 * The decision boundary of a network of two linear layers: it computes `(x W1 + b1) W2 + b2`, whose two logits differ by
 * a linear function.
 */
export async function boundaryOf(model: tf.LayersModel): Promise<Boundary> {
  const [w1, b1, w2, b2] = await Promise.all(model.getWeights().map((weight) => weight.array()));
  const hidden = w1 as number[][];
  const output = w2 as number[][];
  const difference = output.map(([first = 0, second = 0]) => second - first);
  const dot = (weights: readonly number[]) => weights.reduce((sum, value, j) => sum + value * (difference[j] ?? 0), 0);
  const [first = 0, second = 0] = b2 as number[];
  return { normal: [dot(hidden[0] ?? []), dot(hidden[1] ?? [])], offset: dot(b1 as number[]) + second - first };
}

/** Signed distance of each point `[N, 2]` from the line, positive on the side of class 1. */
export function signedDistances({ normal: [a, b], offset }: Boundary, points: Float32Array): Float64Array {
  const length = Math.hypot(a, b);
  return Float64Array.from({ length: points.length / 2 }, (_, i) => {
    const [x = 0, y = 0] = points.subarray(2 * i, 2 * i + 2);
    return (a * x + b * y + offset) / length;
  });
}
