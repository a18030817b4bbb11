// The examples that the page trains on: Fashion-MNIST from beside the page, or a folder of one's own.
import { FASHION_MNIST_CLASSES, readIdx, seededRandom } from '@vogjs/formats';

/** Images of one size with a class each. */
export interface Examples {
  readonly title: string;
  readonly size: number;
  readonly side: number;
  readonly channels: 1 | 3;
  /** `[size, side, side, channels]`, one byte a value. */
  readonly pixels: Uint8Array;
  /** The classes that training is given. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
  readonly ids: readonly string[];
  /** 1 where a wrong class was planted; null where none was. */
  readonly planted: Uint8Array | null;
  /** The class before it was planted wrong. */
  readonly trueLabels: Int32Array;
}

const FASHION_SIDE = 28;

async function fetchIdx(name: string): Promise<Uint8Array> {
  const response = await fetch(`${import.meta.env.BASE_URL}${name}`);
  if (!response.ok) throw new Error(`${name} is not beside the page (${response.status}).`);
  const { data } = await readIdx(new Uint8Array(await response.arrayBuffer()));
  return data as Uint8Array;
}

/** The first `size` test images of Fashion-MNIST, a share of them with a wrong class planted. */
export async function fashionExamples(size: number, share: number, seed: number): Promise<Examples> {
  const [images, labels] = await Promise.all([
    fetchIdx('t10k-images-idx3-ubyte.gz'),
    fetchIdx('t10k-labels-idx1-ubyte.gz'),
  ]);
  const trueLabels = Int32Array.from(labels.subarray(0, size));
  const given = trueLabels.slice();
  const planted = new Uint8Array(size);
  const random = seededRandom(seed);
  for (const index of random.shuffle(size).subarray(0, Math.round(size * share))) {
    given[index] = (trueLabels[index]! + 1 + random.integer(9)) % 10;
    planted[index] = 1;
  }
  return {
    title: 'Fashion-MNIST',
    size,
    side: FASHION_SIDE,
    channels: 1,
    pixels: images.slice(0, size * FASHION_SIDE ** 2),
    labels: given,
    classNames: FASHION_MNIST_CLASSES,
    ids: Array.from({ length: size }, (_, i) => `image ${i}`),
    planted: share > 0 ? planted : null,
    trueLabels,
  };
}

/** The values of one image. */
export function pixelsOf({ pixels, side, channels }: Examples, index: number): Uint8Array {
  const length = side * side * channels;
  return pixels.subarray(index * length, (index + 1) * length);
}

/** What one image is called to someone who does not see it. */
export function nameOf({ ids, labels, classNames, planted, trueLabels }: Examples, index: number): string {
  const label = classNames[labels[index]!]!;
  const truth = planted?.[index] === 1 ? `, planted wrong: it is ${classNames[trueLabels[index]!]!}` : '';
  return `${ids[index]!}, labelled ${label}${truth}`;
}
