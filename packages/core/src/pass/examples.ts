import type * as tf from '@tensorflow/tfjs';
import type { Probe } from '../probe/probe.js';
import type { Chunk } from './chunks.js';

/** What the examples of a chunk should give, as far as it is known. */
interface Given {
  /** Class indices, `[size]`; null without labels, and where they are no classes. */
  readonly labels: Int32Array | null;
  /** Multi-hot labels or real targets, row-major `[size, units]`; null where labels are classes. */
  readonly rows: Float32Array | null;
}

/** The examples of a pass. */
export interface Examples {
  /** In all. */
  readonly size: number;
  /** The stretches to pass over, in order. */
  readonly chunks: Iterable<Chunk>;
  /** Inputs of a chunk; the pass owns the tensors. */
  read(chunk: Chunk): Promise<tf.Tensor[]>;
  /** Read when a resource asks: a model may tell only when it runs how labels are meant. */
  readonly given: (chunk: Pick<Chunk, 'start' | 'size'>) => Given;
}

/** A probe's examples in these chunks. */
export function examplesOf(probe: Probe, chunks: Iterable<Chunk>): Examples {
  return {
    size: probe.size,
    chunks,
    read: ({ start, size }) => probe.read(start, start + size),
    given: ({ start, size }) => ({
      labels: probe.labels?.subarray(start, start + size) ?? null,
      rows: probe.rows(start, start + size),
    }),
  };
}
