import { curriculum } from '@vogjs/callback';
import { createTracker } from '@vogjs/core';
import { learningRateAt, predictedClasses, weightedStep } from '@vogjs/example-shared';
import * as tf from '@tensorflow/tfjs';
import { looksAtScores, type Method, trackedMetrics } from './methods.js';
import { smallNetwork } from './network.js';
import type { CurriculumExampleOptions } from './options.js';
import type { TrainingData } from './training-data.js';

/** What decides a run beside its method, data and seed. */
export type RunSettings = Pick<CurriculumExampleOptions, 'epochs' | 'network' | 'width' | 'learningRate' | 'batchSize'>;

/** One training run. */
export interface Run {
  readonly seed: number;
  /** Share of the test images whose class the model names, after each epoch. */
  readonly accuracy: readonly number[];
  /** Share of wrong labels among the examples shown, by epoch. */
  readonly wrongShown: readonly number[];
  /** Share of the training examples shown at least once, by epoch. */
  readonly shown: readonly number[];
  readonly steps: number;
  readonly seconds: number;
}

/**
 * Trains with one method. An epoch has as many steps as one pass over the whole set takes, whatever is shown, so that
 * all methods take the same number of steps of the same size. Runs of one seed begin with the same weights.
 */
export async function train(data: TrainingData, method: Method, seed: number, settings: RunSettings): Promise<Run> {
  const started = performance.now();
  const { epochs, network, width, learningRate, batchSize } = settings;
  const [size, ...shape] = data.train.shape as [number, number, number, number];
  const model = smallNetwork(network, { shape, classes: data.classes, width, seed });
  const optimizer = tf.train.momentum(learningRate, 0.9);
  const inputs = tf.tensor(data.train.data, [size, ...shape]);
  const tracker = createTracker({ inputs, labels: data.train.labels, metrics: trackedMetrics(), total: { epochs } });
  const order = curriculum(tracker, { ...method.options, seed });
  const stepsPerEpoch = Math.floor(size / batchSize);
  const run = { accuracy: [] as number[], wrongShown: [] as number[], shown: [] as number[] };
  let step = 0;
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const seen = new Uint8Array(size);
      let wrong = 0;
      for await (const { indices, weights } of order.batches(epoch, { batchSize, stepsPerEpoch })) {
        const recipe = { learningRate, schedule: 'cosine' } as const;
        optimizer.setLearningRate(learningRateAt(recipe, step / (epochs * stepsPerEpoch)));
        weightedStep(model, optimizer, inputs, data.train.labels, data.classes, { indices, weights });
        for (const index of indices) {
          seen[index] = 1;
          wrong += data.wrong[index] as number;
        }
        step += 1;
      }
      if (looksAtScores(method)) await tracker.checkpoint(model, { epoch, step });
      run.accuracy.push(await testAccuracy(model, data));
      run.wrongShown.push(wrong / (stepsPerEpoch * batchSize));
      run.shown.push(seen.reduce((sum, flag) => sum + flag, 0) / size);
    }
    return { seed, ...run, steps: step, seconds: (performance.now() - started) / 1000 };
  } finally {
    tracker.dispose();
    optimizer.dispose();
    model.dispose();
    inputs.dispose();
  }
}

async function testAccuracy(model: tf.LayersModel, { test }: TrainingData): Promise<number> {
  const predicted = await predictedClasses(model, test);
  return predicted.reduce((right, label, i) => right + Number(label === test.labels[i]), 0) / test.labels.length;
}
