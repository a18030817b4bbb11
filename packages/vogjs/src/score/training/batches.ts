import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '@vogjs/base';
import type { ChunkSource } from '@vogjs/core';
import type { Dataset } from '../data/dataset.js';
import { shifted } from './shift.js';

/** What an epoch is made of. */
export interface BatchPlan {
  /** Examples to train on, by their index; null for all. */
  readonly rows: Int32Array | null;
  readonly batchSize: number;
  readonly seed: number;
  /** The network that is trained: by its loss it takes class indices `[n]`, or a column an output. */
  readonly model: tf.LayersModel;
}

/** Shapes of one example's inputs. */
export function shapesOf({ shape }: ChunkSource): readonly (readonly number[])[] {
  return Array.isArray(shape[0]) ? (shape as readonly (readonly number[])[]) : [shape as readonly number[]];
}

/** Number of classes that labels from 0 count. */
export function classCount(labels: Int32Array): number {
  return labels.reduce((most, label) => Math.max(most, label), -1) + 1;
}

/** Steps of an epoch. A rest of one example would make batch normalisation divide by 0 and is left out. */
export function stepsOf(count: number, batchSize: number): number {
  const rest = count % batchSize;
  return Math.max(1, Math.floor(count / batchSize) + Number(rest > 1));
}

/**
 * The training set, in an order of its own for each epoch, drawn from the seed and the epoch, so that a training that is
 * gone on with sees the same batches. Pictures are moved a little, each time anew.
 *
 * @param epoch asked when an epoch's batches are begun
 */
export function trainingBatches(
  dataset: Dataset,
  { rows, batchSize, seed, model }: BatchPlan,
  epoch: () => number,
): tf.data.Dataset<tf.TensorContainer> {
  const count = rows?.length ?? dataset.size;
  const shapes = shapesOf(dataset.inputs);
  const isPicture = dataset.kind === 'images' && shapes.length === 1;
  async function* batches(): AsyncGenerator<tf.TensorContainer> {
    const random = seededRandom(seed * 7919 + epoch() + 1);
    const order = random.shuffle(count).map((at) => rows?.[at] ?? at);
    for (let step = 0; step < stepsOf(count, batchSize); step++) {
      const chosen = order.subarray(step * batchSize, (step + 1) * batchSize);
      const inputs = await inputsOf(dataset, chosen, shapes);
      const pictures = isPicture
        ? [shifted(inputs[0] as Float32Array, shapes[0] as readonly number[], random)]
        : inputs;
      const xs = pictures.map((data, at) => tf.tensor(data, [chosen.length, ...(shapes[at] as readonly number[])]));
      const ys = targetsOf(
        model,
        Int32Array.from(chosen, (row) => dataset.labels?.[row] as number),
      );
      yield { xs: xs.length === 1 ? (xs[0] as tf.Tensor) : xs, ys } as unknown as tf.TensorContainer;
    }
  }
  return tf.data.generator(batches as unknown as () => Promise<Iterator<tf.TensorContainer>>);
}

/** Labels as the loss of a network takes them. A loss of somebody's own gets a column an output, as a tracker gives it. */
function targetsOf({ loss, outputs }: tf.LayersModel, labels: Int32Array): tf.Tensor {
  if (loss === 'sparseCategoricalCrossentropy') return tf.tensor1d(Float32Array.from(labels));
  const units = outputs[0]?.shape.at(-1) ?? 1;
  if (units === 1) return tf.tensor2d(Float32Array.from(labels), [labels.length, 1]);
  return tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), units).toFloat());
}

/** Inputs of examples anywhere in the data, `[count, …]` each. */
export async function inputsOf(
  { inputs }: Dataset,
  rows: Int32Array,
  shapes: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const lists = shapes.map((shape) => new Float32Array(rows.length * sizeOf(shape)));
  for (const [at, row] of rows.entries()) {
    const read = await inputs.read(row, row + 1);
    const parts = (shapes.length === 1 ? [read] : read) as readonly ArrayLike<number>[];
    for (const [input, part] of parts.entries()) lists[input]?.set(part, at * part.length);
  }
  return lists;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
