import { seededRandom, VogError } from '@vogjs/base';

/** Which noise to draw. */
export interface GaussianNoiseOptions {
  /** Number of images, N. */
  readonly size: number;
  /** Shape of one image, as [32, 32, 3]. */
  readonly shape: readonly number[];
  /** A whole number: the same one gives the same images. */
  readonly seed: number;
}

/** Images of noise. */
export interface NoiseImages {
  /** Values from 0 to 1. */
  readonly data: Float32Array;
  /** [N, ...shape] */
  readonly shape: number[];
}

/**
 * The Gaussian noise set of out-of-distribution evaluation: each value N(0.5, 1), clipped to [0, 1]. Normalise it as
 * the images of the model are.
 *
 * Throws `ARGUMENT_INVALID` for a size or seed that is no whole number, `INPUT_SHAPE` for such a shape.
 * Source: Liang, Li and Srikant 2018, "Enhancing the reliability of out-of-distribution image detection", section 4.1.
 */
export function gaussianNoise({ size, shape, seed }: GaussianNoiseOptions): NoiseImages {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new VogError('ARGUMENT_INVALID', `gaussianNoise: size is ${size}, expected a whole number of images >= 0.`);
  }
  if (!shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0)) {
    throw new VogError('INPUT_SHAPE', `gaussianNoise: shape is [${shape.join(', ')}], expected whole numbers >= 0.`);
  }
  const random = seededRandom(seed);
  const data = new Float32Array(shape.reduce((product, dimension) => product * dimension, size));
  for (let index = 0; index < data.length; index++) data[index] = Math.min(1, Math.max(0, 0.5 + random.normal()));
  return { data, shape: [size, ...shape] };
}
