// A small convolutional network in plain float64 TypeScript: the oracle that shares no line with TensorFlow.js.
import { seededRandom } from '@vogjs/base';

/** [height, width, channels] of one example, row-major. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float64Array;
}

/** Filters [size, size, inputs, outputs], row-major as in TensorFlow, and a bias for each output. */
export interface Convolution {
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly filters: Float64Array;
  readonly bias: Float64Array;
}

/** Parameters of a batch normalisation in inference, one value a channel. */
interface Normalisation {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly scale: Float64Array;
  readonly offset: Float64Array;
  readonly epsilon: number;
}

/**
 * conv 3x3 same → batch norm → max pool 2x2 → conv 3x3 same → tanh → average pool 3x3 / 2 same → dense.
 *
 * The order is the point: no relu before the max pool, so that windows without a positive value occur, and an average
 * pool whose windows overlap the padding. Both gradients are wrong in TensorFlow.js 4.22 as it ships.
 */
export interface ReferenceNetwork {
  readonly side: number;
  readonly channels: number;
  readonly classes: number;
  readonly first: Convolution;
  readonly normalisation: Normalisation;
  readonly second: Convolution;
  /** [features, classes], row-major. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/** Parameters are drawn in float64 and rounded to float32: both sides of the comparison hold the same numbers. */
export function createReferenceNetwork(seed: number): ReferenceNetwork {
  const random = seededRandom(seed);
  const draw = (count: number, spread: number, centre = 0): Float64Array =>
    Float64Array.from({ length: count }, () => Math.fround(centre + spread * random.normal()));
  const [side, channels, middle, last, classes] = [10, 2, 4, 6, 3];
  const convolution = (inputs: number, outputs: number): Convolution => ({
    size: 3,
    inputs,
    outputs,
    filters: draw(9 * inputs * outputs, Math.sqrt(1 / (9 * inputs))),
    bias: draw(outputs, 0.1),
  });
  const pooled = Math.ceil(side / 4);
  return {
    side,
    channels,
    classes,
    first: convolution(channels, middle),
    normalisation: {
      mean: draw(middle, 0.3),
      variance: draw(middle, 0.1, 1).map((value) => Math.fround(Math.abs(value))),
      scale: draw(middle, 0.2, 1),
      // Below zero: about half of the max pool's windows hold no positive value.
      offset: draw(middle, 0.1, -1),
      epsilon: Math.fround(1e-3),
    },
    second: convolution(middle, last),
    weights: draw(pooled * pooled * last * classes, Math.sqrt(1 / (pooled * pooled * last))),
    bias: draw(classes, 0.1),
  };
}

/** Logits of one example, `side * side * channels` values. */
function referenceLogits(network: ReferenceNetwork, example: Float64Array): Float64Array {
  const { side, channels, first, normalisation, second, weights, bias, classes } = network;
  const input: Image = { height: side, width: side, channels, values: example };
  const hidden = convolve(maxPool(normalise(convolve(input, first), normalisation)), second);
  const features = averagePool({ ...hidden, values: hidden.values.map(Math.tanh) }).values;
  return bias.map((start, k) => {
    let sum = start;
    for (let i = 0; i < features.length; i++) sum += features[i]! * weights[i * classes + k]!;
    return sum;
  });
}

/** Slope of `logits[label]` along every coordinate of the example, by central differences in float64. */
export function referenceGradient(
  network: ReferenceNetwork,
  example: Float64Array,
  label: number,
  step = 1e-5,
): Float64Array {
  const moved = example.slice();
  return example.map((value, i) => {
    moved[i] = value + step;
    const above = referenceLogits(network, moved)[label]!;
    moved[i] = value - step;
    const below = referenceLogits(network, moved)[label]!;
    moved[i] = value;
    return (above - below) / (2 * step);
  });
}

/** Stride 1; padding 'same' with an odd size is (size - 1) / 2 zeros on each side. */
export function convolve(image: Image, { size, inputs, outputs, filters, bias }: Convolution): Image {
  const { height, width, values } = image;
  const half = (size - 1) / 2;
  const result = new Float64Array(height * width * outputs);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let output = 0; output < outputs; output++) {
        let sum = bias[output]!;
        for (let dy = 0; dy < size; dy++) {
          for (let dx = 0; dx < size; dx++) {
            const y = row + dy - half;
            const x = column + dx - half;
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            for (let k = 0; k < inputs; k++) {
              sum +=
                values[(y * width + x) * inputs + k]! * filters[((dy * size + dx) * inputs + k) * outputs + output]!;
            }
          }
        }
        result[(row * width + column) * outputs + output] = sum;
      }
    }
  }
  return { height, width, channels: outputs, values: result };
}

function normalise(image: Image, { mean, variance, scale, offset, epsilon }: Normalisation): Image {
  const values = image.values.map((value, i) => {
    const k = i % image.channels;
    return ((value - mean[k]!) / Math.sqrt(variance[k]! + epsilon)) * scale[k]! + offset[k]!;
  });
  return { ...image, values };
}

/** 2x2 windows, stride 2, no padding. */
export function maxPool(image: Image): Image {
  return pool(image, Math.floor(image.height / 2), Math.floor(image.width / 2), 2, 0, (window) => Math.max(...window));
}

/** 3x3 windows, stride 2, padding 'same' of an odd side: one on each side, and padding is not counted. */
export function averagePool(image: Image): Image {
  const mean = (window: readonly number[]): number => window.reduce((a, b) => a + b, 0) / window.length;
  return pool(image, Math.ceil(image.height / 2), Math.ceil(image.width / 2), 3, 1, mean);
}

function pool(
  { height, width, channels, values }: Image,
  rows: number,
  columns: number,
  size: number,
  padding: number,
  reduce: (window: readonly number[]) => number,
): Image {
  const result = new Float64Array(rows * columns * channels);
  for (let i = 0; i < result.length; i++) {
    const k = i % channels;
    const top = 2 * Math.floor(i / (channels * columns)) - padding;
    const left = 2 * (Math.floor(i / channels) % columns) - padding;
    const window: number[] = [];
    for (let y = Math.max(top, 0); y < Math.min(top + size, height); y++) {
      for (let x = Math.max(left, 0); x < Math.min(left + size, width); x++) {
        window.push(values[(y * width + x) * channels + k]!);
      }
    }
    result[i] = reduce(window);
  }
  return { height: rows, width: columns, channels, values: result };
}
