import { createTracker, type ScorableModel, type Tracker, type TrackerOptions } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';
import { normals, randomOf } from '@vogjs/testing';
import { smallDense, nudge, CLASSES } from './models.js';
import { integers } from './random.js';

/** A probe and a model whose weights move by themselves, the same for the same salt. */
export interface Scene {
  readonly inputs: { data: Float32Array; shape: number[] };
  readonly labels: Int32Array;
  readonly model: tf.LayersModel;
  /** Moves the weights as a training epoch would. */
  train(): void;
}

export function sceneOf(salt: number, size = 10): Scene {
  const random = randomOf(salt);
  const model = smallDense(random);
  return {
    inputs: { data: normals(random, size * 4), shape: [size, 4] },
    labels: integers(random, size, CLASSES),
    model,
    train: () => nudge(model, random),
  };
}

export function trackerOf(scene: Scene, options: Omit<TrackerOptions, 'inputs'>): Tracker {
  return createTracker({ inputs: scene.inputs, labels: scene.labels, chunkSize: 4, ...options });
}

/** Epochs `from` to `to` of a loop of one's own. */
export async function runEpochs(scene: Scene, trackers: readonly Tracker[], from: number, to: number): Promise<void> {
  for (let epoch = from; epoch < to; epoch++) {
    scene.train();
    for (const tracker of trackers) await tracker.checkpoint(scene.model as ScorableModel, { epoch });
  }
}

/** All scores of a tracker, by metric and window: plain numbers. */
export async function scoresOf(
  tracker: Tracker,
  windows: readonly string[] = ['complete'],
): Promise<Record<string, number[]>> {
  const all: Record<string, number[]> = {};
  for (const metric of tracker.metrics) {
    for (const window of windows) {
      const { values, checkpoints } = await tracker.scores(metric, { window });
      all[`${metric} ${window}`] = [checkpoints, ...values];
    }
  }
  return all;
}
