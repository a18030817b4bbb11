import type * as tf from '@tensorflow/tfjs';
import { anything, callable, checkOptions } from '@vogjs/base';
import { deviceTensorBytes, leaveUnsetCpuBackend, prepareBackend, settleDevice } from '@vogjs/backend';
import { tapeGradientEngine } from '../gradients/input-gradient.js';
import { checkLabelRange } from '../labels/labels.js';
import { modelAdapter } from '../model/adapter.js';
import { checkInputShapes } from '../model/fit.js';
import type { BoundModel, LogitsOptions, ScorableModel } from '../model/model.js';
import type { Probe, ProbeOptions } from '../probe/probe.js';
import { needsOf } from '../resources/needs.js';
import { checkRequirements } from '../resources/requirements.js';
import type { ChunkView, Requirements, ValuesOf } from '../resources/resource.js';
import { refuseForTask } from '../task/refusals.js';
import { checkTaskKind } from '../task/resolve.js';
import type { Task, TaskKind } from '../task/task.js';
import { checkedProbe, checkModelArgument, checkPassOptions } from './arguments.js';
import { largestWithin, TRIAL_EXAMPLES, WORKING_MEMORY } from './chunk-choice.js';
import { type Chunk, estimateChunkSize } from './chunks.js';
import { monotonicClock } from './clock.js';
import type { Consumer, HostValue, VisitedChunk } from './consumer.js';
import { examplesOf } from './examples.js';
import { consoleLogger } from './logger.js';
import { passOver, type PassServices } from './pass-over.js';
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
  checkModelArgument(WHERE, model);
  checkVisitOptions(options);
  checkRequirements(WHERE, requires);
  checkOptions('a visitor', visitor, { visit: callable, receive: callable }, ['visit', 'receive']);
  // The resolver gives exactly the values of `requires`; the type system cannot see through the string map.
  await visitProbe(model, probe, [{ requires, ...(visitor as unknown as Omit<Consumer, 'requires'>) }], options);
}

const WHERE = 'a pass over a probe';

/**
 * Passes a model as it is now once over a probe, for several consumers: what more than one of them requires is computed
 * once, and each is given its own values under its own names.
 *
 * @throws VogError as `visitResources`, and what a consumer's `failed` throws
 */
export async function visitProbe(
  model: ScorableModel,
  probeOptions: ProbeOptions,
  consumers: readonly Consumer[],
  options: VisitOptions = {},
): Promise<void> {
  checkModelArgument(WHERE, model);
  checkVisitOptions(options);
  for (const { requires } of consumers) checkRequirements(WHERE, requires);
  const probe = checkedProbe('a probe', probeOptions);
  const { logits = {}, task, provide = {}, onProgress } = options;
  checkTaskKind(WHERE, task);
  await probe.prepare();
  await leaveUnsetCpuBackend((line) => (provide.logger ?? consoleLogger).warn(line));
  await prepareBackend();
  const { features } = needsOf(consumers.map(({ requires }) => requires));
  const adapter = provide.modelAdapter ?? modelAdapter;
  const bound = adapter.bind(model, logits, features, { task, labels: probe.given });
  const settling = settlingTask(bound, probe, consumers, options);
  checkInputShapes(probe.inputShapes, bound);
  const sizes = new ChunkSizes(probe, options.chunkSize);
  const clock = provide.clock ?? monotonicClock;
  const started = clock.now();
  const progress: Consumer = {
    requires: {},
    visit() {},
    receive: (_, { start, size, total }) =>
      onProgress?.({ done: start + size, total, milliseconds: clock.now() - started }),
  };
  await passOver(bound, examplesOf(probe, sizes.chunks()), [settling, ...consumers, progress], {
    gradientEngine: provide.gradientEngine ?? tapeGradientEngine,
    ...sizes.services,
  });
  await settleDevice('while resources were read');
}

function checkVisitOptions(options: VisitOptions): void {
  checkPassOptions(WHERE, options, { task: anything, onTask: callable });
}

/** The first consumer: learns the task, refuses what means nothing for it, and reads the labels by it. */
function settlingTask(
  bound: BoundModel,
  probe: Probe,
  consumers: readonly Consumer[],
  { onTask }: VisitOptions,
): Consumer {
  const all = consumers.map(({ requires }) => requires);
  const needs = needsOf(all);
  let isSettled = false;
  const settle = (): void => {
    if (isSettled || bound.task === null || bound.task === undefined) return;
    onTask?.(bound.task);
    for (const [name, resource] of all.flatMap(Object.entries)) {
      refuseForTask('Resource', name, needsOf([{ resource }]).tasks, bound.task);
    }
    probe.settle(bound.task);
    isSettled = true;
  };
  settle();
  return {
    requires: {},
    visit(_, chunk) {
      if (!needs.forward) return;
      // A function tells its units, and with them how its labels are read, only when it runs.
      if (!isSettled && needs.labels) chunk.logitsAt(chunk.inputs);
      else if (!isSettled) void chunk.task;
      settle();
      if (needs.labels && chunk.labels !== null) checkLabelRange(chunk.labels, chunk.classes, 'the model');
    },
  };
}

/** Cuts a probe into chunks as it is passed over: the first tells what the others may be. */
class ChunkSizes {
  private readonly estimate: number;
  private next: number;

  constructor(
    private readonly probe: Probe,
    private readonly given: number | undefined,
  ) {
    this.estimate = estimateChunkSize(probe.inputShapes);
    this.next = given ?? Math.min(this.estimate, TRIAL_EXAMPLES);
  }

  get services(): Omit<PassServices, 'gradientEngine'> {
    if (this.given !== undefined) return {};
    const limits = { estimate: this.estimate, workingMemory: WORKING_MEMORY, tensorBytes: deviceTensorBytes() };
    const first = Math.min(this.next, this.probe.size);
    return {
      onFootprint: (footprint) => {
        this.next = footprint === null ? this.estimate : largestWithin(footprint, first, limits);
      },
    };
  }

  *chunks(): Generator<Chunk> {
    for (let index = 0, start = 0, size = 0; start < this.probe.size; index++, start += size) {
      size = Math.min(this.next, this.probe.size - start);
      yield { index, start, size };
    }
  }
}
