// In the page: scores as in Node, and how long fit keeps the page from doing anything else.
import * as tf from '@tensorflow/tfjs';
import { asCallback, trackDifficulty } from '@vogjs/callback';
import { repairBackend } from '@vogjs/backend/repair';
import { lenet } from '../../networks.js';
import { type Images, scoresOf } from '../scoring.js';
import { startBackend } from './backend.js';

/** Turns of the event loop, each by a message: what a page needs to paint and to hear its visitor. */
class Heartbeat {
  beats = 0;
  /** Milliseconds between two beats, at most. */
  longest = 0;
  private last = performance.now();
  private readonly channel = new MessageChannel();

  constructor() {
    this.channel.port1.addEventListener('message', () => {
      const now = performance.now();
      this.longest = Math.max(this.longest, now - this.last);
      this.last = now;
      this.beats++;
      this.channel.port2.postMessage(null);
    });
    this.channel.port1.start();
    this.channel.port2.postMessage(null);
  }

  stop(): void {
    // A page that never turned has no second beat: the time since the first counts too.
    this.longest = Math.max(this.longest, performance.now() - this.last);
    this.channel.port1.close();
  }
}

interface FitFacts {
  /** Longest time that nothing else could run, in milliseconds. */
  readonly longest: number;
  /** Beats since the batch before, at the end of each batch but the first. */
  readonly beatsPerBatch: readonly number[];
  /** Beats within each checkpoint, and its chunks. */
  readonly beatsPerCheckpoint: readonly number[];
  readonly chunks: number;
  readonly milliseconds: number;
}

/** Trains LeNet for two epochs: beside a tracker with this chunk size, beside a callback that does nothing, or alone. */
async function fit({ pixels, labels }: Images, beside: number | 'idle callback' | null): Promise<FitFacts> {
  const batchSize = 32;
  const chunkSize = typeof beside === 'number' ? beside : null;
  repairBackend();
  const model = lenet();
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  const inputs = tf.tensor4d(
    Float32Array.from(pixels, (pixel) => pixel / 255),
    [labels.length, 28, 28, 1],
  );
  const ys = tf.tidy(() => tf.oneHot(tf.tensor1d([...labels], 'int32'), 10).toFloat());
  // Shaders and kernels are compiled before the measurement: that happens once a page, whatever it runs.
  await model.fit(inputs, ys, { epochs: 1, batchSize, verbose: 0 });
  const warm = chunkSize === null ? null : trackDifficulty({ inputs, labels: Int32Array.from(labels), chunkSize });
  await warm?.tracker.checkpoint(model, { epoch: 0 });
  await warm?.scores();
  warm?.dispose();

  const heart = new Heartbeat();
  const beatsPerBatch: number[] = [];
  const beatsPerCheckpoint: number[] = [];
  let before = 0;
  const callbacks: tf.Callback[] = [];
  if (beside === 'idle callback') callbacks.push(asCallback({}) as unknown as tf.Callback);
  const difficulty =
    chunkSize === null ? null : trackDifficulty({ inputs, labels: Int32Array.from(labels), chunkSize });
  if (difficulty !== null) {
    let began = 0;
    difficulty.tracker.on('checkpointBegin', () => (began = heart.beats));
    difficulty.tracker.on('checkpointEnd', () => beatsPerCheckpoint.push(heart.beats - began));
    const counter = asCallback({
      onBatchEnd: (batch) => {
        if (batch > 0) beatsPerBatch.push(heart.beats - before);
        before = heart.beats;
      },
    });
    callbacks.push(difficulty, counter as unknown as tf.Callback);
  }
  const began = performance.now();
  await model.fit(inputs, ys, {
    epochs: 2,
    batchSize,
    verbose: 0,
    ...(callbacks.length > 0 ? { callbacks } : {}),
  });
  const milliseconds = performance.now() - began;
  heart.stop();
  difficulty?.dispose();
  tf.dispose([inputs, ys]);
  model.dispose();
  const chunks = chunkSize === null ? 0 : Math.ceil(labels.length / chunkSize);
  return { longest: heart.longest, beatsPerBatch, beatsPerCheckpoint, chunks, milliseconds };
}

const tests = { startBackend, scoresOf, fit };
export type ScoreTests = typeof tests;
Object.assign(globalThis, { tests });
