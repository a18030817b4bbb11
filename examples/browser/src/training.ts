// One run: a small convolutional network, and a tracker that scores every example after each epoch.
import * as tf from '@tensorflow/tfjs';
import { asCallback, fitCallback } from '@vogjs/callback';
import { createTracker, seededRandom } from '@vogjs/core';
import { dataMaps, vog } from '@vogjs/metrics';
import { broadcastTracker } from '@vogjs/run/record';
import { type Examples, pixelsOf } from './examples.js';

export type Reading = 'vog-loss' | 'vog';

/** What is known after a checkpoint. Arrays hold one value an example. */
export interface Snapshot {
  readonly epoch: number;
  readonly scores: Readonly<Record<Reading, Float32Array>>;
  /** Positions, hardest first. */
  readonly rankings: Readonly<Record<Reading, Int32Array>>;
  readonly percentiles: Readonly<Record<Reading, Float32Array>>;
  readonly confidence: Float32Array;
  readonly variability: Float32Array;
  readonly correctness: Float32Array;
  readonly loss: number;
  readonly accuracy: number;
}

export interface RunListener {
  batch(done: number, total: number): void;
  checkpoint(done: number, total: number): void;
  snapshot(snapshot: Snapshot): void;
}

/** A run under way or ended; `dispose` frees its memory. */
export interface Run {
  readonly finished: Promise<void>;
  /** Ends training after the batch in hand. */
  stop(): void;
  /** Probability of each class for one example, by the weights of now. */
  predict(index: number): Promise<Float32Array>;
  dispose(): void;
}

const BATCH_SIZE = 32;
/** Examples a pass: small, so that the page answers while WASM computes on its thread. */
const CHUNK_SIZE = 50;

function network({ side, channels, classNames }: Examples, seed: number): tf.LayersModel {
  const { conv2d, dense, flatten, maxPooling2d } = tf.layers;
  const drawn = (offset: number) => ({ kernelInitializer: tf.initializers.heNormal({ seed: seed * 10 + offset }) });
  const common = { kernelSize: 3, padding: 'same', activation: 'relu' } as const;
  const model = tf.sequential({
    layers: [
      conv2d({ inputShape: [side, side, channels], filters: 8, ...common, ...drawn(1) }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, ...common, ...drawn(2) }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: classNames.length, activation: 'softmax', ...drawn(3) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.003), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

function shuffled({ size, labels, classNames }: Examples, seed: number): { order: Int32Array; ys: Float32Array } {
  const order = Int32Array.from(seededRandom(seed + 1).shuffle(size));
  const ys = new Float32Array(size * classNames.length);
  for (const [row, index] of order.entries()) ys[row * classNames.length + labels[index]!] = 1;
  return { order, ys };
}

export function startRun(examples: Examples, epochs: number, seed: number, listener: RunListener): Run {
  const { size, side, channels, labels, classNames, ids } = examples;
  const shape: [number, number, number, number] = [size, side, side, channels];
  const model = network(examples, seed);
  const inputs = tf.tidy(() => tf.div(tf.tensor4d(Float32Array.from(examples.pixels), shape), 255));
  const { order, ys } = shuffled(examples, seed);
  const targets = tf.tensor2d(ys, [size, classNames.length]);
  const trained = tf.tidy(() => tf.gather(inputs, tf.tensor1d(order, 'int32')));
  const tracker = createTracker({
    inputs,
    labels,
    ids,
    classNames,
    metrics: [vog({ name: 'vog-loss', activation: 'loss' }), vog(), dataMaps()],
    chunkSize: CHUNK_SIZE,
  });
  // For the live view, in this page or in another tab.
  const broadcast = broadcastTracker(tracker, {
    name: examples.title,
    by: 'vog-loss',
    images: { data: examples.pixels, shape },
  });
  tracker.on('progress', ({ done, total }) => listener.checkpoint(done, total));

  const batches = Math.ceil(size / BATCH_SIZE) * epochs;
  let batch = 0;
  const followed = asCallback({
    onBatchEnd: () => listener.batch(++batch, batches),
    onEpochEnd: async (epoch, logs) => listener.snapshot(await snapshotOf(epoch + 1, logs)),
  });

  async function snapshotOf(epoch: number, logs: tf.Logs | undefined): Promise<Snapshot> {
    const [loss, probability] = [await tracker.scores('vog-loss'), await tracker.scores('vog')];
    const map = await tracker.columns('data-maps');
    return {
      epoch,
      scores: { 'vog-loss': loss.values, vog: probability.values },
      rankings: { 'vog-loss': loss.ranking(), vog: probability.ranking() },
      percentiles: { 'vog-loss': loss.percentiles(), vog: probability.percentiles() },
      confidence: map['confidence']!.values,
      variability: map['variability']!.values,
      correctness: map['correctness']!.values,
      loss: Number(logs?.['loss']),
      accuracy: Number(logs?.['acc']),
    };
  }

  async function train(): Promise<void> {
    await broadcast;
    await model.fit(trained, targets, {
      epochs,
      batchSize: BATCH_SIZE,
      shuffle: true,
      verbose: 0,
      callbacks: [fitCallback(tracker, { logs: false }), followed as unknown as tf.Callback],
    });
  }

  return {
    finished: train(),
    stop: () => void (model.stopTraining = true),
    predict: async (index) => {
      const output = tf.tidy(() => {
        const image = tf.tensor4d(Float32Array.from(pixelsOf(examples, index)), [1, side, side, channels]);
        return model.predict(tf.div(image, 255)) as tf.Tensor;
      });
      const values = (await output.data<'float32'>()).slice();
      output.dispose();
      return values;
    },
    dispose: () => {
      void broadcast.then(({ close }) => close());
      tracker.dispose();
      model.optimizer.dispose();
      model.dispose();
      tf.dispose([inputs, targets, trained]);
    },
  };
}
