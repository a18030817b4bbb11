import { seededRandom, type Tracker } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import type { ModelInputs } from './images.js';

/** How a network is trained: SGD with momentum, the learning rate falling to 0 along half a cosine, or constant. */
export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  /** The largest learning rate. */
  readonly learningRate: number;
  readonly schedule: 'cosine' | 'constant';
  /** Default 0.9; 0 is plain SGD. */
  readonly momentum?: number;
  /** Mirrors a random half of the images of every batch; images only. */
  readonly flips: boolean;
  /** Decides batches and flips. */
  readonly seed: number;
  /** Scores its probe at the end of every epoch. */
  readonly tracker: Tracker;
  readonly onEpoch?: (epoch: TrainedEpoch) => void;
}

export interface TrainedEpoch {
  /** From 0. */
  readonly epoch: number;
  /** Mean loss of the batches, each before its step. */
  readonly loss: number;
  readonly trainingSeconds: number;
  readonly scoringSeconds: number;
}

/**
 * Trains a model that gives logits, and lets the tracker take a checkpoint after every epoch.
 *
 * @returns what each epoch took
 */
export async function trainNetwork(
  model: tf.LayersModel,
  training: ModelInputs,
  options: TrainingOptions,
): Promise<TrainedEpoch[]> {
  const { epochs, batchSize, momentum = 0.9, tracker, onEpoch } = options;
  const optimizer = tf.train.momentum(options.learningRate, momentum);
  model.compile({ optimizer, loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits) });
  const size = training.shape[0];
  const steps = Math.ceil(size / batchSize);
  const random = seededRandom(options.seed);
  const history: TrainedEpoch[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const started = performance.now();
    let lossSum = 0;
    const order = random.shuffle(size);
    for (let step = 0; step < steps; step++) {
      const rate = learningRateAt(options, (epoch * steps + step) / (epochs * steps));
      optimizer.setLearningRate(rate);
      const rows = order.subarray(step * batchSize, (step + 1) * batchSize);
      const mirrored = Array.from(rows, () => options.flips && random.uniform() < 0.5);
      lossSum += await trainOnBatch(model, training, rows, mirrored);
    }
    const trained = performance.now();
    await tracker.checkpoint(model, { epoch, step: (epoch + 1) * steps });
    const record = {
      epoch,
      loss: lossSum / steps,
      trainingSeconds: (trained - started) / 1000,
      scoringSeconds: (performance.now() - trained) / 1000,
    };
    history.push(record);
    onEpoch?.(record);
  }
  optimizer.dispose();
  return history;
}

/** The learning rate after a share of the training, 0 to 1. */
export function learningRateAt(
  { learningRate, schedule }: Pick<TrainingOptions, 'learningRate' | 'schedule'>,
  progress: number,
): number {
  return schedule === 'constant' ? learningRate : (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
}

async function trainOnBatch(
  model: tf.LayersModel,
  { data, shape, labels }: ModelInputs,
  rows: Int32Array,
  mirrored: readonly boolean[],
): Promise<number> {
  const [, ...rest] = shape;
  const [, width = 1, channels = 1] = rest;
  const length = rest.reduce((product, dimension) => product * dimension, 1);
  const classes = model.outputs[0]?.shape.at(-1) ?? 0;
  const images = new Float32Array(rows.length * length);
  const oneHot = new Float32Array(rows.length * classes);
  for (const [i, row] of rows.entries()) {
    const image = data.subarray(row * length, (row + 1) * length);
    if (mirrored[i] === true) mirrorInto(images.subarray(i * length, (i + 1) * length), image, width, channels);
    else images.set(image, i * length);
    oneHot[i * classes + (labels[row] as number)] = 1;
  }
  const batch = [tf.tensor(images, [rows.length, ...rest]), tf.tensor2d(oneHot, [rows.length, classes])] as const;
  const loss = await model.trainOnBatch(batch[0], batch[1]);
  tf.dispose([...batch]);
  return Array.isArray(loss) ? (loss[0] as number) : loss;
}

/** Copies an image with its columns in reverse order. */
export function mirrorInto(target: Float32Array, image: Float32Array, width: number, channels: number): void {
  for (let at = 0; at < image.length; at += channels) {
    const column = (at / channels) % width;
    const to = at + (width - 1 - 2 * column) * channels;
    for (let channel = 0; channel < channels; channel++) target[to + channel] = image[at + channel] as number;
  }
}
