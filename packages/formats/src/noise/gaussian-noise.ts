import { refuseUnknownKeys, seededRandom, shown, VogError } from '@vogjs/base';

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

/** 8 GiB of float32: no engine gives an array more. */
const MOST_NUMBERS = 2 ** 31;

/**
 * The Gaussian noise set of out-of-distribution evaluation: each value N(0.5, 1), clipped to [0, 1]. Normalise it as
 * the images of the model are.
 *
 * Throws `ARGUMENT_INVALID` for a size or seed that is not a whole number, `INPUT_SHAPE` for such a shape.
 * Source: Liang, Li and Srikant 2018, "Enhancing the reliability of out-of-distribution image detection", section 4.1.
 */
export function gaussianNoise(options: GaussianNoiseOptions): NoiseImages {
  const { size, shape, seed } = readOptions(options);
  const random = seededRandom(seed);
  const count = shape.reduce((product, dimension) => product * dimension, size);
  if (count > MOST_NUMBERS) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `gaussianNoise: ${size} images of ${shown(shape)} are ${count} numbers, more than an array holds. Draw fewer at a time.`,
    );
  }
  const data = new Float32Array(count);
  for (let index = 0; index < data.length; index++) data[index] = Math.min(1, Math.max(0, 0.5 + random.normal()));
  return { data, shape: [size, ...shape] };
}

function readOptions(options: unknown): GaussianNoiseOptions {
  if (typeof options !== 'object' || options === null) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `gaussianNoise: the options are ${shown(options)}, expected { size: 1000, shape: [32, 32, 3], seed: 1 }.`,
    );
  }
  refuseUnknownKeys('gaussianNoise', options, ['size', 'shape', 'seed']);
  const { size, shape, seed } = options as GaussianNoiseOptions;
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `gaussianNoise: size is ${shown(size)}, expected a whole number of images >= 0.`,
    );
  }
  if (!Array.isArray(shape) || !shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0)) {
    throw new VogError(
      'INPUT_SHAPE',
      `gaussianNoise: shape is ${shown(shape)}, expected whole numbers >= 0, as [32, 32, 3].`,
    );
  }
  if (!Number.isSafeInteger(seed)) {
    throw new VogError('ARGUMENT_INVALID', `gaussianNoise: seed is ${shown(seed)}, expected a whole number.`);
  }
  return { size, shape, seed };
}
