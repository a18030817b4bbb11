import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

/** The part of tfjs-node's backend that runs a TensorFlow operation by its name. */
interface NativeBackend {
  readonly binding: Readonly<
    Record<
      'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_ATTR_INT' | 'TF_FLOAT' | 'TF_INT64',
      number
    >
  >;
  executeMultipleOutputs(name: string, attributes: object[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

/** What a layer does to its inputs. */
export type Call = (
  inputs: tf.Tensor | tf.Tensor[],
  kwargs: { readonly training?: boolean },
) => tf.Tensor | tf.Tensor[];

export type PatchedLayer = tf.layers.Layer & { call: Call };

/** An operation's attribute: its kind is told by the value's. */
type Attribute = number | string | boolean | readonly number[];

/** Runs an operation of native TensorFlow; 'float' and 'int64' are types, every other number a float. */
export function runNative(
  name: string,
  inputs: tf.Tensor[],
  outputs: number,
  attributes: Readonly<Record<string, Attribute>>,
): tf.Tensor[] {
  const backend = tf.backend() as unknown as NativeBackend;
  if (typeof backend.executeMultipleOutputs !== 'function') {
    throw new VogError('BACKEND_UNAVAILABLE', 'The backend was changed in training. Train a model on one backend.');
  }
  const { binding } = backend;
  const typed = Object.entries(attributes).map(([key, value]) => {
    if (value === 'float') return { name: key, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    if (value === 'int64') return { name: key, type: binding.TF_ATTR_TYPE, value: binding.TF_INT64 };
    if (typeof value === 'string') return { name: key, type: binding.TF_ATTR_STRING, value };
    if (typeof value === 'boolean') return { name: key, type: binding.TF_ATTR_BOOL, value };
    if (typeof value === 'number') return { name: key, type: binding.TF_ATTR_FLOAT, value };
    return { name: key, type: binding.TF_ATTR_INT, value };
  });
  return backend.executeMultipleOutputs(name, typed, inputs, outputs);
}

/** The one input of a layer that takes one. */
export function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
}
