// What the tests of the curriculum share: random inputs that name their seed, and a model that writes down what it sees.
import * as tf from '@tensorflow/tfjs';
import {
  createTracker,
  seededRandom,
  type SeededRandom,
  type Tracker,
  type TrackerOptions,
  VogError,
} from '@vogjs/core';
import { meanLoss } from '@vogjs/metrics';
import { SEED } from '@vogjs/testing';
import * as assert from 'uvu/assert';

/** That `run` throws, or rejects with, a VogError of this code whose message says this. */
export async function refused(run: () => unknown, code: string, part: RegExp): Promise<void> {
  let error: unknown;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  assert.instance(error, VogError, `expected ${code}, got ${String(error)}`);
  assert.is((error as VogError).code, code, (error as VogError).message);
  assert.match((error as VogError).message, part);
}

/** A layer that notes the first feature of what it was trained with, the example's number, and takes it away. */
class Witness extends tf.layers.Layer {
  static className = 'Witness';
  readonly batches: number[][] = [];
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor2D;
    if (kwargs['training'] === true) this.batches.push(x.arraySync().map((row) => row[0] as number));
    return tf.mul(x, [[0, 1, 1, 1]]);
  }
}

/** Labelled examples whose first feature is their number, and a model that sees nothing in it. */
export interface Examples {
  readonly size: number;
  readonly xs: tf.Tensor2D;
  readonly ys: tf.Tensor2D;
  readonly labels: Int32Array;
  readonly random: SeededRandom;
}

export function examplesOf(size: number, classes = 3, salt = 0): Examples {
  const random = seededRandom(SEED + 31 * salt);
  const data = Float32Array.from({ length: size * 4 }, (_, i) => (i % 4 === 0 ? i / 4 : random.normal()));
  // The first class is the largest; each has at least one example.
  const labels = Int32Array.from({ length: size }, (_, i) =>
    i < classes ? i : random.uniform() < 0.5 ? 0 : random.integer(classes),
  );
  const oneHot = new Float32Array(size * classes);
  for (const [i, label] of labels.entries()) oneHot[i * classes + label] = 1;
  return { size, xs: tf.tensor2d(data, [size, 4]), ys: tf.tensor2d(oneHot, [size, classes]), labels, random };
}

/** A model with random weights of this seed, and the batches that it was trained with. */
export function witnessModel(
  options: { classes?: number; seed?: number; optimizer?: tf.Optimizer; loss?: string } = {},
): { model: tf.Sequential; batches: number[][] } {
  const { classes = 3, seed = 1, optimizer = tf.train.sgd(0.2), loss = 'categoricalCrossentropy' } = options;
  const witness = new Witness({ inputShape: [4] } as ConstructorParameters<typeof Witness>[0]);
  const random = seededRandom(seed);
  const model = tf.sequential({ layers: [witness, tf.layers.dense({ units: classes, activation: 'softmax' })] });
  model.setWeights(
    model.getWeights().map((weight) =>
      tf.tensor(
        Float32Array.from({ length: weight.size }, () => random.normal()),
        weight.shape,
      ),
    ),
  );
  model.compile({ optimizer, loss, metrics: ['accuracy'] });
  return { model, batches: witness.batches };
}

/** A tracker of these examples, by default of their last loss. */
export function trackerOf({ xs, labels }: Examples, options: Partial<TrackerOptions> = {}): Tracker {
  return createTracker({ inputs: xs, labels, metrics: [meanLoss({ at: 'last', name: 'loss' })], ...options });
}
