import type { CheckpointFolder } from '../train/checkpoints.js';
import { type ImageSet, modelInputs } from '@vogjs/example-shared';
import * as tf from '@tensorflow/tfjs';

const PART = 500;

/** The logits of every checkpoint, `[checkpoints, N, classes]`. */
export async function logitsOf(checkpoints: CheckpointFolder, images: ImageSet): Promise<Float32Array> {
  const { data, shape } = modelInputs(images, checkpoints.scaling);
  const [size, ...rest] = shape;
  const length = data.length / size;
  const classes = images.classNames.length;
  const logits = new Float32Array(checkpoints.count * size * classes);
  for (let checkpoint = 0; checkpoint < checkpoints.count; checkpoint++) {
    await checkpoints.load(checkpoint);
    for (let start = 0; start < size; start += PART) {
      const end = Math.min(start + PART, size);
      const output = tf.tidy(() => {
        const batch = tf.tensor(data.subarray(start * length, end * length), [end - start, ...rest]);
        return checkpoints.model.predictOnBatch(batch) as tf.Tensor;
      });
      logits.set(await output.data(), (checkpoint * size + start) * classes);
      output.dispose();
    }
  }
  return logits;
}

/** Softmax of rows of `classes` logits. */
export function probabilitiesOf(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let at = 0; at < logits.length; at += classes) {
    const row = logits.subarray(at, at + classes);
    const largest = Math.max(...row);
    const sum = row.reduce((total, value) => total + Math.exp(value - largest), 0);
    for (const [c, value] of row.entries()) probabilities[at + c] = Math.exp(value - largest) / sum;
  }
  return probabilities;
}
