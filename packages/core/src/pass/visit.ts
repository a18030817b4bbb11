import type * as tf from '@tensorflow/tfjs';
import type { LogitsOptions, ScorableModel } from '../model/model.js';
import type { ProbeOptions } from '../probe/probe.js';
import type { ChunkView, Requirements, ValuesOf } from '../resources/resource.js';
import type { Task, TaskKind } from '../task/task.js';
import type { Consumer, HostValue, VisitedChunk } from './consumer.js';
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

/**
 * Passes a model as it is now once over a probe, in chunks: each required resource is computed at most once a chunk,
 * `visit` reduces them on the device and `receive` gets the outcome on the host. What `collectResources` does for whole
 * resources; this one needs no more memory than a chunk.
 *
 * @throws VogError INPUT_SHAPE, LABEL_INVALID, LAYER_UNKNOWN, LOGITS_UNRESOLVED, and what `visit` and `receive` throw
 */
export async function visitResources<const R extends Requirements, Name extends string>(
  model: ScorableModel,
  probe: ProbeOptions,
  requires: R,
  visitor: ResourceVisitor<R, Name>,
  options: VisitOptions = {},
): Promise<void> {
  // The code of a pass is loaded when there is one to make.
  const { passOverResources } = await import('./visiting.js');
  await passOverResources(model, probe, requires, visitor, options);
}

/**
 * Passes a model as it is now once over a probe, for several consumers: what more than one of them requires is computed
 * once, and each is given its own values under its own names.
 *
 * @throws VogError as `visitResources`, and what a consumer's `failed` throws
 */
export async function visitProbe(
  model: ScorableModel,
  probe: ProbeOptions,
  consumers: readonly Consumer[],
  options: VisitOptions = {},
): Promise<void> {
  const { passOverProbe } = await import('./visiting.js');
  await passOverProbe(model, probe, consumers, options);
}
