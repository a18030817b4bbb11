import { createTracker } from '@vogjs/core';
import { imagesAt, type ImageSet, modelInputs } from '@vogjs/example-shared';
import { aum, el2n, meanLoss } from '@vogjs/metrics';
import { predictedLabel } from '@vogjs/ood';
import type { CheckpointFolder } from '../train/checkpoints.js';
import { READ, readingMetric } from './reading-metric.js';
import { WINDOWS, windowsOf } from './windows.js';

/** One number an image, by what it is: `softmax true late`, `el2n`, `predicted`, … */
export type Columns = Readonly<Record<string, Float32Array>>;

export const REFERENCES = ['el2n', 'mean-loss', 'aum'] as const;
export const TARGETS = ['true', 'predicted'] as const;

/** Images of one pass. */
const CHUNK = 100;

/** The name of a reading's column. */
export const columnOf = (read: string, target: string, window: string): string => `${read} ${target} ${window}`;

/**
 * Every reading of some images: each checkpoint is loaded once and its passes shared by all. "predicted" is the label
 * that the last checkpoint predicts, at all of them; where it is the true one the numbers are the same, so that only
 * the other images are passed again.
 */
export async function scoreShard(
  checkpoints: CheckpointFolder,
  images: ImageSet,
  onCheckpoint: (done: number) => void = () => {},
): Promise<Columns> {
  const own = await pass(checkpoints, images, images.labels, REFERENCES, onCheckpoint);
  const predicted = Int32Array.from(own['predicted-label'] as Float32Array);
  const wrong = [...predicted.keys()].filter((i) => predicted[i] !== images.labels[i]);
  const others =
    wrong.length === 0
      ? {}
      : await pass(
          checkpoints,
          imagesAt(images, wrong),
          Int32Array.from(wrong, (i) => predicted[i] as number),
          [],
          () => {},
        );
  const columns: Record<string, Float32Array> = {
    label: Float32Array.from(images.labels),
    predicted: Float32Array.from(predicted),
  };
  for (const name of REFERENCES) columns[name] = own[name] as Float32Array;
  for (const read of READ) {
    for (const window of WINDOWS) {
      const values = own[`${read} ${window}`] as Float32Array;
      const mixed = values.slice();
      for (const [k, i] of wrong.entries()) mixed[i] = others[`${read} ${window}`]?.[k] as number;
      columns[columnOf(read, 'true', window)] = values;
      columns[columnOf(read, 'predicted', window)] = mixed;
    }
  }
  return columns;
}

async function pass(
  checkpoints: CheckpointFolder,
  images: ImageSet,
  labels: Int32Array,
  references: readonly (typeof REFERENCES)[number][],
  onCheckpoint: (done: number) => void,
): Promise<Columns> {
  const { count } = checkpoints;
  const ranges = windowsOf(count);
  const named = READ.flatMap((read) => WINDOWS.map((window) => [`${read} ${window}`, read, ranges[window]] as const));
  // A metric's name has no spaces.
  const metrics = named.map(([name, read, range]) => readingMetric(name.replaceAll(' ', '-'), read, range));
  const known = { el2n: el2n(), 'mean-loss': meanLoss(), aum: aum() };
  const { data, shape } = modelInputs(images, checkpoints.scaling);
  const tracker = createTracker({
    inputs: { data, shape: [...shape] },
    labels,
    metrics: [...metrics, ...references.map((name) => known[name]), predictedLabel()],
    chunkSize: Math.min(CHUNK, labels.length),
  });
  try {
    for (let index = 0; index < count; index++) {
      await checkpoints.load(index);
      await tracker.checkpoint(checkpoints.model, { epoch: index });
      onCheckpoint(index + 1);
    }
    const columns: Record<string, Float32Array> = {};
    for (const [i, [name]] of named.entries()) {
      columns[name] = (await tracker.scores((metrics[i] as { name: string }).name)).values;
    }
    for (const name of [...references, 'predicted-label']) columns[name] = (await tracker.scores(name)).values;
    return columns;
  } finally {
    tracker.dispose();
  }
}
