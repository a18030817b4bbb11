import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { asCallback } from '@vogjs/callback';
import { type ChunkSource, collectResources, probabilities } from '@vogjs/core';
import { readNpy, writeNpy } from '@vogjs/formats';
import { fileStep, writeFileAtomically } from '@vogjs/formats/files';
import type { ScoresToWrite } from '@vogjs/run';
import type { Dataset } from '../data/dataset.js';
import { explainInterrupt, savedSoFar } from '../follow/interrupt.js';
import { classCount, inputsOf, shapesOf, stepsOf, trainingBatches } from './batches.js';
import { rate, type Training } from './train.js';

/** Parts of the data, each with the same share of every class, drawn from the seed. */
export function foldsOf(labels: Int32Array, folds: number, seed: number): Int32Array[] {
  const order = seededRandom(seed * 104_729 + folds).shuffle(labels.length);
  const byClass = [...order].toSorted((a, b) => (labels[a] as number) - (labels[b] as number));
  return Array.from({ length: folds }, (_, fold) =>
    Int32Array.from(byClass.filter((__, at) => at % folds === fold)).toSorted(),
  );
}

/**
 * Probabilities of networks that have not trained on the example: one training a fold, without that fold. What a fold
 * gave is kept in the run, and not done again.
 *
 * @returns columns `held-out.probability0`, …, by which `findIssues` judges labels
 */
export async function heldOutProbabilities(
  dataset: Dataset,
  training: Training,
  folds: number,
  folder: string,
  onFold: (line: string) => void,
): Promise<ScoresToWrite[]> {
  const labels = dataset.labels as Int32Array;
  const classes = classCount(labels);
  const columns = Array.from({ length: classes }, () => new Float32Array(dataset.size).fill(Number.NaN));
  let done = 0;
  const stopListening = explainInterrupt(folder, () => savedSoFar(done, folds, 'folds'));
  try {
    for (const [fold, out] of foldsOf(labels, folds, training.seed).entries()) {
      const path = join(folder, 'states', `fold-${fold}.npy`);
      const kept = existsSync(path) ? await fileStep('read', path, () => readFile(path)) : null;
      const rows = kept === null ? await oneFold(dataset, training, out) : (readNpy(kept).data as Float32Array);
      const width = rows.length / out.length;
      if (kept === null) await writeFileAtomically(path, writeNpy({ data: rows, shape: [out.length, width] }));
      for (const [at, row] of out.entries()) {
        for (const [label, column] of columns.entries()) column[row] = rows[at * width + label] as number;
      }
      done = fold + 1;
      onFold(`fold ${done}/${folds} done`);
    }
  } finally {
    stopListening();
  }
  return columns.map((values, label) => ({
    metric: 'held-out',
    column: `probability${label}`,
    window: 'complete',
    hardDirection: 'low',
    checkpoints: 1,
    values,
  }));
}

/** `[fold, classes]` */
async function oneFold(dataset: Dataset, training: Training, out: Int32Array): Promise<Float32Array> {
  const left = new Set(out);
  const rows = Int32Array.from({ length: dataset.size }, (_, row) => row).filter((row) => !left.has(row));
  const model = await training.network();
  let epoch = 0;
  const steps = stepsOf(rows.length, training.batchSize);
  const counted = asCallback({ onEpochEnd: async (index) => void (epoch = index + 1) });
  await model.fitDataset(
    trainingBatches(dataset, { rows, model, ...training }, () => epoch),
    {
      epochs: training.epochs,
      verbose: 0,
      callbacks: [...(training.setsRate ? [rate(model, steps, training.epochs)] : []), counted],
    },
  );
  const held = { ...dataset.inputs, size: out.length, read: heldOut(dataset, out) };
  const { probabilities: found } = await collectResources(model, { inputs: held }, { probabilities });
  model.dispose();
  return found.data as Float32Array;
}

/** Reads the examples of a fold alone. */
function heldOut(dataset: Dataset, out: Int32Array): ChunkSource['read'] {
  const shapes = shapesOf(dataset.inputs);
  return async (start, end) => {
    const lists = await inputsOf(dataset, out.subarray(start, end), shapes);
    return lists.length === 1 ? (lists[0] as Float32Array) : lists;
  };
}
