import { seededRandom } from '@vogjs/formats';
import { CLASS_NAMES, fashionMnistBytes, SIDE } from '../fashion-mnist/index.js';

export { CLASS_NAMES, SIDE };

/** Images with the labels they came with and the labels that training gets. */
export interface NoisyImages {
  readonly size: number;
  /** `[size, 28, 28, 1]`, one byte a pixel. */
  readonly pixels: Uint8Array;
  /** The same over 255: 0 to 1. */
  readonly inputs: Float32Array;
  readonly trueLabels: Int32Array;
  /** `trueLabels`, with a share planted wrong. */
  readonly givenLabels: Int32Array;
  /** 1 where the label was planted wrong. */
  readonly planted: Uint8Array;
}

/** The first `size` of the shipped Fashion-MNIST test images, with a seeded share of wrong labels. */
export async function loadNoisyImages(size: number, noise: number, seed: number): Promise<NoisyImages> {
  const { pixels, labels: trueLabels } = await fashionMnistBytes(size);
  return {
    size,
    pixels,
    inputs: Float32Array.from(pixels, (pixel) => pixel / 255),
    trueLabels,
    ...plantNoise(trueLabels, noise, seed),
  };
}

/** Gives a seeded share of examples a wrong label, each of the other classes equally likely. */
function plantNoise(trueLabels: Int32Array, noise: number, seed: number): Pick<NoisyImages, 'givenLabels' | 'planted'> {
  const random = seededRandom(seed);
  const givenLabels = trueLabels.slice();
  const planted = new Uint8Array(trueLabels.length);
  for (const index of random.shuffle(trueLabels.length).subarray(0, Math.round(trueLabels.length * noise))) {
    const other = 1 + random.integer(CLASS_NAMES.length - 1);
    givenLabels[index] = ((trueLabels[index] as number) + other) % CLASS_NAMES.length;
    planted[index] = 1;
  }
  return { givenLabels, planted };
}
