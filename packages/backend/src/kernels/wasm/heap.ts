import type * as tf from '@tensorflow/tfjs';
import { getKernel } from '@tensorflow/tfjs';

/** The part of tfjs-backend-wasm's `BackendWasm` that kernels use. */
export interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
  disposeData(dataId: object): boolean;
  /** One more tensor on the same numbers. */
  incRef(dataId: object): void;
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  /** The compiled module. */
  readonly wasm: unknown;
}

/** What the engine hands to a kernel. */
export interface KernelArguments<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: WasmBackend;
}

/**
 * The numbers of a float32 tensor, in place on the WebAssembly heap.
 *
 * A later allocation may grow the heap and detach the view: allocate first, take views last.
 */
export const floats = (backend: WasmBackend, tensor: tf.TensorInfo): Float32Array =>
  backend.typedArrayFromHeap(tensor) as Float32Array;

/** The same for an int32 tensor. */
export const integers = (backend: WasmBackend, tensor: tf.TensorInfo): Int32Array =>
  backend.typedArrayFromHeap(tensor) as Int32Array;

/** Runs another wasm kernel on bare tensor records: nothing reaches the tape or the engine's bookkeeping. */
export function callKernel(
  backend: WasmBackend,
  kernelName: string,
  inputs: Record<string, tf.TensorInfo>,
  attrs: Record<string, unknown>,
): tf.TensorInfo {
  const { kernelFunc } = getKernel(kernelName, 'wasm');
  return kernelFunc({ inputs, attrs: attrs as never, backend }) as tf.TensorInfo;
}

/** Typed kernels enter the registry as the untyped function it stores. */
export const asKernel = <Inputs, Attributes>(
  kernel: (args: KernelArguments<Inputs, Attributes>) => tf.TensorInfo,
): tf.KernelConfig['kernelFunc'] => kernel as unknown as tf.KernelConfig['kernelFunc'];
