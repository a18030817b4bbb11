import { createTracker, type Scores, stages } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { asPublished, trainNetwork } from '@vogjs/example-shared';
import { type Blobs, makeBlobs } from './blobs.js';
import { type Boundary, boundaryOf, signedDistances } from './boundary.js';

export interface ToyOptions {
  readonly examples: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly seed: number;
}

export const STAGES = ['early', 'middle', 'late'] as const;
export const READINGS = ['logit', 'softmax', 'loss'] as const;
type Stage = (typeof STAGES)[number];
export type Reading = (typeof READINGS)[number];

export interface ToyResult {
  readonly blobs: Blobs;
  readonly boundary: Boundary;
  /** Distance of each point from the trained boundary, 0 or more. */
  readonly distances: Float64Array;
  /** Share of wrong predictions. */
  readonly error: { readonly train: number; readonly test: number };
  /** VoG of all points by reading and stage. */
  readonly scores: Readonly<Record<Reading, Readonly<Record<Stage, Scores>>>>;
}

const HIDDEN = 10;
const BATCH_SIZE = 32;
const TEST_SHARE = 0.1;

/** Section A: a network with one linear hidden layer of ten neurons on two clusters, 90 % of them to train on. */
export async function runToy({ examples, epochs, learningRate, seed }: ToyOptions): Promise<ToyResult> {
  const blobs = makeBlobs({ examples, seed });
  const model = linearNetwork(seed);
  // The clusters come shuffled: the last tenth is a random one.
  const trained = examples - Math.round(examples * TEST_SHARE);
  const tracker = createTracker({
    inputs: { data: blobs.points, shape: [examples, 2] },
    labels: blobs.labels,
    metrics: READINGS.map((activation) => asPublished(vog({ name: activation, activation }))),
    windows: stages(3),
    total: { epochs },
  });
  try {
    await trainNetwork(
      model,
      { data: blobs.points.subarray(0, trained * 2), shape: [trained, 2], labels: blobs.labels.subarray(0, trained) },
      { epochs, batchSize: BATCH_SIZE, learningRate, schedule: 'constant', momentum: 0, flips: false, seed, tracker },
    );
    const scoresOf = async (reading: Reading) => ({
      early: await tracker.scores(reading, { window: 'early' }),
      middle: await tracker.scores(reading, { window: 'middle' }),
      late: await tracker.scores(reading, { window: 'late' }),
    });
    const boundary = await boundaryOf(model);
    const signed = signedDistances(boundary, blobs.points);
    const wrong = Array.from(signed, (distance, i) => Number(Number(distance > 0) !== blobs.labels[i]));
    return {
      blobs,
      boundary,
      distances: signed.map(Math.abs),
      error: { train: mean(wrong.slice(0, trained)), test: mean(wrong.slice(trained)) },
      scores: { logit: await scoresOf('logit'), softmax: await scoresOf('softmax'), loss: await scoresOf('loss') },
    };
  } finally {
    tracker.dispose();
    model.dispose();
  }
}

/** Two linear layers, no activation between: linear in its input, as the paper's. */
function linearNetwork(seed: number): tf.LayersModel {
  const initializer = (offset: number) => tf.initializers.heNormal({ seed: seed * 1000 + offset });
  return tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: HIDDEN, kernelInitializer: initializer(0) }),
      tf.layers.dense({ units: 2, kernelInitializer: initializer(1) }),
    ],
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
