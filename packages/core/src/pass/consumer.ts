import type * as tf from '@tensorflow/tfjs';
import type { ChunkView, Requirements, ResourceValue } from '../resources/resource.js';

/** A value that has left the device: row-major. */
export interface HostValue {
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly shape: readonly number[];
}

/** Which stretch of the probe. */
export interface VisitedChunk {
  /** Index of the chunk in the pass. */
  readonly index: number;
  /** Index of the chunk's first example. */
  readonly start: number;
  readonly size: number;
  /** Number of examples in all. */
  readonly total: number;
}

/** One chunk as a consumer sees it. */
export interface PassChunk extends ChunkView {
  readonly index: number;
  /** Logits and input gradients that the chunk's passes have given so far; null before any forward pass. */
  readonly taken: { readonly logits: tf.Tensor2D; readonly gradients: ReadonlyMap<string, tf.Tensor> } | null;
}

/** What a consumer's turn, or a resource that it wanted, threw. */
export interface TurnFailure {
  readonly error: unknown;
  /** `'requires'`: a resource threw; `'visit'`: the consumer did. */
  readonly hook: 'requires' | 'visit';
  /** Name of the resource that threw. */
  readonly resource: string | null;
  /** Names of all consumers that wanted it. */
  readonly wantedBy: readonly string[];
}

/** Something that takes a turn at each chunk of a pass: a metric's update, a detector, a collection of values. */
export interface Consumer {
  /** Its plugin's name, for errors. */
  readonly name?: string;
  /** The resources it is given, by names of its own. */
  readonly requires: Requirements;
  /** Inside the chunk's synchronous `tf.tidy`: gives what should leave the device, of any shape, or nothing. */
  visit(values: Readonly<Record<string, ResourceValue>>, chunk: PassChunk): Readonly<Record<string, tf.Tensor>> | void;
  /** Gets it on the host, after every consumer's turn at the chunk and before the next chunk. */
  receive?(values: Readonly<Record<string, HostValue>>, chunk: VisitedChunk): void | Promise<void>;
  /**
   * Told what its turn or its resources threw. Throws what is to end the pass; when it returns, the pass goes on without
   * this consumer. Without it the error itself ends the pass. A model that fails ends the pass for everybody.
   */
  failed?(failure: TurnFailure): void;
}
