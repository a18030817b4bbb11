import { seededRandom, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

/** Images as bytes 0 to 255, NHWC, with their classes. */
export interface TrainingImages {
  readonly pixels: Uint8Array;
  /** `[N, height, width, channels]` */
  readonly shape: readonly [number, number, number, number];
  /** `[N]` */
  readonly labels: Int32Array;
}

/** Mean and deviation by which each channel is scaled, in units of 0 to 1. */
export interface Scaling {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** What `augmentedBatches` takes. */
export interface BatchOptions {
  readonly scaling: Scaling;
  readonly classes: number;
  readonly batchSize: number;
  /** Together with the epoch it decides the order, every crop and every flip. */
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
  /** Pixels of padding on each side, of the mean colour, from which a crop of the image's size is drawn. Default 4. */
  readonly padding?: number;
  /** Mirrors each image with probability one half. Default true. */
  readonly flips?: boolean;
}

/** A batch: images `[B, height, width, channels]`, classes one-hot `[B, classes]`. Whoever takes it disposes it. */
export interface Batch extends tf.TensorContainerObject {
  readonly xs: tf.Tensor4D;
  readonly ys: tf.Tensor2D;
}

/**
 * One epoch of training batches as a tf.data pipeline: every image once, in a random order, scaled, cropped and flipped.
 * An epoch depends on nothing but seed and epoch, so a run can go on from any of them; the last batch may be smaller.
 *
 * Source: He et al. 2016, section 4.2 (4 pixels of padding, random crop, horizontal flip).
 */
export function augmentedBatches(images: TrainingImages, options: BatchOptions): tf.data.Dataset<Batch> {
  checkOptions(images, options);
  // tf.data calls this anew for each iterator.
  return tf.data.generator(() => batchesOf(images, options) as Iterator<tf.TensorContainer>) as tf.data.Dataset<Batch>;
}

function* batchesOf(images: TrainingImages, options: BatchOptions): Generator<Batch> {
  const { classes, batchSize, seed, epoch, padding = 4, flips = true } = options;
  const [size, height, width, channels] = images.shape;
  const random = seededRandom(seed * 100_003 + epoch);
  const order = random.shuffle(size);
  const scale = scaler(options.scaling, channels);
  const length = height * width * channels;
  for (let start = 0; start < size; start += batchSize) {
    const rows = order.subarray(start, start + batchSize);
    const xs = new Float32Array(rows.length * length);
    const ys = new Float32Array(rows.length * classes);
    for (const [i, row] of rows.entries()) {
      const crop = {
        top: random.integer(2 * padding + 1) - padding,
        left: random.integer(2 * padding + 1) - padding,
        mirrored: flips && random.uniform() < 0.5,
      };
      const image = images.pixels.subarray(row * length, (row + 1) * length);
      cropInto(xs.subarray(i * length, (i + 1) * length), image, { height, width, channels }, crop, scale);
      ys[i * classes + (images.labels[row] as number)] = 1;
    }
    yield {
      xs: tf.tensor4d(xs, [rows.length, height, width, channels]),
      ys: tf.tensor2d(ys, [rows.length, classes]),
    };
  }
}

/** `(byte / 255 - mean) / std` of each byte and channel, worked out once: `[256 * channels]`. */
function scaler({ mean, std }: Scaling, channels: number): Float32Array {
  return Float32Array.from({ length: 256 * channels }, (_, at) => {
    const channel = at % channels;
    return (Math.floor(at / channels) / 255 - (mean[channel] as number)) / (std[channel] as number);
  });
}

/** Writes the image moved by (top, left), mirrored or not; what lies beyond its borders stays 0, the mean colour. */
function cropInto(
  target: Float32Array,
  image: Uint8Array,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
  { top, left, mirrored }: { readonly top: number; readonly left: number; readonly mirrored: boolean },
  scale: Float32Array,
): void {
  for (let y = Math.max(0, -top); y < Math.min(height, height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(width, width - left); x++) {
      const from = ((y + top) * width + x + left) * channels;
      const to = (y * width + (mirrored ? width - 1 - x : x)) * channels;
      for (let channel = 0; channel < channels; channel++) {
        target[to + channel] = scale[(image[from + channel] as number) * channels + channel] as number;
      }
    }
  }
}

function checkOptions({ shape, pixels, labels }: TrainingImages, options: BatchOptions): void {
  const { classes, batchSize, padding = 4, scaling } = options;
  const refuse = (text: string): never => {
    throw new VogError('ARGUMENT_INVALID', `augmentedBatches: ${text}`);
  };
  const [size, height, width, channels] = shape;
  if (pixels.length !== size * height * width * channels || labels.length !== size) {
    refuse(`shape [${shape.join(', ')}] does not fit ${pixels.length} bytes and ${labels.length} labels.`);
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) refuse(`batchSize must be a positive integer; got ${batchSize}.`);
  if (!Number.isInteger(padding) || padding < 0) refuse(`padding must be a whole number >= 0; got ${padding}.`);
  if (scaling.mean.length !== channels || scaling.std.length !== channels) {
    refuse(`scaling needs a mean and a deviation for each of ${channels} channels.`);
  }
  const outside = labels.find((label) => label < 0 || label >= classes);
  if (outside !== undefined) refuse(`label ${outside} is not one of ${classes} classes, 0 to ${classes - 1}.`);
}
