/** One fixed stretch of the probe. */
export interface Chunk {
  readonly index: number;
  /** Index of the first example. */
  readonly start: number;
  readonly size: number;
}

/** A working set of about this many input values keeps a convnet's activations in tens of megabytes. */
const VALUES_PER_CHUNK = 256 * 28 * 28;

/** Examples per chunk as the input's shape suggests: 256 at 28x28x1, 64 at 32x32x3, 1 at 224x224x3 and above. */
export function estimateChunkSize(inputShapes: readonly (readonly number[])[]): number {
  const values = inputShapes.reduce((sum, shape) => sum + shape.reduce((product, length) => product * length, 1), 0);
  const exact = VALUES_PER_CHUNK / Math.max(1, values);
  return Math.min(512, Math.max(1, 2 ** Math.floor(Math.log2(exact) + 0.2)));
}

/** Cuts `size` examples into chunks; the last may be smaller. */
export function cutChunks(size: number, chunkSize: number): Chunk[] {
  return Array.from({ length: Math.ceil(size / chunkSize) }, (_, index) => {
    const start = index * chunkSize;
    return { index, start, size: Math.min(chunkSize, size - start) };
  });
}
