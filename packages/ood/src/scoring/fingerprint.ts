import { checksumOf, type TypedArray } from '@vogjs/formats';
import type { ScorableModel } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

/** The last fingerprint of a model, and the data that it was taken of. */
interface Known {
  readonly data: readonly object[];
  readonly fingerprint: string;
}

const known = new WeakMap<object, Known>();

/**
 * Identity of a model's weights: a hash of their shapes and bits, in the model's order. Null for a function, whose
 * weights nobody can see. Reads the weights from the device once, and again only after they were assigned anew.
 */
export async function fingerprintOf(model: ScorableModel): Promise<string | null> {
  const weights = weightsOf(model);
  if (weights === null) return null;
  // tfjs never writes into the data of a tensor: a variable that is assigned to gets other data.
  const data = weights.map(({ dataId }) => dataId);
  const last = known.get(model);
  if (last?.data.length === data.length && last.data.every((id, i) => id === data[i])) return last.fingerprint;
  const tensors: Record<string, { data: TypedArray; shape: readonly number[] }> = {};
  for (const [i, weight] of weights.entries()) {
    // By position: a layer's name changes with the number of models made before.
    tensors[String(i)] = { data: (await weight.data()) as TypedArray, shape: weight.shape };
  }
  const fingerprint = checksumOf({}, tensors);
  known.set(model, { data, fingerprint });
  return fingerprint;
}

function weightsOf(model: ScorableModel): tf.Tensor[] | null {
  if (model instanceof tf.LayersModel) return model.getWeights();
  if (model instanceof tf.GraphModel) {
    const byName = Object.entries(model.weights as Record<string, tf.Tensor[]>);
    return byName.toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, tensors]) => tensors);
  }
  return null;
}
