import type * as tf from '@tensorflow/tfjs';
import type { LogitsOptions } from '../model/model.js';
import type { ChunkView, Requirements, ValuesOf } from '../resources/resource.js';
import type { Task, TaskKind } from '../task/task.js';
import type { HostValue, VisitedChunk } from './consumer.js';
import type { ProvidedForPass } from './provided.js';

/** How a model is passed over a probe. */
export interface VisitOptions {
  /**
   * Examples per pass. By default from the input's shape, and fewer where the first few examples tell that a pass of so
   * many would take more than 2 ** 30 bytes.
   */
  readonly chunkSize?: number;
  /** Where the model's logits are, when that cannot be read off it. */
  readonly logits?: LogitsOptions;
  /** What the model trains for; by default read off its head, its compiled loss and the labels together. */
  readonly task?: TaskKind;
  /** Refuses, before anything of the task is computed, what has no meaning for it. */
  readonly onTask?: (task: Task) => void;
  /**
   * Whether chunks are recorded and run as sessions on native TensorFlow, which is faster. Default true; false computes
   * one operation at a time.
   */
  readonly recorded?: boolean;
  /** Told after each chunk how far the pass is; what it throws ends the pass. */
  readonly onProgress?: (progress: PassProgress) => void;
  /** Replacements for parts of the engine. */
  readonly provide?: ProvidedForPass;
}

/** How far a pass over a probe is. */
export interface PassProgress {
  /** Examples done and in all. */
  readonly done: number;
  readonly total: number;
  /** Since the pass began. */
  readonly milliseconds: number;
}

/** What is done with each chunk. */
export interface ResourceVisitor<R extends Requirements, Name extends string> {
  /** Inside the chunk's synchronous `tf.tidy`: gives what should leave the device, of any shape. */
  readonly visit: (values: ValuesOf<R>, chunk: ChunkView) => Readonly<Record<Name, tf.Tensor>>;
  /** Gets it on the host, one chunk after the other, before the next one is visited. */
  readonly receive: (values: Readonly<Record<Name, HostValue>>, chunk: VisitedChunk) => void;
}

/** A resource of all examples, on the host. */
export interface Collected {
  /** Row-major, the examples in the probe's order. */
  readonly data: Float32Array | Int32Array;
  /** `[N, ...]` */
  readonly shape: readonly number[];
}
