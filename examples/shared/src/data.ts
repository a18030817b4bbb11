import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FASHION_MNIST_CLASSES, readCifar, readIdx } from '@vogjs/formats';
import { UsageError } from './command.js';
import type { ImageSet } from './images.js';
import { isPacked, readPacked, SHARED } from './packed.js';

export const DATASETS = ['cifar10', 'fashion-mnist'] as const;
export type DatasetName = (typeof DATASETS)[number];

const CIFAR_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/** Images in each file of CIFAR-10's binary version. */
const CIFAR_BATCH = 10_000;

/** Which part of a data set is wanted, and from where. */
export interface DataOptions {
  readonly part: 'train' | 'test';
  /** Number of images wanted, the first ones; decides how many files are read. */
  readonly count: number;
  /** Folder with the standard files; null to look beside the repository. */
  readonly folder: string | null;
}

/** Reads the first images of a data set; there may be more than were asked for. */
export function readImages(name: DatasetName, options: DataOptions): Promise<ImageSet> {
  return name === 'cifar10' ? readCifar10(options) : readFashion(options);
}

/** Full path of a file: in the folder typed, else beside the repository; an error of usage when it is in neither. */
export function findFile(name: string, folder: string | null, sharedFolder: string, what: string): string {
  const path = join(folder ?? join(SHARED, sharedFolder), name);
  if (existsSync(path)) return path;
  const place = folder === null ? `../shared/data/${sharedFolder}, beside the repository,` : `'${folder}'`;
  throw new UsageError(`There is no ${name} in ${place}. ${what}`);
}

async function readCifar10({ part, count, folder }: DataOptions): Promise<ImageSet> {
  const batches = Array.from({ length: Math.ceil(count / CIFAR_BATCH) }, (_, i) => `data_batch_${i + 1}`);
  const names = part === 'test' ? ['test_batch'] : batches;
  const parts: Uint8Array[] = [];
  for (const name of names) parts.push(await readCifarFile(name, folder));
  const { images, shape, labels } = readCifar(Buffer.concat(parts), { kind: 'cifar10' });
  return { pixels: images, shape, labels, classNames: CIFAR_CLASSES };
}

/** A standard binary file: from the folder typed, else the one that lies packed beside the repository. */
async function readCifarFile(name: string, folder: string | null): Promise<Uint8Array> {
  if (folder === null && isPacked(`cifar10/${name}`)) return readPacked(`cifar10/${name}`);
  const what = 'Give --data the folder cifar-10-batches-bin of the "CIFAR-10 binary version".';
  return readFile(findFile(`${name}.bin`, folder, 'cifar10', what));
}

async function readFashion({ part, folder }: DataOptions): Promise<ImageSet> {
  const stem = part === 'train' ? 'train' : 't10k';
  const what = 'Give --data the folder with the four .gz files of Fashion-MNIST.';
  const [images, labels] = await Promise.all(
    [`${stem}-images-idx3-ubyte.gz`, `${stem}-labels-idx1-ubyte.gz`].map(async (name) =>
      readIdx(await readFile(findFile(name, folder, 'fashion-mnist', what))),
    ),
  );
  const [size = 0, height = 0, width = 0] = images?.shape ?? [];
  return {
    pixels: Uint8Array.from(images?.data ?? []),
    shape: [size, height, width, 1],
    labels: Int32Array.from(labels?.data ?? []),
    classNames: FASHION_MNIST_CLASSES,
  };
}
