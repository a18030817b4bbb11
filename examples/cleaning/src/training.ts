import { seededRandom } from '@vogjs/base';
import { curriculum, type CurriculumBatch } from '@vogjs/callback';
import { createTracker, type Metric, type Tracker } from '@vogjs/core';
import { fuseForTraining } from '@vogjs/example-models';
import { learningRateAt, weightedStep } from '@vogjs/example-shared';
import * as tf from '@tensorflow/tfjs';
import { accuraciesOf } from './accuracy.js';
import type { CleaningData } from './data.js';
import { type Method, type Shown, untouched } from './methods.js';
import { CLASSES, networkOf } from './network.js';
import type { Settings } from './settings.js';
import { type Suspects, suspectMetrics, suspectsOf } from './suspects.js';

/** One training, judged after each epoch. */
export interface Trained {
  /** Share of the test images that the network names by their clean labels. */
  readonly test: readonly number[];
  /** Share of the held-out images by their given labels: what may choose an epoch. */
  readonly heldOut: readonly number[];
  /** The same of the first 200 test images, by given and by clean labels, after the last epoch. */
  readonly small: { readonly given: number; readonly clean: number };
  /** Examples shown, in passes over all training examples. */
  readonly passes: number;
  /** Forward passes over all of them that scores needed. */
  readonly scored: number;
  /** Share of wrong labels among what was shown, as it was shown. */
  readonly wrongShown: number;
  readonly seconds: number;
}

/**
 * Trains a network from the initial weights of a seed. Every method takes as many steps of the same size, but one that
 * is made to save them.
 *
 * @param suspects what the plain training found; null for the plain training itself, which then finds them
 */
export async function train(
  data: CleaningData,
  method: Method,
  suspects: Suspects | null,
  settings: Settings & { readonly seed: number },
): Promise<{ readonly trained: Trained; readonly suspects: Suspects | null }> {
  const started = performance.now();
  const { epochs, batchSize, learningRate, seed } = settings;
  const [size, ...shape] = data.train.shape as [number, number, number, number];
  const model = networkOf(settings.network, { shape, width: settings.width, seed });
  const undo = fuseForTraining(model);
  const optimizer = tf.train.momentum(learningRate, 0.9);
  const inputs = tf.tensor(data.train.data, [size, ...shape]);
  const shown = suspects && method.clean ? method.clean(suspects, data.train) : untouched(data.train);
  const metrics = metricsOf(method, suspects);
  const tracker =
    metrics && createTracker({ inputs, labels: data.train.labels, metrics, chunkSize: 500, total: { epochs } });
  const steps = Math.floor(size / batchSize);
  const batches = batchesOf(method, shown, tracker, { batchSize, steps, seed });
  const totals = { shown: 0, wrong: 0, scored: 0 };
  const test: number[] = [];
  const heldOut: number[] = [];
  let small = { given: Number.NaN, clean: Number.NaN };
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      let step = 0;
      for await (const batch of batches(epoch)) {
        // One that saves steps has as much of the cycle behind it after an epoch as the others.
        const progress = (epoch + Math.min(1, step / steps)) / epochs;
        optimizer.setLearningRate(learningRateAt({ learningRate, schedule: 'cosine' }, progress));
        weightedStep(model, optimizer, inputs, shown.labels, CLASSES, batch);
        step += 1;
        totals.shown += batch.indices.length;
        for (const i of batch.indices) totals.wrong += Number(shown.labels[i] !== data.train.clean[i]);
      }
      if (tracker !== null && (suspects === null || epoch < epochs - 1)) {
        await tracker.checkpoint(model, { epoch });
        totals.scored += 1;
      }
      const onTest = await accuraciesOf(model, data.test);
      test.push(onTest.clean);
      small = onTest.small;
      heldOut.push((await accuraciesOf(model, data.heldOut)).given);
    }
    const trained = {
      test,
      heldOut,
      small,
      passes: totals.shown / size,
      scored: totals.scored,
      wrongShown: totals.wrong / totals.shown,
      seconds: (performance.now() - started) / 1000,
    };
    const found = tracker !== null && suspects === null ? await suspectsOf(tracker, data.train) : suspects;
    return { trained, suspects: found };
  } finally {
    tracker?.dispose();
    undo();
    optimizer.dispose();
    model.dispose();
    inputs.dispose();
  }
}

/** Metrics that a training is scored by; null for one that looks at no scores. */
function metricsOf(method: Method, suspects: Suspects | null): Metric[] | null {
  if (suspects === null) return suspectMetrics();
  return method.order ? [method.order.metric()] : null;
}

type Batches = (epoch: number) => AsyncIterable<CurriculumBatch> | Iterable<CurriculumBatch>;

function batchesOf(
  { order }: Method,
  shown: Shown,
  tracker: Tracker | null,
  { batchSize, steps, seed }: { readonly batchSize: number; readonly steps: number; readonly seed: number },
): Batches {
  if (order === undefined || tracker === null) return (epoch) => shuffled(shown, { batchSize, steps, seed, epoch });
  const own = curriculum(tracker, { ...order.options, seed });
  return (epoch) => own.batches(epoch, { batchSize, ...(order.saves ? {} : { stepsPerEpoch: steps }) });
}

/** An epoch of equal batches, in as many passes over the rows as it takes. */
function* shuffled(
  { rows, weights }: Shown,
  {
    batchSize,
    steps,
    seed,
    epoch,
  }: { readonly batchSize: number; readonly steps: number; readonly seed: number; readonly epoch: number },
): Generator<CurriculumBatch> {
  const random = seededRandom(seed * 100_003 + epoch);
  let order = random.shuffle(rows.length);
  let at = 0;
  for (let step = 0; step < steps; step++) {
    const indices = new Int32Array(batchSize);
    for (let filled = 0; filled < batchSize; filled++) {
      if (at === order.length) [order, at] = [random.shuffle(rows.length), 0];
      indices[filled] = rows[order[at] as number] as number;
      at += 1;
    }
    yield { indices, weights: Float32Array.from(indices, (i) => weights?.[i] ?? 1) };
  }
}
