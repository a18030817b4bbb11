import type * as tf from '@tensorflow/tfjs';

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

/** The part of tfjs-node's add-on that this package uses. */
export interface Binding {
  readonly TF_FLOAT: number;
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Metadata[];
  createTensor(shape: number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(model: number): void;
  runSavedModel(model: number, inputs: readonly number[], inputNames: string, outputNames: string): Metadata[];
  /** Only after `vogjs link-libtensorflow`, which adds these two. The function then runs by `executeOp` under its name. */
  createFunction?(name: string, graph: Uint8Array, inputNames: string, outputNames: string): void;
  deleteFunction?(name: string): void;
}

/** What tfjs-node keeps of a tensor: values on the host until an operation first wants them, then a handle. */
export interface Stored {
  readonly shape: number[];
  readonly dtype: number;
  id: number;
  values: Values | null;
}

/** The part of tfjs-node's `NodeJSKernelBackend` that this package uses. */
export interface NativeBackend {
  binding: Binding;
  readonly isUsingGpuDevice: boolean;
  readonly tensorMap: { get(dataId: object): Stored };
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(metadata: Metadata): tf.Tensor;
  getDTypeInteger(dtype: tf.DataType): number;
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly tf.TensorInfo[]): tf.Tensor;
}

/** The name under which tfjs-node and tfjs-node-gpu register their backend. */
export const NATIVE = 'tensorflow';
