import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gaussianNoise, readCifar } from '@vogjs/formats';
import { type ImageSet, isPacked, readImages, readPacked, sharedFile, UsageError } from '@vogjs/example-shared';
import { readPngFolder } from './png-folder.js';

/** Images that are scored: the in-distribution ones, or a set from elsewhere. */
export interface ScoredSet {
  readonly key: string;
  /** As the paper's table names it. */
  readonly title: string;
  readonly size: number;
  /** NHWC, 32 x 32 x 3: bytes 0 to 255, or floats 0 to 1. */
  readonly pixels: Uint8Array | Float32Array;
  /** Classes, of the in-distribution images only. */
  readonly labels: Int32Array | null;
  /** Some of the rows, which the tables show as a set of their own. */
  readonly parts: readonly { readonly title: string; readonly rows: Int32Array }[];
  /** Hash of the pixels: a run goes on with the images that it began with, or not at all. */
  readonly hash: string;
}

/** Out-of-distribution sets, in the order of the tables; with the option that names a folder of one's own. */
export const OUT_SETS = [
  { key: 'cifar100', title: 'CIFAR-100', help: 'Folder with test.bin of the "CIFAR-100 binary version"' },
  { key: 'gaussian', title: 'Gaussian', help: null },
  { key: 'isun', title: 'iSUN', help: 'Folder of iSUN images, 32 x 32 PNG' },
  { key: 'tinyimagenet', title: 'TinyImageNet-resize', help: 'Folder of TinyImageNet images, 32 x 32 PNG' },
  { key: 'lsun', title: 'LSUN-resize', help: 'Folder of LSUN images, 32 x 32 PNG' },
  { key: 'textures', title: 'Textures', help: 'Folder of textures, 32 x 32 PNG' },
  { key: 'scenes', title: 'Scenes', help: 'Folder of scenes, 32 x 32 PNG' },
] as const;

export type OutSetKey = (typeof OUT_SETS)[number]['key'];

/** Sets that lie packed beside the repository. */
const PACKED: Partial<Record<OutSetKey, string>> = {
  cifar100: 'cifar100/test',
  tinyimagenet: 'ood/tinyimagenet_val_32',
  textures: 'ood/dtd10_32',
  scenes: 'ood/intel_scenes_test_32',
};

/** What `readSets` reads. */
export interface SetOptions {
  /** In-distribution test images. */
  readonly test: number;
  /** At most so many images of each other set. */
  readonly outExamples: number;
  /** Decides the noise. */
  readonly seed: number;
  /** Folder of the standard files of CIFAR-10; null to look beside the repository. */
  readonly data: string | null;
  /** A folder of the user's for a set. */
  readonly folders: Partial<Record<OutSetKey, string>>;
}

/** The in-distribution set, the others that are there, and the titles of those that are not. */
export interface Sets {
  readonly inside: ScoredSet;
  readonly outside: readonly ScoredSet[];
  readonly absent: readonly string[];
}

export async function readSets(options: SetOptions): Promise<Sets> {
  const test = await readImages('cifar10', { part: 'test', count: options.test, folder: options.data });
  const rows = spread(test.shape[0], options.test);
  const inside = scoredSet('cifar10', 'CIFAR-10', rowsOf(test.pixels, rows), {
    labels: Int32Array.from(rows, (row) => test.labels[row] as number),
  });
  const outside: ScoredSet[] = [];
  const absent: string[] = [];
  for (const { key, title } of OUT_SETS) {
    const set = await readOutSet(key, title, options);
    if (set === null) absent.push(title);
    else outside.push(set);
  }
  return { inside, outside, absent };
}

/** `count` rows of `total`, evenly spread: sets come sorted by class. */
export function spread(total: number, count: number): Int32Array {
  const taken = Math.min(total, count);
  return Int32Array.from({ length: taken }, (_, i) => Math.floor((i * total) / taken));
}

async function readOutSet(key: OutSetKey, title: string, options: SetOptions): Promise<ScoredSet | null> {
  const { outExamples, folders, seed } = options;
  if (key === 'gaussian') {
    return scoredSet(key, title, gaussianNoise({ size: outExamples, shape: [32, 32, 3], seed }).data);
  }
  const folder = folders[key];
  if (folder !== undefined && key !== 'cifar100') {
    return scoredSet(key, title, (await readPngFolder(folder, key, (count) => spread(count, outExamples))).pixels);
  }
  const packed = PACKED[key];
  if (folder === undefined && (packed === undefined || !isPacked(packed))) return null;
  const bytes = folder === undefined ? await readPacked(packed as string) : await readTestFile(folder);
  const { pixels, labels } = key === 'cifar100' ? cifar100(bytes) : labelledRecords(bytes);
  const rows = spread(labels.length, outExamples);
  return scoredSet(key, title, rowsOf(pixels, rows), {
    parts:
      key === 'tinyimagenet'
        ? [
            await withoutOverlap(
              title,
              Array.from(rows, (row) => labels[row] as number),
            ),
          ]
        : [],
  });
}

/** Of TinyImageNet. */
const CLASSES = 200;

/** TinyImageNet has classes that are CIFAR-10's too, whose images are not out of distribution. */
async function withoutOverlap(title: string, labels: readonly number[]): Promise<ScoredSet['parts'][number]> {
  const file = sharedFile('ood/tinyimagenet_val_32.cifar10_overlap.json');
  const { label_ids: overlap } = JSON.parse(await readFile(file, 'utf8')) as { label_ids: number[] };
  const rows = [...labels.keys()].filter((row) => !overlap.includes(labels[row] as number));
  return { title: `${title}, ${CLASSES - overlap.length} other classes`, rows: Int32Array.from(rows) };
}

function readTestFile(folder: string): Promise<Uint8Array> {
  return readFile(join(folder, 'test.bin')).catch(() => {
    throw new UsageError(`There is no test.bin in '${folder}'. Give --cifar100 the folder cifar-100-binary.`);
  });
}

function cifar100(bytes: Uint8Array): Pick<ImageSet, 'pixels' | 'labels'> {
  const { images, labels } = readCifar(bytes, { kind: 'cifar100' });
  return { pixels: images, labels };
}

/** Records of CIFAR-10's layout whose label byte counts other classes than ten. */
export function labelledRecords(bytes: Uint8Array): Pick<ImageSet, 'pixels' | 'labels'> {
  const record = 1 + 3 * 32 * 32;
  const labels = Int32Array.from({ length: bytes.length / record }, (_, i) => bytes[i * record] as number);
  const relabelled = bytes.map((byte, at) => (at % record === 0 ? 0 : byte));
  return { pixels: readCifar(relabelled, { kind: 'cifar10' }).images, labels };
}

function rowsOf(pixels: Uint8Array, rows: Int32Array): Uint8Array {
  const length = 32 * 32 * 3;
  const chosen = new Uint8Array(rows.length * length);
  for (const [i, row] of rows.entries()) chosen.set(pixels.subarray(row * length, (row + 1) * length), i * length);
  return chosen;
}

export function scoredSet(
  key: string,
  title: string,
  pixels: ScoredSet['pixels'],
  { labels = null, parts = [] }: Partial<Pick<ScoredSet, 'labels' | 'parts'>> = {},
): ScoredSet {
  const hash = createHash('sha256').update(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  return { key, title, size: pixels.length / 3072, pixels, labels, parts, hash: hash.digest('hex') };
}
