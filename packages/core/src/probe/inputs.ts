import type * as tf from '@tensorflow/tfjs';

/**
 * Reads a stretch of a probe that does not fit in memory. `read` may be asynchronous and is called for the same
 * stretches, in the same order, at every checkpoint, and once for the first few examples before training: it must
 * return the same examples every time.
 */
export interface ChunkSource {
  /** Number of examples. */
  readonly size: number;
  /** Shape of one example, without the batch axis; one per model input when there are several. */
  readonly shape: readonly number[] | readonly (readonly number[])[];
  /** Examples `start` (included) to `end` (excluded): a tensor or an array per input. Tensors become the tracker's. */
  read(start: number, end: number): ChunkInputs | Promise<ChunkInputs>;
}

/** An array with the shape it stands for, as `readNpy` and `readIdx` give it: its values are taken as they are. */
export interface ShapedInput {
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
  readonly shape: readonly number[];
  /** Of the file that it was read from: taken, and not needed. */
  readonly dtype?: string;
}

/** One input of the model for all examples: a tensor `[size, ...]`, or an array with that shape. */
export type ProbeInput = tf.Tensor | ShapedInput;

/** What a chunk source gives for one stretch. */
export type ChunkInputs = tf.Tensor | ArrayLike<number> | readonly (tf.Tensor | ArrayLike<number>)[];

/** Everything a probe can be made of. */
export type ProbeInputs = ProbeInput | readonly ProbeInput[] | ChunkSource;
