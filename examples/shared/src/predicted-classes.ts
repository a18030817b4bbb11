import * as tf from '@tensorflow/tfjs';
import type { ModelInputs } from './images.js';

/** Examples of one pass. */
const CHUNK = 500;

/** The class of each example's largest logit, `[N]`. */
export async function predictedClasses(
  model: tf.LayersModel,
  { data, shape: [size, ...shape] }: Pick<ModelInputs, 'data' | 'shape'>,
): Promise<Int32Array> {
  const predicted = new Int32Array(size);
  const length = data.length / size;
  for (let start = 0; start < size; start += CHUNK) {
    const count = Math.min(CHUNK, size - start);
    const classes = tf.tidy(() => {
      const x = tf.tensor(data.subarray(start * length, (start + count) * length), [count, ...shape]);
      return tf.argMax(model.predictOnBatch(x) as tf.Tensor, 1);
    });
    predicted.set(await classes.data(), start);
    classes.dispose();
  }
  return predicted;
}
