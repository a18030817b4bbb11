import * as tf from '@tensorflow/tfjs';

/** What a section took of the device's memory for a moment. */
export interface Footprint {
  /** Most bytes that were held at once beside what was held before. */
  readonly bytes: number;
  /** The largest single allocation. */
  readonly largestTensorBytes: number;
}

/** What every backend keeps of a tensor's data, as far as it keeps it. */
interface StoredData {
  /** tfjs-node keeps TensorFlow's own number for it. */
  readonly dtype: tf.DataType | number;
  readonly shape?: readonly number[];
  readonly values?: { readonly length: number } | null;
}

/**
 * Runs one synchronous section and tells what its tensors took: the buffers that the active backend made and freed,
 * kernels' own tensors among them. `tf.memory()` counts a buffer once for each of its aliases, of which a tape makes
 * one per saved tensor, and `tf.profile()` reads every result back. What a kernel allocates inside the WebAssembly
 * module or TensorFlow without a tensor is not seen.
 *
 * @returns null in place of a footprint where the backend keeps its data in no `DataStorage`
 */
export function withMemoryMeter<T>(section: () => T): { readonly result: T; readonly footprint: Footprint | null } {
  const storage = Object.values(tf.backend()).find((value) => value instanceof tf.DataStorage) as
    | tf.DataStorage<StoredData>
    | undefined;
  if (storage === undefined) return { result: section(), footprint: null };
  const sizes = new Map<object, number>();
  let [live, bytes, largestTensorBytes] = [0, 0, 0];
  const { set, delete: remove } = storage;
  // Own properties over the prototype's methods, of this one backend, until the section ends.
  storage.set = (dataId: object, value: StoredData) => {
    const size = bytesOf(value);
    live += size - (sizes.get(dataId) ?? 0);
    sizes.set(dataId, size);
    bytes = Math.max(bytes, live);
    largestTensorBytes = Math.max(largestTensorBytes, size);
    set.call(storage, dataId, value);
  };
  storage.delete = (dataId: object) => {
    // What was there before the section frees bytes that were never counted.
    live -= sizes.get(dataId) ?? 0;
    sizes.delete(dataId);
    return remove.call(storage, dataId);
  };
  try {
    const result = section();
    return { result, footprint: { bytes, largestTensorBytes } };
  } finally {
    Reflect.deleteProperty(storage, 'set');
    Reflect.deleteProperty(storage, 'delete');
  }
}

/** Bytes an element by TensorFlow's number for its type: float, int32, string, complex64, bool. */
const NATIVE_BYTES: Readonly<Record<number, number>> = { 1: 4, 3: 4, 7: 0, 8: 8, 10: 1 };

function bytesOf({ dtype, shape, values }: StoredData): number {
  if (dtype === 'string') return 0;
  const count = shape === undefined ? (values?.length ?? 0) : tf.util.sizeFromShape([...shape]);
  return count * (typeof dtype === 'number' ? (NATIVE_BYTES[dtype] ?? 4) : tf.util.bytesPerElement(dtype));
}
