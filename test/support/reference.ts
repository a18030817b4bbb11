import * as tf from '@tensorflow/tfjs';

/** What VoG differentiates, as its options name it. */
export interface ReferenceOptions {
  readonly activation: 'logit' | 'softmax' | 'loss';
  readonly label: 'true' | 'predicted' | Int32Array;
  readonly channels: 'mean' | 'separate';
  readonly reduce: 'std' | 'variance';
  readonly ddof: 0 | 1;
  readonly pool: number;
}

/**
 * Input gradients of one checkpoint by plain `tf.grad` of the written-out expression, one for each activation and
 * label: neither the cotangent nor the lean mode nor the head finder of the engine has a part in it.
 */
export async function plainGradient(
  logits: (x: tf.Tensor) => tf.Tensor2D,
  x: tf.Tensor,
  labels: Int32Array,
  { activation, label }: Pick<ReferenceOptions, 'activation' | 'label'>,
): Promise<Float32Array> {
  const predictions = tf.tidy(() => tf.argMax(logits(x), 1));
  const predicted = await predictions.data<'int32'>();
  predictions.dispose();
  const gradient = tf.tidy(() => {
    const [size, classes] = logits(x).shape;
    const chosen = label === 'true' ? labels : label === 'predicted' ? predicted : label;
    const rows = new Float32Array(size * classes);
    for (const [i, c] of chosen.entries()) rows[i * classes + c] = 1;
    const mask = tf.tensor2d(rows, [size, classes]);
    const selected = (values: tf.Tensor): tf.Scalar => tf.sum(tf.mul(values, mask));
    const objective = (input: tf.Tensor): tf.Scalar => {
      const a = logits(input);
      if (activation === 'logit') return selected(a);
      if (activation === 'softmax') return selected(tf.softmax(a));
      return tf.neg(selected(tf.logSoftmax(a)));
    };
    return tf.grad(objective)(x);
  });
  const values = (await gradient.data<'float32'>()).slice();
  gradient.dispose();
  return values;
}

/** VoG of stored gradients, two passes in float64. `shape` is that of one example. */
export function twoPassVog(
  snapshots: readonly Float32Array[],
  size: number,
  shape: readonly number[],
  { channels, reduce, ddof, pool }: ReferenceOptions,
): Float64Array {
  const maps = snapshots.map((snapshot) => toMaps(snapshot, size, shape, channels, pool));
  const width = (maps[0]?.length ?? 0) / size;
  const count = maps.length;
  return Float64Array.from({ length: size }, (_, example) => {
    let sum = 0;
    for (let pixel = 0; pixel < width; pixel++) {
      const values = maps.map((map) => map[example * width + pixel] as number);
      const mean = values.reduce((a, b) => a + b, 0) / count;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (count - ddof);
      sum += reduce === 'std' ? Math.sqrt(variance) : variance;
    }
    return count < 2 ? Number.NaN : sum / width;
  });
}

function toMaps(
  snapshot: Float32Array,
  size: number,
  shape: readonly number[],
  channels: 'mean' | 'separate',
  pool: number,
): Float64Array {
  if (shape.length !== 3) return Float64Array.from(snapshot);
  const [height, width, depth] = shape as [number, number, number];
  const planes = channels === 'mean' ? 1 : depth;
  const at = (example: number, row: number, column: number, plane: number): number => {
    const base = ((example * height + row) * width + column) * depth;
    if (channels === 'separate') return snapshot[base + plane] as number;
    let sum = 0;
    for (let c = 0; c < depth; c++) sum += snapshot[base + c] as number;
    return sum / depth;
  };
  const [rows, columns] = [Math.ceil(height / pool), Math.ceil(width / pool)];
  // TensorFlow's 'same' padding: the smaller half goes before.
  const before = (length: number, out: number): number => Math.floor((out * pool - length) / 2);
  const [top, left] = [before(height, rows), before(width, columns)];
  const maps = new Float64Array(size * rows * columns * planes);
  let k = 0;
  for (let example = 0; example < size; example++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (let plane = 0; plane < planes; plane++) {
          let [sum, count] = [0, 0];
          for (let y = row * pool - top; y < (row + 1) * pool - top; y++) {
            for (let x = column * pool - left; x < (column + 1) * pool - left; x++) {
              if (y < 0 || x < 0 || y >= height || x >= width) continue;
              sum += at(example, y, x, plane);
              count++;
            }
          }
          maps[k++] = sum / count;
        }
      }
    }
  }
  return maps;
}

/** Largest difference in units of the largest expected value; infinite when one is NaN and the other is not. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [worst, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] as number, expected[i] as number];
    if (Number.isNaN(a) && Number.isNaN(e)) continue;
    const difference = Math.abs(a - e);
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
    scale = Math.max(scale, Math.abs(e));
  }
  return worst / (scale || 1);
}
