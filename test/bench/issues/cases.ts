// The data of the comparison: real data, with human label errors or with errors and duplicates planted by a seed.
import {
  channelStatistics,
  firstImages,
  type ImageSet,
  readHumanLabels,
  readImages,
  scaledPixels,
  sharedFile,
} from '@vogjs/example-shared';
import { seededRandom } from '@vogjs/base';
import { readNpy } from '@vogjs/formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { cacheFolder } from './folder.js';
import { plantDuplicates, plantErrors } from './planted.js';
import type { TrainingData, TrainingPlan } from './training.js';

export const SEED = 7;

export interface Case {
  readonly name: string;
  readonly title: string;
  readonly plan: TrainingPlan;
  readonly read: () => Promise<CaseData>;
}

export interface CaseData extends TrainingData {
  /** 1 where the label is wrong. */
  readonly wrong: Uint8Array;
  readonly classNames: readonly string[];
  readonly images?: ImageSet;
  /** Pairs of a planted copy and what it was made of. */
  readonly copies?: readonly (readonly [copy: number, original: number, kind: string])[];
}

const forImages: TrainingPlan = {
  network: 'residual',
  epochs: 10,
  folds: 3,
  batchSize: 64,
  learningRate: 0.1,
  seed: SEED,
};
const forTables: TrainingPlan = { network: 'mlp', epochs: 20, folds: 5, batchSize: 32, learningRate: 0.02, seed: SEED };

export const CASES: readonly Case[] = [
  { name: 'penguins', title: 'penguins, 10 % planted errors', plan: { ...forTables, epochs: 40 }, read: penguins },
  { name: 'optdigits', title: 'optdigits, 10 % planted errors', plan: forTables, read: optdigits },
  { name: 'cifar10n-worse', title: 'CIFAR-10N worse', plan: forImages, read: () => cifar10n('worse') },
  {
    name: 'cifar10n-aggre',
    title: 'CIFAR-10N aggre, a head on frozen features',
    plan: { ...forTables, epochs: 15, folds: 3, batchSize: 64 },
    read: aggreOnFeatures,
  },
  {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST, 10 % planted errors, planted copies',
    plan: { ...forTables, epochs: 15, batchSize: 64, learningRate: 0.05 },
    read: fashion,
  },
];

async function cifar10n(set: 'worse' | 'aggre'): Promise<CaseData> {
  const all = firstImages(await readImages('cifar10', { part: 'train', count: 10_000, folder: null }), 10_000);
  const { given, wrong } = await readHumanLabels(set, all.labels, null);
  return ofImages(all, given, wrong);
}

/**
 * The features that the network of "worse" has learned, with the labels "aggre" of the same images: a frozen network and
 * a head, as many people have. Its case must have been trained before.
 */
async function aggreOnFeatures(): Promise<CaseData> {
  const data = await cifar10n('aggre');
  const { data: features } = readNpy(readFileSync(join(cacheFolder(), 'cifar10n-worse', 'features.npy')));
  const rows = Float32Array.from(features as Float32Array);
  const width = rows.length / data.labels.length;
  return { ...data, inputs: scaledColumns(rows, width), shape: [data.labels.length, width] };
}

async function fashion(): Promise<CaseData> {
  const all = await readImages('fashion-mnist', { part: 'train', count: 10_000, folder: null });
  const { images, copies } = plantDuplicates(firstImages(all, 9_500), 500, SEED);
  const { given, wrong } = plantErrors(images.labels, 10, 0.1, SEED);
  const [size, ...image] = images.shape;
  const pixels = image.reduce((product, side) => product * side, 1);
  return { ...ofImages(images, given, wrong), shape: [size, pixels], copies };
}

function ofImages(images: ImageSet, labels: Int32Array, wrong: Uint8Array): CaseData {
  const inputs = scaledPixels(images, channelStatistics(images));
  const { shape, classNames } = images;
  return { inputs, shape, labels, wrong, classes: classNames.length, classNames, images };
}

async function optdigits(): Promise<CaseData> {
  const parts = ['optdigits.tra.gz', 'optdigits.tes.gz'].map((name) =>
    gunzipSync(readFileSync(sharedFile(`tabular/${name}`))).toString(),
  );
  const rows = parts
    .flatMap((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.split(',').map(Number)),
    )
    .filter((row) => row.length === 65 && row.every(Number.isFinite));
  const labels = Int32Array.from(rows, (row) => row[64]!);
  return ofTable(
    rows.map((row) => row.slice(0, 64)),
    labels,
    Array.from({ length: 10 }, (_, digit) => String(digit)),
  );
}

async function penguins(): Promise<CaseData> {
  const lines = readFileSync(sharedFile('tabular/penguins.csv'), 'utf8').trim().split('\n').slice(1);
  const rows = lines
    .map((line) => line.split(','))
    .filter((row) => row.slice(2, 6).every((cell) => cell !== '' && Number.isFinite(Number(cell))));
  const classNames = [...new Set(rows.map((row) => row[0]!))];
  return ofTable(
    rows.map((row) => row.slice(2, 6).map(Number)),
    Int32Array.from(rows, (row) => classNames.indexOf(row[0]!)),
    classNames,
  );
}

/** Columns scaled to mean 0 and standard deviation 1, rows shuffled, a tenth of the labels wrong. */
function ofTable(rows: readonly (readonly number[])[], truth: Int32Array, classNames: readonly string[]): CaseData {
  const order = seededRandom(SEED).shuffle(rows.length);
  const width = rows[0]!.length;
  const shuffled = Float32Array.from([...order].flatMap((from) => rows[from]!));
  const inputs = scaledColumns(shuffled, width);
  const labels = Int32Array.from(order, (from) => truth[from]!);
  const { given, wrong } = plantErrors(labels, classNames.length, 0.1, SEED);
  return { inputs, shape: [rows.length, width], labels: given, wrong, classes: classNames.length, classNames };
}

/** Each column with mean 0 and standard deviation 1; a constant one is 0. */
function scaledColumns(values: Float32Array, width: number): Float32Array {
  const size = values.length / width;
  const scaled = new Float32Array(values.length);
  for (let column = 0; column < width; column++) {
    const own = Float64Array.from({ length: size }, (_, row) => values[row * width + column]!);
    const mean = own.reduce((sum, value) => sum + value, 0) / size;
    const deviation = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size) || 1;
    for (const [row, value] of own.entries()) scaled[row * width + column] = (value - mean) / deviation;
  }
  return scaled;
}
