import { refuseUnknownKeys, VogError } from '@vogjs/base';

/** Pixels of every example, in the order of the scores, channels last; 1 (grey), 3 (RGB) or 4 (RGBA). */
export interface PixelImages {
  /** Bytes, or numbers of any range: 0 to 1, -1 to 1, normalised. */
  readonly data: ArrayLike<number>;
  /** [examples, height, width, channels] */
  readonly shape: readonly [number, number, number, number];
  /** The values to draw black and white. Read off the data unless told, and the page says which they were. */
  readonly range?: readonly [low: number, high: number] | undefined;
}

/** @throws VogError ARGUMENT_INVALID (no images, a range that is none), PROBE_MISMATCH (their number), INPUT_SHAPE */
export function checkPixelImages(name: string, images: PixelImages, size: number): void {
  const expected = '{ data, shape: [examples, height, width, channels] }';
  if (typeof images !== 'object' || images === null || !Array.isArray(images.shape) || !(images.data?.length >= 0)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${name} must be ${expected}, pixels in one array. Of a tensor: { data: await tensor.data(), shape: tensor.shape }.`,
    );
  }
  refuseUnknownKeys(name, images, ['data', 'shape', 'range']);
  const { data, shape, range } = images;
  const [count, height, width, channels] = shape;
  if (count !== size) {
    throw new VogError('PROBE_MISMATCH', `There are ${count} images and ${size} scores; each example needs its image.`);
  }
  const isShape = shape.length === 4 && shape.every((side) => Number.isInteger(side) && side >= 1);
  if (!isShape || ![1, 3, 4].includes(channels) || data.length !== count * height * width * channels) {
    throw new VogError(
      'INPUT_SHAPE',
      `${name} have the shape [${shape.join(', ')}] and ${data.length} values; a gallery shows [examples, height, width, ` +
        'channels] with 1, 3 or 4 channels, channels last. Leave images out for examples that are not pictures.',
    );
  }
  if (range === undefined) return;
  const [low, high] = Array.isArray(range) ? range : [];
  if (Number.isFinite(low) && Number.isFinite(high) && low! < high! && range.length === 2) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${name}.range is ${JSON.stringify(range)}; it must be [low, high]: the values to draw black and white, such as [-1, 1].`,
  );
}
