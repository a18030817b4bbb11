import * as tf from '@tensorflow/tfjs';
import { anything, callable, checkOptions } from '@vogjs/base';
import {
  deviceTensorBytes,
  settleDevice,
  withMemoryMeter,
  keepBackendRepaired,
  leaveUnsetCpuBackend,
} from '@vogjs/backend';
import { tapeGradientEngine } from '../gradients/input-gradient.js';
import { type LogitsOptions, modelAdapter, type ScorableModel } from '../model/adapter.js';
import { checkInputShapes } from '../model/fit.js';
import { checkLabelRange } from '../probe/labels.js';
import type { ProbeOptions } from '../probe/probe.js';
import { checkRequirements } from '../resources/requirements.js';
import { refuseForTask } from '../task/refusals.js';
import { checkTaskKind } from '../task/resolve.js';
import type { Task, TaskKind } from '../task/task.js';
import { ChunkResolver, needsOf } from '../resources/resolver.js';
import type { ChunkView, Requirements, ValuesOf } from '../resources/resource.js';
import { checkedProbe, checkModelArgument, checkPassOptions } from './arguments.js';
import { largestWithin, TRIAL_EXAMPLES, WORKING_MEMORY } from './chunk-choice.js';
import { estimateChunkSize } from './chunks.js';
import { yieldToHost } from './clock.js';
import { consoleLogger } from './logger.js';

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
}

/** A value that has left the device: row-major. */
export interface HostValue {
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly shape: readonly number[];
}

/** Which stretch of the probe. */
export interface VisitedChunk {
  /** Index of the chunk's first example. */
  readonly start: number;
  readonly size: number;
  /** Number of examples in all. */
  readonly total: number;
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
  probeOptions: ProbeOptions,
  requires: R,
  visitor: ResourceVisitor<R, Name>,
  options: VisitOptions = {},
): Promise<void> {
  checkModelArgument('a pass over a probe', model);
  checkPassOptions('a pass over a probe', options, { task: anything, onTask: callable });
  checkRequirements('a pass over a probe', requires);
  checkOptions('a visitor', visitor, { visit: callable, receive: callable }, ['visit', 'receive']);
  const probe = checkedProbe('a probe', probeOptions);
  const estimate = estimateChunkSize(probe.inputShapes);
  const { chunkSize = Math.min(estimate, TRIAL_EXAMPLES), logits = {}, task, onTask } = options;
  checkTaskKind('a pass over a probe', task);
  await probe.prepare();
  await leaveUnsetCpuBackend((line) => consoleLogger.warn(line));
  const needs = needsOf([requires]);
  const bound = modelAdapter.bind(model, logits, needs.features, { task, labels: probe.given });
  let isSettled = false;
  const settle = (): void => {
    if (isSettled || bound.task === null || bound.task === undefined) return;
    onTask?.(bound.task);
    for (const [name, resource] of Object.entries(requires)) {
      refuseForTask('Resource', name, needsOf([{ resource }]).tasks, bound.task);
    }
    probe.settle(bound.task);
    isSettled = true;
  };
  settle();
  checkInputShapes(probe.inputShapes, bound);
  let next = chunkSize;
  for (let start = 0, size = 0; start < probe.size; start += size) {
    size = Math.min(next, probe.size - start);
    const inputs = await probe.read(start, start + size);
    let visited: Record<string, tf.Tensor> = {};
    try {
      // The backend may have been switched while the last chunk was read.
      keepBackendRepaired();
      const section = (): Record<string, tf.Tensor> => {
        // A function tells its units, and with them how its labels are read, only when it runs.
        if (!isSettled && needs.forward && needs.labels) bound.forward(inputs);
        settle();
        const labels = probe.labels?.subarray(start, start + size) ?? null;
        const rows = probe.rows(start, start + size);
        const resolver = new ChunkResolver(bound, tapeGradientEngine, needs, { inputs, labels, rows, start, size });
        if (labels !== null && needs.forward && needs.labels) checkLabelRange(labels, resolver.classes, 'the model');
        const values = resolver.resolve(requires) as ValuesOf<R>;
        settle();
        // The clone is what may be disposed: a visitor may give an input, or one tensor under two names.
        const given = Object.entries<tf.Tensor>(visitor.visit(values, resolver));
        return Object.fromEntries(given.map(([name, tensor]) => [name, tf.clone(tensor)]));
      };
      const { result, footprint } = withMemoryMeter(() => tf.tidy(section));
      visited = result;
      if (start === 0 && options.chunkSize === undefined) {
        const limits = { estimate, workingMemory: WORKING_MEMORY, tensorBytes: deviceTensorBytes() };
        next = footprint === null ? estimate : largestWithin(footprint, size, limits);
      }
      const onHost = await Promise.all(
        Object.entries(visited).map(async ([name, tensor]) => {
          const data = (await tensor.data()) as HostValue['data'];
          return [name, { data, shape: tensor.shape }] as const;
        }),
      );
      visitor.receive(Object.fromEntries<HostValue>(onHost) as Record<Name, HostValue>, {
        start,
        size,
        total: probe.size,
      });
    } finally {
      tf.dispose([inputs, visited]);
    }
    await yieldToHost();
  }
  await settleDevice('while resources were read');
}
