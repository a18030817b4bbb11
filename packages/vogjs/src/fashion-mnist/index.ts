export type { VogjsErrorCode } from '../error-codes.js';
import { readFile } from 'node:fs/promises';
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { FASHION_MNIST_CLASSES, readIdx } from '@vogjs/formats';

/** Classes of Fashion-MNIST, by label. */
export const CLASS_NAMES = FASHION_MNIST_CLASSES;

/** Height and width of an image. */
export const SIDE = 28;

const ALL = 10_000;

/** Bytes as they are shipped. */
export interface FashionMnistBytes {
  /** `[size, 28, 28]`, one byte a pixel. */
  readonly pixels: Uint8Array;
  /** `[size]`, 0 to 9. */
  readonly labels: Int32Array;
}

/** Images to try things on. */
export interface FashionMnist {
  /** `[size, 28, 28, 1]`, 0 to 1; yours to dispose. */
  readonly inputs: tf.Tensor4D;
  /** `[size, 10]`, one-hot; yours to dispose. */
  readonly targets: tf.Tensor2D;
  /** `[size]`, 0 to 9. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
}

/**
 * The first `size` of Fashion-MNIST's 10,000 test images, which ship with this package: real data to try things on,
 * without a download. Fashion-MNIST is by Zalando SE, under the MIT licence.
 *
 * @throws VogError ARGUMENT_INVALID for a size that is not a whole number from 1 to 10,000; FILE_FAILED in a page
 */
export async function fashionMnist(size = ALL): Promise<FashionMnist> {
  const { pixels, labels } = await fashionMnistBytes(size);
  const hot = new Float32Array(size * CLASS_NAMES.length);
  for (const [i, label] of labels.entries()) hot[i * CLASS_NAMES.length + label] = 1;
  return {
    inputs: tf.tensor4d(
      Float32Array.from(pixels, (pixel) => pixel / 255),
      [size, SIDE, SIDE, 1],
    ),
    targets: tf.tensor2d(hot, [size, CLASS_NAMES.length]),
    labels,
    classNames: CLASS_NAMES,
  };
}

/** The same as bytes. */
export async function fashionMnistBytes(size = ALL): Promise<FashionMnistBytes> {
  if (!Number.isInteger(size) || size < 1 || size > ALL) {
    throw new VogError('ARGUMENT_INVALID', `fashionMnist has 10,000 images: size is 1 to 10000, not ${String(size)}.`);
  }
  const [images, labels] = await Promise.all(
    ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'].map(readShipped),
  );
  if (images === undefined || labels === undefined) throw new Error('unreachable: two files were read');
  return { pixels: images.subarray(0, size * SIDE * SIDE), labels: Int32Array.from(labels.subarray(0, size)) };
}

async function readShipped(name: string): Promise<Uint8Array> {
  if (globalThis.process?.versions?.node === undefined) {
    throw new VogError(
      'FILE_FAILED',
      'vogjs/fashion-mnist reads files that ship with it, and a page has none: it is for Node. Fetch images of your own.',
    );
  }
  const { data } = await readIdx(await readFile(new URL(`../../assets/fashion-mnist/${name}`, import.meta.url)));
  if (!(data instanceof Uint8Array))
    throw new VogError('FORMAT_INVALID', `${name} does not hold bytes. Reinstall vogjs.`);
  return data;
}
