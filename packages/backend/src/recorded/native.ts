import * as tf from '@tensorflow/tfjs';

/** An attribute of a TensorFlow operation as tfjs-node gives it: 0 string, 1 int, 2 float, 3 bool, 4 type, 5 shape. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor that TensorFlow holds: its handle, its shape, TensorFlow's number for its type. */
export interface Metadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

export type Values = ArrayLike<number> & { slice(): ArrayLike<number> };

/** The part of tfjs-node's add-on that is used here. */
export interface Binding {
  readonly TF_FLOAT: number;
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Metadata[];
  createTensor(shape: number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(model: number): void;
  runSavedModel(model: number, inputs: readonly number[], inputNames: string, outputNames: string): Metadata[];
}

/** What tfjs-node keeps of a tensor: values on the host until an operation first wants them, then a handle. */
export interface Stored {
  readonly shape: number[];
  readonly dtype: number;
  id: number;
  values: Values | null;
}

/** The part of tfjs-node's `NodeJSKernelBackend` that is used here. */
export interface NativeBackend {
  binding: Binding;
  readonly isUsingGpuDevice: boolean;
  readonly tensorMap: { get(dataId: object): Stored };
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(metadata: Metadata): tf.Tensor;
}

/** The name under which tfjs-node and tfjs-node-gpu register their backend. */
export const NATIVE = 'tensorflow';

/** The active backend, or why no pass can be recorded on it. */
export function nativeBackend(): NativeBackend | string {
  if (tf.getBackend() !== NATIVE)
    return `only native TensorFlow records passes, not ${tf.getBackend() || 'no backend'}`;
  const backend = tf.backend() as unknown as Partial<NativeBackend>;
  const { binding } = backend;
  const able =
    typeof binding?.runSavedModel === 'function' &&
    typeof binding.loadSavedModel === 'function' &&
    typeof binding.executeOp === 'function' &&
    typeof backend.getInputTensorIds === 'function' &&
    typeof backend.createOutputTensor === 'function';
  if (!able) return 'this tfjs-node has no sessions, or other ones than 4.22';
  // Its sessions take every input through the host: the weights would cross the bus at every chunk.
  if (backend.isUsingGpuDevice === true) return 'TensorFlow computes on a GPU, where sessions would copy every input';
  return backend as NativeBackend;
}
