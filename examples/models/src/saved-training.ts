import { readSafetensors, type SafetensorsInput, writeSafetensors } from '@vogjs/formats';
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

/** A model's weights as the bytes of a safetensors file: `0`, `1`, … in the model's order. */
export function saveWeights(model: tf.LayersModel): Promise<Uint8Array> {
  return saveTensors(model.getWeights());
}

/**
 * Gives a model the weights of `saveWeights`.
 *
 * @throws VogError STATE_MISMATCH when they are of another architecture
 */
export function loadWeights(model: tf.LayersModel, bytes: Uint8Array): void {
  const saved = readTensors(bytes);
  try {
    const shapes = (tensors: readonly tf.Tensor[]) => JSON.stringify(tensors.map(({ shape }) => shape));
    if (shapes(saved) !== shapes(model.getWeights())) {
      throw new VogError(
        'STATE_MISMATCH',
        'The saved weights are of another architecture. Make the model with the options of the run that saved them.',
      );
    }
    model.setWeights(saved);
  } finally {
    tf.dispose(saved);
  }
}

/** The optimiser's momentum as the bytes of a safetensors file. */
export async function saveOptimizer(optimizer: tf.MomentumOptimizer): Promise<Uint8Array> {
  const weights = await optimizer.getWeights();
  return saveTensors(weights.map(({ tensor }) => tensor));
}

/** Gives a new optimiser the momentum of `saveOptimizer`. */
export async function loadOptimizer(optimizer: tf.MomentumOptimizer, bytes: Uint8Array): Promise<void> {
  const tensors = readTensors(bytes);
  await optimizer.setWeights(tensors.map((tensor, i) => ({ name: String(i), tensor })));
  tf.dispose(tensors);
}

async function saveTensors(tensors: readonly tf.Tensor[]): Promise<Uint8Array> {
  const entries = await Promise.all(
    tensors.map(async (tensor, i): Promise<[string, SafetensorsInput]> => {
      const data = (await tensor.data()) as Float32Array | Int32Array;
      return [String(i), { data, shape: tensor.shape }];
    }),
  );
  return writeSafetensors(Object.fromEntries(entries));
}

function readTensors(bytes: Uint8Array): tf.Tensor[] {
  const { tensors } = readSafetensors(bytes);
  return Array.from({ length: Object.keys(tensors).length }, (_, i) => {
    const tensor = tensors[String(i)];
    if (tensor === undefined)
      throw new VogError('STATE_INVALID', `These are no saved weights: there is no tensor ${i}.`);
    const { data, shape, dtype } = tensor;
    // A copy: the backend may keep the array, and the file's bytes are the caller's.
    if (dtype === 'I32') return tf.tensor(Int32Array.from(data as Int32Array), shape, 'int32');
    return tf.tensor(Float32Array.from(data as Float32Array), shape);
  });
}
